import type { Db } from '../ground/database.ts';

/**
 * Counts one more attempt under `key` and says how many there were in its window, this one included. It is one statement, taken
 * before the password is looked at: of many guesses at once each gets its own number, none slips past the limit.
 */
export async function countAttempt(db: Db, key: string, windowMinutes: number): Promise<number> {
  const { rows } = await db.raw(
    `insert into attempts as a (key, count, window_ends_at) values (?, 1, now() + make_interval(mins => ?))
     on conflict (key) do update set
       count = case when a.window_ends_at <= now() then 1 else a.count + 1 end,
       window_ends_at = case when a.window_ends_at <= now() then excluded.window_ends_at else a.window_ends_at end
     returning count`,
    [key, windowMinutes],
  );
  return rows[0].count;
}

export const accountKey = (userId: number) => `account ${userId}`;
export const browserKey = (userId: number, browser: string) => `account ${userId} browser ${browser}`;

/** Forgets the attempts upon a user, from whatever browser. */
export async function clearAttempts(db: Db, userId: number): Promise<void> {
  await db('attempts')
    .where({ key: accountKey(userId) })
    .orWhere('key', 'like', `${accountKey(userId)} %`)
    .delete();
}
