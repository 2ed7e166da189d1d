import { type Db, isTaken, type Trx } from '../ground/database.ts';
import { Invalid } from '../ground/errors.ts';
import { type User, userColumns } from './user.ts';

const usernameTaken = 'This username is taken.';
export const emailTaken = 'Another user has this email address.';

/** Throws Invalid when the username or the address is taken; against races the unique indexes hold the line: see `asTaken`. */
export async function assertFree(
  trx: Trx,
  { username, email }: { username?: string; email?: string },
  exceptId = 0,
): Promise<void> {
  const problems: Record<string, string> = {};
  const namesake = username && (await trx('users').where({ username }).first('deletedAt'));
  if (namesake)
    problems.username = namesake.deletedAt ? 'A deleted user holds this username; purge that user to free it.' : usernameTaken;
  if (email && (await holderOf(trx, email, exceptId))) problems.email = emailTaken;
  if (Object.keys(problems).length > 0) throw new Invalid(problems);
}

/**
 * Throws Invalid when a username is anybody's, without a word on whose. Usernames are chosen in public: whether one is taken may be
 * told to whoever chooses one.
 */
export async function assertUsernameFree(db: Db, username: string): Promise<void> {
  if (await db('users').where({ username }).first('id')) throw new Invalid({ username: usernameTaken });
}

/** Those of these addresses, in small letters, that live users have. */
export async function holdersOf(db: Db, emails: string[]): Promise<Set<string>> {
  const small = emails.map((email) => email.toLowerCase());
  const taken = db('users').whereRaw('lower(email collate "C") = any(?)', [small]).where({ deletedAt: null });
  return new Set((await taken.pluck('email')).map((email) => email.toLowerCase()));
}

/** The live user who has this address, whatever its case. */
export async function holderOf(db: Db, email: string, exceptId = 0): Promise<User | undefined> {
  return db('users')
    .whereRaw('lower(email collate "C") = lower(? collate "C")', [email])
    .where({ deletedAt: null })
    .whereNot({ id: exceptId })
    .first(userColumns(db));
}

/** Says so in the same words; throws any other error as it is. */
export function asTaken(error: unknown): never {
  if (!isTaken(error)) throw error;
  const { constraint } = error as { constraint?: string };
  throw new Invalid(constraint === 'users_live_email' ? { email: emailTaken } : { username: usernameTaken });
}
