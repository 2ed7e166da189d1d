import type { Doer } from '../access/actor.ts';
import { assertCan, assertConfirmed } from '../access/can.ts';
import type { Db } from '../ground/database.ts';
import { Refused } from '../ground/errors.ts';
import { record } from '../history/record.ts';
import { enqueueLetter } from '../mail/letters.ts';
import { endSessions } from '../sessions/sessions.ts';
import { assertLive, holdUser, type User } from '../users/user.ts';
import { readSecondFactor, settleTwoFactor } from './twofactor.ts';

/**
 * Takes away everything that a user has set up as second factor (app, passkeys, recovery codes) and ends all sessions: from then
 * on the password alone lets in. For users who have lost theirs. Throws Refused upon oneself, where two-factor is off, and without
 * a fresh proof of identity.
 */
export async function resetTwoFactor(db: Db, by: Doer, username: string): Promise<User> {
  assertConfirmed(by);
  return db.transaction(async (trx) => {
    const user = await holdUser(trx, username);
    assertTwoFactorResettable(by, user);
    const { appSince, passkeys } = await readSecondFactor(trx, user.id);
    for (const table of ['authenticators', 'passkeys', 'pendingSignIns']) await trx(table).where({ userId: user.id }).delete();
    await settleTwoFactor(trx, user.id);
    await endSessions(trx, user.id);
    const facts = { 'authenticator app': appSince ? 'removed' : 'none', passkeys };
    await record(trx, by, 'user.two-factor-reset', user, { facts });
    await enqueueLetter(trx, { kind: 'two-factor-reset', user });
    return user;
  });
}

/** Throws as `resetTwoFactor` would for this user: asked before its page is shown, and again when it is done. */
export function assertTwoFactorResettable(by: Doer, user: User): void {
  assertCan(by, 'reset two-factor', user);
  assertLive(user);
  if (!user.twoFactorSince) throw new Refused(`${user.name} has no second factor.`);
}
