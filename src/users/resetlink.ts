import type { Doer } from '../access/actor.ts';
import { stateNames } from '../access/standing.ts';
import type { Db, Trx } from '../ground/database.ts';
import { Refused } from '../ground/errors.ts';
import { record } from '../history/record.ts';
import { issueLink, voidLinks } from '../links/links.ts';
import { enqueueLetters } from '../mail/letters.ts';
import { mailedTooOften } from '../mail/often.ts';
import { endSessions } from '../sessions/sessions.ts';
import { keepAnAdministrator } from './administrators.ts';
import { forgetBrowsers } from './browsers.ts';
import { assertResettable } from './credentials.ts';
import { holdUser, isToActivate, touched, type User } from './user.ts';

/**
 * Sends a user a link by which it chooses a new password; nobody else does. The old one works until then, unless `isStopped`: then
 * it works no more, and every session ends. Throws Refused upon oneself, for whoever signs in at the identity provider or is to be
 * activated first, and when such mails have been sent too often.
 */
export async function sendResetLink(db: Db, by: Doer, username: string, { isStopped }: { isStopped: boolean }): Promise<User> {
  return db.transaction(async (trx) => {
    const user = await holdUser(trx, username);
    assertLinkHelps(by, user);
    const tooOften = (await mailedTooOften(trx, [user.id], 'reset')).get(user.id);
    if (tooOften) throw tooOften;
    if (isStopped) await stopPassword(trx, user);
    const link = await issueLink(trx, 'reset', { userId: user.id, email: user.email });
    const historyId = await record(trx, by, 'user.reset-sent', user, isStopped ? { facts: { oldPassword: 'stopped' } } : {});
    const data = { username, isStopped: isStopped ? 'yes' : '' };
    await enqueueLetters(trx, [{ kind: 'reset-by-administrator', user, link, data }], { historyIds: [historyId] });
    return user;
  });
}

function assertLinkHelps(by: Doer, user: User): void {
  assertResettable(by, user);
  if (isToActivate(user))
    throw new Refused(`${user.name} is ${stateNames[user.state]}. Use “Send Activation Email”: its link lets the user in.`);
}

async function stopPassword(trx: Trx, user: User): Promise<void> {
  const none = { passwordHash: null, mustChangePassword: false, singleUseExpiresAt: null };
  await trx('users')
    .where({ id: user.id })
    .update({ ...none, ...touched(trx) });
  await forgetBrowsers(trx, user.id);
  await voidLinks(trx, [user.id], ['email-change']);
  await endSessions(trx, user.id);
  if (user.profile === 'administrator') await keepAnAdministrator(trx);
}
