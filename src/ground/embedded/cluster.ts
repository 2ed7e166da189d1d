import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { explainProgram } from './failure.ts';
import type { Place } from './place.ts';
import type { Programs } from './programs.ts';

const run = promisify(execFile);

export type Passwords = { owner: string; serving: string };

/** A server's surroundings: nothing of ours, so no secret in our environment and no PG… variable reaches it. */
export const serverEnvironment = { PATH: process.env.PATH ?? '', LC_ALL: 'C', TZ: 'UTC' };

/** Makes the database cluster when there is none. Several processes may try at once: the first to finish wins. */
export async function createCluster(place: Place, programs: Programs, isDurable = true): Promise<void> {
  if (fs.existsSync(place.cluster)) return;
  const draft = fs.mkdtempSync(`${place.cluster}.`);
  try {
    const files = writePasswords(draft, place);
    await initialize(programs, place, [...files, ...(isDurable ? [] : ['--no-sync'])]);
    fs.rmSync(path.join(draft, 'password'));
    fs.renameSync(draft, place.cluster);
  } catch (error) {
    if (!fs.existsSync(place.cluster)) throw error; // Else a sibling was first.
  } finally {
    fs.rmSync(draft, { recursive: true, force: true });
  }
}

export function readPasswords(place: Place): Passwords {
  const read = (name: string) => fs.readFileSync(path.join(place.cluster, name), 'utf8').trim();
  return { owner: read('secret'), serving: read('secret-web') };
}

/** Fills the draft with all but the data, and says in initdb's words where that goes. */
function writePasswords(draft: string, place: Place): string[] {
  const data = path.join(draft, 'pgdata');
  const passwordFile = path.join(draft, 'password'); // Read by the server's user, so apart from our own copy.
  const password = newPassword();
  fs.chmodSync(draft, place.user ? 0o711 : 0o700); // The server's user only passes through.
  fs.mkdirSync(data, { mode: 0o700 });
  fs.writeFileSync(path.join(draft, 'secret'), password, { mode: 0o600 });
  fs.writeFileSync(path.join(draft, 'secret-web'), newPassword(), { mode: 0o600 });
  fs.writeFileSync(passwordFile, password, { mode: 0o600 });
  if (place.user) for (const file of [data, passwordFile]) fs.chownSync(file, place.user.uid, place.user.gid);
  return ['-D', data, `--pwfile=${passwordFile}`];
}

function newPassword(): string {
  return `${randomBytes(24).toString('base64url')}\n`;
}

async function initialize(programs: Programs, place: Place, options: string[]): Promise<void> {
  const roles = ['-U', 'roster', '--auth=scram-sha-256', '--no-instructions'];
  const locale = ['-E', 'UTF8', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C'];
  try {
    await run(programs.initdb, [...options, ...roles, ...locale], { ...place.user, cwd: '/', env: serverEnvironment });
  } catch (error) {
    throw explainProgram(error as NodeJS.ErrnoException, programs.initdb);
  }
}
