import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { type Place, shortHash } from './place.ts';
import { findListenerOrNull } from './postmaster.ts';
import { mayWalkTo } from './user.ts';

// A socket's whole path may have 103 bytes (macOS; Linux 107); 41 of them are the names that we add.
const longestParent = 62;

/**
 * Makes the private folder of the server's socket. It keeps its name over restarts, so that the pools of other processes find
 * a new server again; when that name is taken, it gets one that cannot be foreseen.
 */
export function makeSocketFolder(place: Place, parent: string = temporaryFolder(place)): string {
  const usual = path.join(parent, `roster-${shortHash(place.folder)}`);
  const folder = mayTake(usual, place) ? usual : fs.mkdtempSync(`${usual}-`);
  if (place.user) fs.lchownSync(folder, place.user.uid, place.user.gid);
  return folder;
}

/** Removes the folder of a server that has ended; a folder that is in use again stays. */
export function removeSocketFolder(folder: string): void {
  try {
    fs.rmdirSync(folder);
  } catch {
    // Not empty or gone: both are well.
  }
}

function temporaryFolder(place: Place): string {
  const usual = fs.realpathSync(os.tmpdir());
  const isShort = Buffer.byteLength(usual) <= longestParent;
  return isShort && (!place.user || mayWalkTo(usual, place.user)) ? usual : fs.realpathSync('/tmp');
}

function mayTake(folder: string, place: Place): boolean {
  try {
    fs.mkdirSync(folder, { mode: 0o700 });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const found = fs.lstatSync(folder);
  const isOurs = found.uid === process.getuid?.() || found.uid === place.user?.uid;
  return found.isDirectory() && isOurs && (found.mode & 0o077) === 0 && !findListenerOrNull(folder);
}
