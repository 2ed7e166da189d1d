import { clock, now, type Trx } from '../ground/database.ts';
import { record } from '../history/record.ts';
import { enqueueLetter } from '../mail/letters.ts';
import { describeAgent } from '../sessions/agent.ts';
import { startSession } from '../sessions/sessions.ts';
import { knowsBrowser } from '../users/browsers.ts';
import { isVerified, type User } from '../users/user.ts';
import { momentIn } from '../web/time.ts';
import { tellOfEntry } from './lock.ts';
import { forgiveTries } from './tries.ts';

/** From where somebody comes in, and under which id the session shall be. */
export type Entry = {
  /** The id that the session shall have when it comes to be. */
  sid: string;
  /** The token of a browser that may have signed in before. */
  browser: string;
  address: string;
  agent: string;
};

/** Starts the session of a user whose row is held and of whom everything was found right; `by` says with what beside a password. */
export async function beginSession(trx: Trx, user: User, entry: Entry, by?: string): Promise<void> {
  const sessionId = await startSession(trx, { ...entry, userId: user.id });
  await trx('users')
    .where({ id: user.id })
    .update({ lastSignInAt: now(trx), ...(user.singleUseExpiresAt && spent(trx)) });
  if (!(await tellOfEntry(trx, user, entry))) await writeOfNewBrowser(trx, user, entry);
  await forgiveTries(trx, user.id, entry);
  const author = { id: user.id, username: user.username, sessionId, requestId: null, address: entry.address };
  await record(trx, author, 'session.started', user, by ? { facts: { by } } : {});
}

/** A single-use password has been used: only the session that it opened can replace it now. */
const spent = (trx: Trx) => ({ singleUseExpiresAt: trx.raw('to_timestamp(0)') });

/**
 * Once for each browser, as it is remembered from then on; of the very first sign-in there is nothing to tell. Nor is an address told
 * that was never verified: it may be a stranger's, and whoever registered with it would have us write to it without end.
 */
async function writeOfNewBrowser(trx: Trx, user: User, { browser, address, agent }: Entry): Promise<void> {
  if (!user.lastSignInAt || !isVerified(user) || (await knowsBrowser(trx, user.id, browser))) return;
  const at = momentIn(user.timeZone)(await clock(trx));
  await enqueueLetter(trx, { kind: 'new-browser', user, data: { device: describeAgent(agent), address, at } });
}
