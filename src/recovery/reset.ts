import type { Db } from '../ground/database.ts';
import { changesBetween, record } from '../history/record.ts';
import { voidLinks } from '../links/links.ts';
import { enqueueLetter } from '../mail/letters.ts';
import { endSessions } from '../sessions/sessions.ts';
import { clearAttempts } from '../users/attempts.ts';
import { forgetBrowsers } from '../users/browsers.ts';
import { assertNewPassword, credentialsOf } from '../users/credentials.ts';
import { touched, type User } from '../users/user.ts';
import type { From } from './activate.ts';
import { holdByLink, type InHand } from './bearer.ts';

/**
 * Sets the password that the holder of a link has chosen. It lifts a lock, ends every session and every other link, forgets which
 * browsers were known, verifies the address to which the link came, and tells the user by mail. Throws Invalid for a password to
 * mend, Refused when the link works no more.
 */
export async function recoverPassword(db: Db, { found, user }: InHand, password: string, from: From): Promise<User> {
  await assertNewPassword(password, user);
  const credentials = await credentialsOf(db, { by: 'now', password });
  return db.transaction(async (trx) => {
    const held = await holdByLink(trx, found.link);
    const emailVerifiedAt = trx.raw('coalesce(email_verified_at, now())');
    await trx('users')
      .where({ id: held.id })
      .update({ ...credentials, lockedAt: null, emailVerifiedAt, ...touched(trx) });
    await clearAttempts(trx, held.id);
    await forgetBrowsers(trx, held.id);
    await endSessions(trx, held.id);
    await voidLinks(trx, [held.id], ['activation', 'email-change', 'verification']);
    const author = { id: held.id, username: held.username, sessionId: null, ...from };
    await record(trx, author, 'account.password-recovered', held, { changes: changesBetween(held, { lockedAt: null }) });
    await enqueueLetter(trx, { kind: 'password-changed', user: held });
    return held;
  });
}
