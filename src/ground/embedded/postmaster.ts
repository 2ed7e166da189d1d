import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

export type Postmaster = { pid: number; socketFolder: string; isReady: boolean };

export type Listener = { pid: number; data: string };

/** The server that runs on this data folder, whoever started it; null when there is none. */
export function findPostmasterOrNull(data: string): Postmaster | null {
  const lines = readLock(lockOf(data));
  const pid = Number(lines[0]);
  if (!isPostmaster(pid, lines[1])) return null;
  return { pid, socketFolder: lines[4] ?? '', isReady: lines[7]?.trim() === 'ready' };
}

/**
 * Removes lock files that would fool Postgres: it takes any living pid for a server, also a zombie and a pid that was given
 * out again (a restarted container). Locks of dead pids it removes itself.
 */
export function dropFalseLocks(data: string, socketFolder: string): void {
  dropFalseLock(lockOf(data));
  dropFalseLock(socketLockOf(socketFolder));
}

/** The server that listens here, perhaps one whose data folder was deleted under it; null when there is none. */
export function findListenerOrNull(socketFolder: string): Listener | null {
  const [pid, data] = readLock(socketLockOf(socketFolder));
  return data && isPostmaster(Number(pid), data) ? { pid: Number(pid), data } : null;
}

/** Is this pid a living server, and not a zombie or somebody else who got the number of a server that ended? */
export function isPostmaster(pid: number, data: string | undefined): boolean {
  if (!(pid > 0) || !data || !isAlive(pid)) return false;
  try {
    return process.platform === 'linux' ? isPostmasterByProc(pid, data) : isPostmasterByPs(pid, data);
  } catch {
    return false; // It ended while we looked.
  }
}

function lockOf(data: string): string {
  return path.join(data, 'postmaster.pid');
}

function socketLockOf(socketFolder: string): string {
  return path.join(socketFolder, '.s.PGSQL.5432.lock');
}

function readLock(file: string): string[] {
  try {
    return fs.readFileSync(file, 'utf8').split('\n');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

function dropFalseLock(file: string): void {
  if (!isFalseLock(file)) return;
  const aside = `${file}.${process.pid}`;
  try {
    fs.renameSync(file, aside);
    // Between our look and the move a sibling may have started a server: then this is its lock, and goes back.
    if (isFalseLock(aside)) fs.rmSync(aside);
    else fs.renameSync(aside, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error; // Else a sibling was first.
  }
}

function isFalseLock(file: string): boolean {
  const [pid, data] = readLock(file);
  if (pid === undefined) return false;
  if (pid === '') return Date.now() - fs.statSync(file).mtimeMs > 2000; // Empty: a full disk, or just being written.
  return isAlive(Number(pid)) && !isPostmaster(Number(pid), data);
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

function isPostmasterByProc(pid: number, data: string): boolean {
  const isZombie = /^State:\s+Z/m.test(fs.readFileSync(`/proc/${pid}/status`, 'utf8'));
  const [program = '', ...words] = fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  return !isZombie && path.basename(program) === 'postgres' && words.includes(data);
}

function isPostmasterByPs(pid: number, data: string): boolean {
  const command = execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' });
  return command.includes(`postgres -D ${data} `);
}
