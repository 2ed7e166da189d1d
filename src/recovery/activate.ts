import type { Author } from '../access/actor.ts';
import { system } from '../access/actor.ts';
import type { Db, Trx } from '../ground/database.ts';
import { Invalid, Refused } from '../ground/errors.ts';
import { changesBetween, record } from '../history/record.ts';
import { type Link, voidLinks } from '../links/links.ts';
import { mailedTooOften } from '../mail/often.ts';
import { remindOfActivation } from '../users/activation.ts';
import { clearAttempts } from '../users/attempts.ts';
import { forgetBrowsers } from '../users/browsers.ts';
import { credentialsOf } from '../users/credentials.ts';
import { passwordProblem } from '../users/password.ts';
import { hasOwnPassword, holdUsers, touched, type User } from '../users/user.ts';
import { holdByLink, type InHand } from './bearer.ts';

/** Where a request came from: what the history keeps of somebody who is not signed in. */
export type From = Pick<Author, 'requestId' | 'address'>;

/**
 * Activates the account of a link, which is used up. Who has no password of its own sets one; whoever got the link at the user's
 * address has verified that. Throws Invalid for a password to mend, Refused when the link works no more or the account has expired.
 */
export async function activateAccount(db: Db, { found, user }: InHand, password: string, from: From): Promise<User> {
  assertNotExpired(user);
  const isNew = !hasOwnPassword(user);
  const problem = isNew ? passwordProblem(password, user) : null;
  if (problem) throw new Invalid({ password: problem });
  const credentials = isNew ? { ...(await credentialsOf(db, { by: 'now', password })), lockedAt: null } : {};
  return db.transaction(async (trx) => activate(trx, found.link, credentials, from));
}

async function activate(trx: Trx, link: Link, credentials: object, from: From): Promise<User> {
  const user = await holdByLink(trx, link);
  const next = { state: 'STATE_APPROVED', stateReason: '', ...('lockedAt' in credentials ? { lockedAt: null } : {}) } as const;
  const emailVerifiedAt = trx.raw('coalesce(email_verified_at, now())');
  await trx('users')
    .where({ id: user.id })
    .update({ ...next, ...credentials, emailVerifiedAt, ...touched(trx) });
  if ('lockedAt' in credentials) await forgetTries(trx, user.id);
  await voidLinks(trx, [user.id], ['verification', 'reset']);
  const author = { id: user.id, username: user.username, sessionId: null, ...from };
  await record(trx, author, 'account.activated', user, { changes: changesBetween(user, next) });
  return user;
}

/** Whoever tried with an old password has nothing to do with the new one. */
async function forgetTries(trx: Trx, userId: number): Promise<void> {
  await clearAttempts(trx, userId);
  await forgetBrowsers(trx, userId);
}

/** Throws Refused where activating would not let the user in. */
export function assertNotExpired(user: User): void {
  if (user.isExpired) throw new Refused('This account has expired. An administrator can set another day of expiry.');
}

/**
 * Sends whoever holds a link that works no more the one that does, to the address that the account has now; not too often, and only
 * while the account waits to be activated: else nothing happens.
 */
export async function sendActivationAgain(db: Db, link: Link, from: From): Promise<void> {
  await db.transaction(async (trx) => {
    const [user] = await holdUsers(trx, [Number(link.userId)]);
    if (user?.state !== 'STATE_INVITED' || user.deletedAt || user.isExpired) return;
    if ((await mailedTooOften(trx, [user.id], 'activation')).size > 0) return;
    const historyId = await record(trx, { ...system('visitor'), ...from }, 'user.activation-sent', user);
    await remindOfActivation(trx, user, historyId);
  });
}
