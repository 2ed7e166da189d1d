import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { serverEnvironment } from './cluster.ts';
import { explainProgram } from './failure.ts';
import type { Place } from './place.ts';
import { dropFalseLocks, findPostmasterOrNull } from './postmaster.ts';
import type { Programs } from './programs.ts';
import { serverArguments } from './settings.ts';
import { makeSocketFolder, removeSocketFolder } from './sockets.ts';

const longestLogBytes = 5 * 1024 * 1024;

/** One try to start a server. */
export type Launch = {
  hasEnded(): boolean;
  /** The server's last words, for when it has ended. */
  complaint(): string;
};

/** Starts a server that outlives us: in a session of its own (Ctrl-C misses it), writing to a file instead of our pipe. */
export function launch(place: Place, programs: Programs, settings: Record<string, string>): Launch {
  const socketFolder = makeSocketFolder(place);
  dropFalseLocks(place.data, socketFolder);
  const log = openLog(place);
  const child = spawn(programs.postgres, serverArguments({ data: place.data, socketFolder }, settings), {
    ...place.user,
    cwd: '/',
    env: serverEnvironment,
    detached: true,
    stdio: ['ignore', log.descriptor, log.descriptor],
  });
  fs.closeSync(log.descriptor);
  child.unref();
  child.once('exit', () => {
    // A sibling's server that was a moment faster is about to listen there.
    if (!findPostmasterOrNull(place.data)) removeSocketFolder(socketFolder);
  });
  let failure = '';
  child.once('error', (error) => {
    failure = explainProgram(error, programs.postgres).message;
  });
  return {
    hasEnded: () => failure !== '' || child.exitCode !== null || child.signalCode !== null,
    complaint: () => failure || lastWords(log, child.pid),
  };
}

type Log = { file: string; descriptor: number; start: number };

function openLog(place: Place): Log {
  const file = path.join(place.folder, 'postgres.log');
  const size = fs.statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  if (size > longestLogBytes) fs.renameSync(file, `${file}.1`);
  const descriptor = fs.openSync(file, 'a', 0o600);
  if (place.user) fs.fchownSync(descriptor, place.user.uid, place.user.gid);
  return { file, descriptor, start: size > longestLogBytes ? 0 : size };
}

/** What this launch wrote: several processes that start at once share the file. */
function lastWords(log: Log, pid: number | undefined): string {
  const lines = fs.readFileSync(log.file).subarray(log.start).toString().trim().split('\n');
  const own = lines.filter((line) => line.includes(`[${pid}] FATAL`) || line.includes(`[${pid}] PANIC`));
  return `${own.at(-1) ?? lines.at(-1) ?? ''} (see ${log.file})`;
}
