import type { Doer } from '../access/actor.ts';
import { type Db, now, type Trx } from '../ground/database.ts';
import { digest } from '../ground/secrets.ts';
import { type Person, record } from '../history/record.ts';
import { describeAgent } from '../sessions/agent.ts';

/** True when somebody has signed in to this account from the browser with this token. */
export async function knowsBrowser(db: Db, userId: number, token: string): Promise<boolean> {
  const known = await db('knownBrowsers')
    .where({ userId, tokenHash: digest(token) })
    .first('userId');
  return known !== undefined;
}

/** The browser as it was when somebody signed in from it. */
export type Seen = { token: string; agent: string; address: string };

/** Knows this browser from here on, for a year without a visit; and drops those whose year is over. */
export async function rememberBrowser(trx: Trx, userId: number, { token, agent, address }: Seen): Promise<void> {
  const seen = { agent: agent.slice(0, 300), address };
  await trx('knownBrowsers')
    .insert({ userId, tokenHash: digest(token), ...seen })
    .onConflict(['userId', 'tokenHash'])
    .merge({ lastSeenAt: now(trx), ...seen });
  // Its cookie lives for a year: what is older is a browser that has forgotten us.
  await trx('knownBrowsers').where({ userId }).whereRaw(`last_seen_at < now() - interval '1 year'`).delete();
}

/** A browser from which somebody has signed in, as its owner and administrators see it. */
export type Browser = { id: number; device: string; address: string; firstSeenAt: Date; lastSeenAt: Date; isThis: boolean };

/** The browsers that a user has signed in from, the last one first. `token`: of the one that asks, where it is the user's. */
export async function listBrowsers(db: Db, userId: number, token = ''): Promise<Browser[]> {
  const browsers = await db('knownBrowsers')
    .where({ userId })
    .orderBy('lastSeenAt', 'desc')
    .select('id', 'agent', 'address', 'firstSeenAt', 'lastSeenAt', db.raw('token_hash = ? as is_this', [digest(token)]));
  return browsers.map(({ agent, ...browser }) => ({ ...browser, device: describeAgent(agent) }));
}

/** Forgets one browser of a user: from there the tries count as from anywhere, and a lock holds. Twice is as once. */
export async function forgetBrowser(db: Db, by: Doer, user: Person, id: number): Promise<void> {
  await db.transaction(async (trx) => {
    const forgotten = await trx('knownBrowsers').where({ id, userId: user.id }).delete();
    if (forgotten) await record(trx, by, 'browser.forgotten', user);
  });
}

/**
 * Whoever had the old password has no tries of its own any more: see sign-in. `except`: the token of the browser in which its owner
 * has just replaced it, which else would be kept out by a lock as strangers are.
 */
export async function forgetBrowsers(trx: Trx, userId: number, except = ''): Promise<void> {
  await trx('knownBrowsers')
    .where({ userId })
    .whereNot({ tokenHash: digest(except) })
    .delete();
}

export async function countBrowsers(db: Db, userIds: number[]): Promise<number> {
  const row = await db('knownBrowsers').whereRaw('user_id = any(?)', [userIds]).count({ count: '*' }).first();
  return Number(row?.count);
}
