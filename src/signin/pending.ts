import { type Db, now, type Trx } from '../ground/database.ts';
import { digest } from '../ground/secrets.ts';
import type { User } from '../users/user.ts';

/** A sign-in whose password was right and whose second step is awaited. */
export type Pending = { userId: number; passwordDigest: Buffer; tries: number };

const minutes = 5;

/** So many codes may be tried before the password is asked for again. */
export const mostCodes = 5;

/** Waits for the second step of a user whose password was right: five minutes, in the browser whose session has the id `sid`. */
export async function awaitSecondStep(trx: Trx, user: User, sid: string): Promise<void> {
  await trx('pendingSignIns').insert({
    sidHash: digest(sid),
    userId: user.id,
    passwordDigest: passwordDigest(user),
    expiresAt: trx.raw('now() + make_interval(mins => ?)', [minutes]),
  });
}

/** Whether the password by which the sign-in began is still the password. */
export const isStillRight = (pending: Pending, user: User) => pending.passwordDigest.equals(passwordDigest(user));

const passwordDigest = ({ passwordHash }: User) => digest(passwordHash ?? '');

/** The sign-in that waits in this browser, or null. */
export async function pendingOrNull(db: Db, sid: string): Promise<Pending | null> {
  const pending = await waiting(db, sid).first();
  return pending ?? null;
}

/** The same, one try taken: of many at once each gets its own number. Null, too, when its tries are used up. */
export async function takePendingTry(db: Db, sid: string): Promise<Pending | null> {
  const [pending] = await waiting(db, sid).where('tries', '<', mostCodes).increment('tries').returning('*');
  return pending ?? null;
}

const waiting = (db: Db, sid: string) =>
  db('pendingSignIns')
    .where({ sidHash: digest(sid) })
    .where('expiresAt', '>', now(db));

/** The sign-in has come to its end, or is given up. */
export async function dropPending(db: Db, sid: string): Promise<void> {
  await db('pendingSignIns')
    .where({ sidHash: digest(sid) })
    .delete();
}

/** Clears away what nobody has finished. */
export async function prunePending(db: Db): Promise<void> {
  await db('pendingSignIns').where('expiresAt', '<', now(db)).delete();
}
