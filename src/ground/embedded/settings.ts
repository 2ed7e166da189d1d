import fs from 'node:fs';
import os from 'node:os';

const mebibyte = 1024 * 1024;
/** One parallel query may fill this much of /dev/shm; a container's default is 64 MB. */
const parallelQueryBytes = 256 * mebibyte;

/** The words of the server's command line. `-D data` stands first: by it a running server is known again. */
export function serverArguments(
  { data, socketFolder }: { data: string; socketFolder: string },
  settings: Record<string, string>,
): string[] {
  const all = { ...serverSettings(), unix_socket_directories: socketFolder, ...settings };
  return ['-D', data, '-p', '5432', ...Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`])];
}

/**
 * An eighth of the machine. Postgres takes it only as pages are read; what does not fit in is read from the system's cache by a
 * call for each page, which makes a search over a million accounts several times slower.
 */
function sharedBuffersMebibytes(totalBytes: number): number {
  return Math.min(1024, Math.max(64, Math.floor(totalBytes / 8 / mebibyte)));
}

/** Fit for a small machine with up to a million accounts on a disk without moving parts. */
function serverSettings(): Record<string, string> {
  return {
    listen_addresses: '',
    max_connections: '60',
    shared_buffers: `${sharedBuffersMebibytes(os.totalmem())}MB`,
    work_mem: '16MB',
    maintenance_work_mem: '128MB',
    effective_cache_size: `${Math.floor(os.totalmem() / 2 / mebibyte)}MB`,
    random_page_cost: '1.1',
    max_wal_size: '2GB',
    jit: 'off',
    ...(hasRoomForParallelQueries() ? {} : { max_parallel_workers_per_gather: '0' }),
    // No personal data in the log: neither statements nor the values that an error's detail quotes.
    log_min_messages: 'warning',
    log_min_error_statement: 'panic',
    log_error_verbosity: 'terse',
    log_checkpoints: 'off',
  };
}

function hasRoomForParallelQueries(): boolean {
  try {
    const { blocks, bsize } = fs.statfsSync('/dev/shm');
    return blocks * bsize >= parallelQueryBytes;
  } catch {
    return true; // No such folder (macOS): nothing that limits.
  }
}
