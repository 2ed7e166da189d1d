import fs from 'node:fs';
import path from 'node:path';
import { CannotStart } from './failure.ts';

export type ServerUser = { uid: number; gid: number };

/** The user who runs the server when we are root, whom Postgres refuses. */
export function unprivilegedUser(users: string = fs.readFileSync('/etc/passwd', 'utf8')): ServerUser {
  const rows = users.split('\n').map((line) => line.split(':'));
  for (const name of ['postgres', '_postgres', 'nobody']) {
    const row = rows.find(([first]) => first === name);
    if (row) return { uid: Number(row[2]), gid: Number(row[3]) };
  }
  throw new CannotStart(
    'The embedded database cannot run as root, and there is no user "postgres" or "nobody": start as an ordinary user, or set DATABASE_URL.',
  );
}

/** May this user enter (for a file: run) everything on the way to `target`? What is not there yet counts as open. */
export function mayWalkTo(target: string, user: ServerUser): boolean {
  const found = fs.statSync(target, { throwIfNoEntry: false });
  if (found) {
    const bit = found.uid === user.uid ? 0o100 : found.gid === user.gid ? 0o010 : 0o001;
    if (!(found.mode & bit)) return false;
  }
  const above = path.dirname(target);
  return above === target || mayWalkTo(above, user);
}
