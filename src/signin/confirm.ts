import type { Actor } from '../access/actor.ts';
import type { Db, Trx } from '../ground/database.ts';
import { Invalid } from '../ground/errors.ts';
import { record } from '../history/record.ts';
import { type Showing, seePasskey, usePasskey } from '../passkeys/show.ts';
import { confirmSession } from '../sessions/sessions.ts';
import { readSettings } from '../settings/settings.ts';
import { useAppCode } from '../twofactor/codes.ts';
import { confirmKey, forgetAttempts, limitAttempts } from '../users/attempts.ts';
import { isPassword } from '../users/password.ts';
import { findUser, holdUser } from '../users/user.ts';

/** By what somebody shows to be still who it was: the password, a code of the authenticator app, or a passkey. */
export type OwnProof = { password: string } | { code: string; secrets: readonly [string, ...string[]] } | Showing;

/**
 * Proves that the person before the screen is still the actor: for ten minutes from now, under the new session id `sid`.
 * Throws Invalid with a word on `your_password` or `your_code` when it is wrong, TryLater after too many wrong ones, Refused
 * when the session was ended in between.
 */
export async function confirmActor(db: Db, actor: Actor, { proof, sid }: { proof: OwnProof; sid: string }): Promise<void> {
  if ('password' in proof) await assertOwnPassword(db, actor, proof);
  if ('code' in proof) await assertOwnCode(db, actor, proof);
  if ('credential' in proof) await assertOwnPasskey(db, actor, proof);
  await db.transaction(async (trx) => {
    await confirmSession(trx, actor, sid);
    await record(trx, actor, 'session.confirmed', actor);
  });
}

type Password = { password: string; field?: string };

/** Throws Invalid, with a word on `field`, unless this is the actor's own password; tries are limited as at sign-in. */
export async function assertOwnPassword(db: Db, actor: Actor, { password, field = 'your_password' }: Password): Promise<void> {
  await limitProofs(db, actor);
  const { passwordHash } = await findUser(db, actor.username);
  if (!(await isPassword(password, passwordHash)))
    throw new Invalid({ [field]: password ? 'This is not your password.' : 'Your own password is needed here.' });
  await forgetAttempts(db, confirmKey(actor.id));
}

async function assertOwnCode(
  db: Db,
  actor: Actor,
  { code, secrets }: { code: string; secrets: readonly [string, ...string[]] },
): Promise<void> {
  await limitProofs(db, actor);
  const isUsed = await held(db, actor, (trx) => useAppCode(trx, secrets, actor.id, code));
  if (!isUsed) throw new Invalid({ your_code: 'This is not the present code of your app, or it was used before.' });
  await forgetAttempts(db, confirmKey(actor.id));
}

async function assertOwnPasskey(db: Db, actor: Actor, showing: Showing): Promise<void> {
  const seen = await seePasskey(db, showing);
  const isUsed = seen?.passkey.userId === actor.id && (await held(db, actor, (trx) => usePasskey(trx, seen)));
  if (!isUsed) throw new Invalid({ '': 'That passkey did not work. Use your password instead.' });
}

/** Each code and each answer of a passkey counts once: of several at once with the account held. */
const held = <T>(db: Db, actor: Actor, use: (trx: Trx) => Promise<T>): Promise<T> =>
  db.transaction(async (trx) => {
    await holdUser(trx, actor.username);
    return use(trx);
  });

async function limitProofs(db: Db, actor: Actor): Promise<void> {
  const { lockFailures, lockMinutes } = await readSettings(db);
  const says = 'Too many wrong passwords or codes.';
  await limitAttempts(db, confirmKey(actor.id), { most: lockFailures, minutes: lockMinutes, says });
}
