import { createHash } from 'node:crypto';
import { type Db, now } from '../ground/database.ts';
import { TryLater } from '../ground/errors.ts';
import { networkOf } from '../ground/networks.ts';

/**
 * Counts one more attempt under `key` and says how many there were in its window, this one included. It is one statement, taken
 * before the password is looked at: of many guesses at once each gets its own number, none slips past the limit.
 */
export const countAttempt = async (db: Db, key: string, windowMinutes: number): Promise<number> =>
  (await takeAttempt(db, key, windowMinutes)).count;

export type Limit = {
  /** Attempts in a window of so many minutes. */
  most: number;
  minutes: number;
  /** What there was too much of: “Too many wrong passwords.” */
  says: string;
};

/** Counts one more attempt. Throws TryLater, which says when the window ends, when it comes after the last one that there is. */
export async function limitAttempts(db: Db, key: string, { most, minutes, says }: Limit): Promise<void> {
  const { count, seconds } = await takeAttempt(db, key, minutes);
  if (count <= most) return;
  const left = Math.ceil(seconds / 60);
  throw new TryLater(`${says} Try again in ${left === 1 ? 'a minute' : `${left} minutes`}.`, { status: 429, seconds });
}

/** `seconds`: until the window ends. */
async function takeAttempt(db: Db, key: string, windowMinutes: number): Promise<{ count: number; seconds: number }> {
  const { rows } = await db.raw(
    `insert into attempts as a (key, count, window_ends_at) values (?, 1, now() + make_interval(mins => ?))
     on conflict (key) do update set
       count = case when a.window_ends_at <= now() then 1 else a.count + 1 end,
       window_ends_at = case when a.window_ends_at <= now() then excluded.window_ends_at else a.window_ends_at end
     returning count, ceil(extract(epoch from window_ends_at - now()))::int as seconds`,
    [key, windowMinutes],
  );
  return rows[0];
}

/**
 * The keys under which is counted: an account, a browser that it knows, a name that is nobody's, a network, a proof of identity, wrong
 * codes after the right password.
 */
export const accountKey = (userId: number) => `account ${userId}`;
export const browserKey = (userId: number, browser: string) => `${accountKey(userId)} browser ${hash(browser)}`;
export const nobodyKey = (identifier: string) => `nobody ${hash(identifier)}`;
export const confirmKey = (userId: number) => `confirm ${userId}`;
export const codesKey = (userId: number) => `codes ${userId}`;

/** What is counted apart for each address that mail goes to, for each network, and for each account. */
export const mailKey = (kind: string, email: string) => `${kind} to ${hash(email.toLowerCase())}`;
export const fromNetworkKey = (kind: string, address: string) => `${kind} from ${networkKey(address)}`;
export const ofAccountKey = (kind: string, userId: number) => `${kind} of ${accountKey(userId)}`;

export const networkKey = (address: string) => `network ${networkOf(address)}`;

const hash = (text: string) => createHash('sha256').update(text).digest('base64url');

/** Takes back the one attempt that came out well. */
export async function forgiveAttempt(db: Db, key: string): Promise<void> {
  await db('attempts').where({ key }).decrement('count');
}

/** Forgets the attempts under one key; says how many keys there were. */
export async function forgetAttempts(db: Db, key: string): Promise<number> {
  return db('attempts').where({ key }).delete();
}

/** Forgets the attempts upon a user, or upon many, from whatever browser; says how many keys there were. */
export async function clearAttempts(db: Db, userIds: number | number[]): Promise<number> {
  return db('attempts')
    .whereRaw(`split_part(key, ' browser ', 1) = any(?)`, [[userIds].flat().flatMap((id) => [accountKey(id), codesKey(id)])])
    .delete();
}

/** Clears away the counts whose window is over. */
export async function pruneAttempts(db: Db): Promise<void> {
  await db('attempts').where('windowEndsAt', '<', now(db)).delete();
}
