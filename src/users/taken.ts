import type { Db, Trx } from '../ground/database.ts';
import { Invalid } from '../ground/errors.ts';

const usernameTaken = 'This username is taken.';
const emailTaken = 'Another user has this email address.';

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

/** The live user with this address, whatever its case. */
export async function holderOf(db: Db, email: string, exceptId = 0): Promise<{ id: number; username: string } | undefined> {
  return db('users')
    .whereRaw('lower(email collate "C") = lower(? collate "C")', [email])
    .where({ deletedAt: null })
    .whereNot({ id: exceptId })
    .first('id', 'username');
}

/** Says in the same words what the unique indexes refuse when somebody was faster; throws any other error as it is. */
export function asTaken(error: unknown): never {
  const { code, constraint } = error as { code?: string; constraint?: string };
  if (code !== '23505') throw error;
  throw new Invalid(constraint === 'users_live_email' ? { email: emailTaken } : { username: usernameTaken });
}
