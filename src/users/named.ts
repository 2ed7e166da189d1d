import type { Db } from '../ground/database.ts';
import { lineIn } from '../ground/fields.ts';
import { type User, userColumns } from './user.ts';

/** True for what is meant as an email address rather than a username. */
export const isAddress = (identifier: string) => identifier.includes('@');

/** The live user of a username or an email address, as typed; names and addresses are compared in one form. */
export async function userNamedOrNull(db: Db, identifier: string): Promise<User | null> {
  const typed = identifier.trim().toLowerCase();
  const query = db('users').where({ deletedAt: null });
  if (isAddress(typed)) query.whereRaw('lower(email collate "C") = lower(? collate "C")', [typed]);
  else query.where({ username: typed });
  return (await query.first(userColumns(db))) ?? null;
}

/** The username that an address says, null where it says none. */
export function usernameIn(value: unknown): string | null {
  const typed = lineIn(value, 100);
  return /^[a-z0-9-]{2,36}$/.test(typed) ? typed : null;
}
