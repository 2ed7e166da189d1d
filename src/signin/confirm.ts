import type { Actor } from '../access/actor.ts';
import type { Db } from '../ground/database.ts';
import { Invalid } from '../ground/errors.ts';
import { record } from '../history/record.ts';
import { confirmSession } from '../sessions/sessions.ts';
import { readSettings } from '../settings/settings.ts';
import { confirmKey, forgetAttempts, limitAttempts } from '../users/attempts.ts';
import { isPassword } from '../users/password.ts';
import { findUser } from '../users/user.ts';

/**
 * Proves that the person before the screen is still the actor: for ten minutes from now, under the new session id `sid`.
 * Throws Invalid with a word on `your_password` when the password is wrong, TryLater after too many wrong ones, Refused
 * when the session was ended in between.
 */
export async function confirmActor(db: Db, actor: Actor, { password, sid }: { password: string; sid: string }): Promise<void> {
  await assertOwnPassword(db, actor, { password });
  await db.transaction(async (trx) => {
    await confirmSession(trx, actor, sid);
    await record(trx, actor, 'session.confirmed', actor);
  });
}

type Proof = { password: string; field?: string };

/** Throws Invalid, with a word on `field`, unless this is the actor's own password; tries are limited as at sign-in. */
export async function assertOwnPassword(db: Db, actor: Actor, { password, field = 'your_password' }: Proof): Promise<void> {
  const { lockFailures, lockMinutes } = await readSettings(db);
  const key = confirmKey(actor.id);
  await limitAttempts(db, key, { most: lockFailures, minutes: lockMinutes, says: 'Too many wrong passwords.' });
  const { passwordHash } = await findUser(db, actor.username);
  if (!(await isPassword(password, passwordHash)))
    throw new Invalid({ [field]: password ? 'This is not your password.' : 'Your own password is needed here.' });
  await forgetAttempts(db, key);
}
