import type { Actor } from '../access/actor.ts';
import { assertCan, assertConfirmed } from '../access/can.ts';
import { clock, type Db, now } from '../ground/database.ts';
import { Invalid, Refused } from '../ground/errors.ts';
import { seal } from '../ground/secrets.ts';
import { record } from '../history/record.ts';
import { enqueueLetter } from '../mail/letters.ts';
import { endSessions } from '../sessions/sessions.ts';
import { holdUser } from '../users/user.ts';
import { stepOf } from './authenticator.ts';
import { makeRecoveryCodes } from './recovery.ts';
import { assertMayBeWithout, readSecondFactor, settleTwoFactor } from './twofactor.ts';

/** The secret that an app has taken in, and the code by which it shows that it has. */
export type NewApp = { secret: string; code: string; secrets: readonly [string, ...string[]] };

/**
 * Sets up the actor's authenticator app, in place of one of before. The first second factor of an account ends every other session
 * and brings recovery codes, which are returned and shown once; else null. Throws Invalid with a word on `code` when it is not the
 * present one of the secret, Refused without a fresh proof of identity.
 */
export async function setUpApp(db: Db, actor: Actor, { secret, code, secrets }: NewApp): Promise<string[] | null> {
  assertCan(actor, 'change own two-factor');
  assertConfirmed(actor);
  return db.transaction(async (trx) => {
    const user = await holdUser(trx, actor.username);
    const lastStep = stepOf(secret, code, await clock(trx));
    if (lastStep === null) throw new Invalid({ code: wrongCode(code) });
    const before = await readSecondFactor(trx, user.id);
    const app = { userId: user.id, sealedSecret: seal(secrets[0], secret), lastStep, addedAt: now(trx) };
    await trx('authenticators').insert(app).onConflict('userId').merge();
    await settleTwoFactor(trx, user.id);
    if (before.since) {
      await record(trx, actor, 'account.app-changed', user);
      await enqueueLetter(trx, { kind: 'app-changed', user });
      return null;
    }
    await endSessions(trx, user.id, actor.sessionId);
    await record(trx, actor, 'account.two-factor-on', user);
    await enqueueLetter(trx, { kind: 'two-factor-on', user });
    return makeRecoveryCodes(trx, user.id);
  });
}

const wrongCode = (code: string) =>
  code
    ? 'This is not the code that the app shows now. Check that the clock of its device is right.'
    : 'The code that the app shows is needed here.';

/**
 * Takes the actor's authenticator app away; without passkeys two-factor is off then. Throws Refused when there is no app, when an
 * administrator would be left without a second factor that this console requires, and without a fresh proof of identity.
 */
export async function removeApp(db: Db, actor: Actor): Promise<void> {
  assertCan(actor, 'change own two-factor');
  assertConfirmed(actor);
  await db.transaction(async (trx) => {
    const user = await holdUser(trx, actor.username);
    const removed = await trx('authenticators').where({ userId: user.id }).delete();
    if (removed === 0) throw new Refused('There is no authenticator app to remove.');
    const since = await settleTwoFactor(trx, user.id);
    if (!since) await assertMayBeWithout(trx, user);
    await record(trx, actor, since ? 'account.app-changed' : 'account.two-factor-off', user);
    await enqueueLetter(trx, { kind: since ? 'app-changed' : 'two-factor-off', user });
  });
}

/** Makes new recovery codes for the actor, which are shown once; the old ones work no more. Throws Refused without two-factor. */
export async function renewCodes(db: Db, actor: Actor): Promise<string[]> {
  assertCan(actor, 'change own two-factor');
  assertConfirmed(actor);
  return db.transaction(async (trx) => {
    const user = await holdUser(trx, actor.username);
    if (!user.twoFactorSince) throw new Refused('Recovery codes come with two-factor, which is off.');
    await record(trx, actor, 'account.recovery-codes-made', user);
    await enqueueLetter(trx, { kind: 'recovery-codes-made', user });
    return makeRecoveryCodes(trx, user.id);
  });
}
