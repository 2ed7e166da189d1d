import { type Db, now, type Trx } from '../ground/database.ts';
import { digest } from '../ground/secrets.ts';

/** True when somebody has signed in to this account from the browser with this token. */
export async function knowsBrowser(db: Db, userId: number, token: string): Promise<boolean> {
  const known = await db('knownBrowsers')
    .where({ userId, tokenHash: digest(token) })
    .first('userId');
  return known !== undefined;
}

/** Knows this browser from here on, for a year without a visit; and drops those whose year is over. */
export async function rememberBrowser(trx: Trx, userId: number, token: string): Promise<void> {
  await trx('knownBrowsers')
    .insert({ userId, tokenHash: digest(token) })
    .onConflict(['userId', 'tokenHash'])
    .merge({ lastSeenAt: now(trx) });
  // Its cookie lives for a year: what is older is a browser that has forgotten us.
  await trx('knownBrowsers').where({ userId }).whereRaw(`last_seen_at < now() - interval '1 year'`).delete();
}

/** Whoever had the old password has no tries of its own any more: see sign-in. */
export async function forgetBrowsers(trx: Trx, userId: number): Promise<void> {
  await trx('knownBrowsers').where({ userId }).delete();
}

export async function countBrowsers(db: Db, userIds: number[]): Promise<number> {
  const row = await db('knownBrowsers').whereRaw('user_id = any(?)', [userIds]).count({ count: '*' }).first();
  return Number(row?.count);
}
