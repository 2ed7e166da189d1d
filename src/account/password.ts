import type { Actor } from '../access/actor.ts';
import { assertCan } from '../access/can.ts';
import type { Db } from '../ground/database.ts';
import { Refused } from '../ground/errors.ts';
import { record } from '../history/record.ts';
import { voidLinks } from '../links/links.ts';
import { enqueueLetter } from '../mail/letters.ts';
import { confirmSession, endSessions } from '../sessions/sessions.ts';
import { assertOwnPassword } from '../signin/confirm.ts';
import { forgetBrowsers } from '../users/browsers.ts';
import { assertNewPassword, credentialsOf } from '../users/credentials.ts';
import { findUser, holdUser, isVerified, touched } from '../users/user.ts';

export type NewOwnPassword = {
  /** The present password; not asked of whoever has just signed in with a single-use one. */
  current: string;
  password: string;
  /** The id under which the actor's session goes on. */
  sid: string;
  /** The token of the actor's browser, which stays known. */
  browser: string;
};

/**
 * Replaces the actor's own password; its session goes on under `sid`, every other one and every open link that could undo it end,
 * and the user is told by mail, at an address that is verified. Throws Invalid for a password to mend, TryLater after too many wrong
 * present ones, Refused when it was changed or the session ended just now.
 */
export async function changeOwnPassword(
  db: Db,
  actor: Actor,
  { current, password, sid, browser }: NewOwnPassword,
): Promise<void> {
  assertCan(actor, 'change own password');
  const found = await findUser(db, actor.username);
  if (!actor.mustChangePassword) await assertOwnPassword(db, actor, { password: current, field: 'current_password' });
  await assertNewPassword(password, found);
  const credentials = await credentialsOf(db, { by: 'now', password });
  await db.transaction(async (trx) => {
    const user = await holdUser(trx, actor.username);
    if (user.passwordHash !== found.passwordHash)
      throw new Refused('Your password was changed or reset just now. Sign in again.');
    await trx('users')
      .where({ id: user.id })
      .update({ ...credentials, ...touched(trx) });
    await forgetBrowsers(trx, user.id, browser);
    await endSessions(trx, user.id, actor.sessionId);
    await confirmSession(trx, actor, sid);
    await voidLinks(trx, [user.id], ['reset', 'activation', 'email-change']);
    await record(trx, actor, 'account.password-changed', user);
    // To an address that was never verified nothing is told: it may be a stranger's.
    if (isVerified(user)) await enqueueLetter(trx, { kind: 'password-changed', user });
  });
}
