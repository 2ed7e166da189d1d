import type { Doer } from '../access/actor.ts';
import { assertCan, assertConfirmed } from '../access/can.ts';
import { type Db, now } from '../ground/database.ts';
import { Invalid, Refused } from '../ground/errors.ts';
import { changesBetween, record } from '../history/record.ts';
import { voidLinks } from '../links/links.ts';
import { endSessions } from '../sessions/sessions.ts';
import { readSettings } from '../settings/settings.ts';
import { keepAnAdministrator } from './administrators.ts';
import { clearAttempts } from './attempts.ts';
import { forgetBrowsers } from './browsers.ts';
import { hashPassword, isPassword, passwordProblem } from './password.ts';
import { assertLive, findUser, holdUser, touched, type User } from './user.ts';

/** A password set now, which its user must replace where `mustChange` says so; or one that works once and must then be replaced. */
export type NewPassword = { by: 'now' | 'single_use'; password: string; mustChange?: boolean };

/** Hours for which a single-use password waits for its sign-in. */
export const singleUseHours = 72;

/**
 * Replaces a user's password by a single-use one: it works once, for 72 hours, and must be replaced at that sign-in. It lifts a
 * lock, ends all sessions and links and activates a user who was invited. Throws Invalid when the password will not do, Refused
 * upon oneself, for whoever signs in at the identity provider, while outgoing mail is on, and upon an administrator without a fresh
 * proof of identity.
 */
export async function giveSingleUsePassword(db: Db, by: Doer, username: string, password: string): Promise<User> {
  const found = await findUser(db, username);
  assertResettable(by, found);
  const problem = passwordProblem(password, found, true);
  if (problem) throw new Invalid({ password: problem });
  const credentials = await credentialsOf(db, { by: 'single_use', password });
  return db.transaction(async (trx) => {
    const user = await holdUser(trx, username);
    assertResettable(by, user);
    assertMayBeSingleUse((await readSettings(trx)).outgoingMail);
    if (user.profile === 'administrator') assertConfirmed(by);
    const state = user.state === 'STATE_INVITED' ? 'STATE_APPROVED' : user.state;
    await trx('users')
      .where({ id: user.id })
      .update({ ...credentials, state, lockedAt: null, ...touched(trx) });
    await clearAttempts(trx, user.id);
    await forgetBrowsers(trx, user.id);
    await endSessions(trx, user.id);
    await voidLinks(trx, [user.id], ['activation', 'reset', 'email-change']);
    if (user.profile === 'administrator') await keepAnAdministrator(trx);
    await record(trx, by, 'user.password-reset', user, { changes: changesBetween(user, { state, lockedAt: null }) });
    return user;
  });
}

/** Throws Refused while a link can be mailed: then nobody but the user chooses or sees a password. */
export function assertMayBeSingleUse(outgoingMail: boolean): void {
  if (outgoingMail) throw new Refused('Outgoing mail is on: the user is sent a link and chooses the password.');
}

/** Throws as `giveSingleUsePassword` would for this user: asked before its page is shown, and again when it is done. */
export function assertResettable(by: Doer, user: User): void {
  assertCan(by, 'reset password', user);
  assertLive(user);
  if (user.identitySource === 'federated')
    throw new Refused(`${user.name} signs in at the identity provider, which alone can reset the password.`);
}

/** Throws Invalid when a user cannot take this password for its own: the old one is known to whoever gave it, or has learnt it since. */
export async function assertNewPassword(password: string, user: User): Promise<void> {
  const problem = passwordProblem(password, user);
  if (problem) throw new Invalid({ password: problem });
  if (await isPassword(password, user.passwordHash))
    throw new Invalid({ password: 'This is the old password; choose a new one.' });
}

/** The columns that a password sets; the hash is made before the transaction, which would else stay open for it. */
export async function credentialsOf(db: Db, { by, password, mustChange = false }: NewPassword) {
  const isSingleUse = by === 'single_use';
  return {
    passwordHash: await hashPassword(password),
    passwordUpdatedAt: now(db),
    mustChangePassword: isSingleUse || mustChange,
    singleUseExpiresAt: isSingleUse ? db.raw('now() + make_interval(hours => ?)', [singleUseHours]) : null,
  };
}
