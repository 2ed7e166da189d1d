import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { CannotStart } from './failure.ts';
import { mayWalkTo, type ServerUser, unprivilegedUser } from './user.ts';

export type Place = {
  /** Holds the cluster, the server's log and, where needed, a private copy of the programs. */
  folder: string;
  /** Postgres's files and the passwords: made beside it, then moved here in one step. */
  cluster: string;
  data: string;
  /** Who runs the server; undefined: the user that we are. */
  user: ServerUser | undefined;
};

const folderForRoot = '/var/lib/roster';

/** Finds where the database of `wanted` lives. As root that may be aside, where the server's user can walk. */
export function findPlace(wanted: string): Place {
  fs.mkdirSync(wanted, { recursive: true });
  const folder = fs.realpathSync(wanted); // One folder, one name: a postmaster is known by its path.
  if (process.getuid?.() !== 0) return placeIn(folder, ownUser(folder));
  const aside = path.join(folderForRoot, shortHash(folder));
  // What was made once stays where it is, even if the permissions above it change later.
  const known = [folder, aside].find((candidate) => fs.existsSync(path.join(candidate, 'cluster')));
  if (known) return placeIn(known, walkingUser(known, ownerOf(known)));
  const user = unprivilegedUser();
  if (fs.readdirSync(folder).length === 0) fs.chmodSync(folder, fs.statSync(folder).mode | 0o011); // Empty: nothing is laid open.
  if (mayWalkTo(folder, user)) return placeIn(folder, user);
  makeWalkable(aside);
  return placeIn(aside, walkingUser(aside, user));
}

export function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}

function placeIn(folder: string, user: ServerUser | undefined): Place {
  const cluster = path.join(folder, 'cluster');
  return { folder, cluster, data: path.join(cluster, 'pgdata'), user };
}

function ownUser(folder: string): undefined {
  const cluster = fs.statSync(path.join(folder, 'cluster'), { throwIfNoEntry: false });
  if (!cluster || cluster.uid === process.getuid?.()) return;
  throw new CannotStart(
    `The embedded database in ${folder} belongs to another user (uid ${cluster.uid}): start as that user, or set DATA_DIR.`,
  );
}

function ownerOf(folder: string): ServerUser {
  const { uid, gid } = fs.statSync(path.join(folder, 'cluster', 'pgdata'));
  return { uid, gid };
}

function walkingUser(folder: string, user: ServerUser): ServerUser {
  if (mayWalkTo(folder, user)) return user;
  throw new CannotStart(
    `The embedded database in ${folder} runs as uid ${user.uid}, who may no longer walk there: give the folders above it o+x.`,
  );
}

function makeWalkable(folder: string): void {
  fs.mkdirSync(folder, { recursive: true });
  for (const made of [path.dirname(folder), folder]) fs.chmodSync(made, 0o755); // Whatever root's umask says.
}
