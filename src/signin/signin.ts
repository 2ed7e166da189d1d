import { createHash } from 'node:crypto';
import { system } from '../access/actor.ts';
import { standingOf } from '../access/standing.ts';
import type { Db, Trx } from '../ground/database.ts';
import { Invalid, TryLater } from '../ground/errors.ts';
import { digest } from '../ground/secrets.ts';
import { record } from '../history/record.ts';
import { startSession } from '../sessions/sessions.ts';
import { readSettings } from '../settings/settings.ts';
import { hasOtherAdministrator } from '../users/administrators.ts';
import { accountKey, browserKey, clearAttempts, countAttempt } from '../users/attempts.ts';
import { isPassword } from '../users/password.ts';
import { accountOf, type User, userColumns } from '../users/user.ts';

export type Attempt = {
  /** Username or email, as typed. */
  identifier: string;
  password: string;
  /** The id that the session shall have when it comes to be. */
  sid: string;
  /** The token of a browser that may have signed in before. */
  browser: string;
  address: string;
  agent: string;
};

/** Tries from one network (a /24, or a /64) in an hour, over all accounts. */
const triesPerNetwork = 100;

/** The same words whatever was wrong, so that they tell nothing about who has an account. */
const refusal =
  'That did not work. Check the username or email and the password. If both are right, the account may be locked, expired or not active: an administrator can tell.';

/**
 * Signs a user in and writes the session's row. Throws Invalid with the same words, after the same time, when the account is
 * unknown, the password is wrong, or the account is locked, expired or not active; TryLater when a network tries too often.
 */
export async function signIn(db: Db, attempt: Attempt): Promise<{ username: string }> {
  await limitNetwork(db, attempt.address);
  const user = await findByIdentifier(db, attempt.identifier);
  const { isEvaluated, isLast, isKnown } = await reserve(db, user, attempt);
  const isRight = await isPassword(attempt.password, user?.passwordHash);
  const entered = user && isRight && isEvaluated ? await enter(db, user, attempt, isKnown) : null;
  if (entered) return entered;
  await recordFailure(db, user, attempt, isLast && !isKnown);
  throw new Invalid({ '': refusal });
}

async function limitNetwork(db: Db, address: string): Promise<void> {
  const tries = await countAttempt(db, networkKey(address), 60);
  if (tries > triesPerNetwork)
    throw new TryLater('Too many tries to sign in from your network. Try again in an hour.', { status: 429, seconds: 3600 });
}

/** Names and addresses are compared in one form, so that case and blanks do not make another counter. */
async function findByIdentifier(db: Db, identifier: string): Promise<User | undefined> {
  const typed = identifier.trim().toLowerCase();
  const query = db('users').where({ deletedAt: null });
  if (typed.includes('@')) query.whereRaw('lower(email collate "C") = lower(? collate "C")', [typed]);
  else query.where({ username: typed });
  return query.first(userColumns(db));
}

/** Takes one of the tries that this account (or, for a browser it knows, this browser) has in its window. */
async function reserve(db: Db, user: User | undefined, { identifier, browser }: Attempt) {
  const { lockFailures, lockMinutes } = await readSettings(db);
  const isKnown = user !== undefined && (await knows(db, user.id, browser));
  const count = await countAttempt(db, keyOf(user, identifier, isKnown ? browser : null), lockMinutes);
  const isOpen = user !== undefined && (isKnown || !user.lockedAt);
  return { isEvaluated: isOpen && count <= lockFailures, isLast: count >= lockFailures, isKnown };
}

function keyOf(user: User | undefined, identifier: string, browser: string | null): string {
  if (!user) return `nobody ${hash(identifier.trim().toLowerCase())}`;
  return browser ? browserKey(user.id, hash(browser)) : accountKey(user.id);
}

async function knows(db: Db, userId: number, browser: string): Promise<boolean> {
  const known = await db('knownBrowsers')
    .where({ userId, tokenHash: digest(browser) })
    .first('userId');
  return known !== undefined;
}

/** Everything was right: once more with the account held, so that a racing reset or deactivation wins. */
async function enter(db: Db, found: User, attempt: Attempt, isKnown: boolean): Promise<{ username: string } | null> {
  return db.transaction(async (trx) => {
    const user = await trx('users').where({ id: found.id }).forUpdate().first(columns(trx));
    if (!user || user.passwordHash !== found.passwordHash || user.isSingleUseOver) return null;
    if (standingOf(accountOf(user)) === 'none' || (user.lockedAt && !isKnown)) return null;
    const sessionId = await startSession(trx, { ...attempt, userId: user.id });
    // A single-use password has been used: only this session can replace it now.
    const spent = user.mustChangePassword && user.singleUseExpiresAt ? { passwordHash: null, singleUseExpiresAt: null } : {};
    await trx('users')
      .where({ id: user.id })
      .update({ lastSignInAt: trx.raw('now()'), ...spent });
    await remember(trx, user.id, attempt);
    const author = { id: user.id, username: user.username, sessionId, requestId: null, address: attempt.address };
    await record(trx, author, 'session.started', user);
    return { username: user.username };
  });
}

const columns = (trx: Trx) => [
  ...userColumns(trx),
  trx.raw('coalesce(single_use_expires_at <= now(), false) as is_single_use_over'),
];

/** From here on this browser has a counter of its own, and the tries before this one are forgiven. */
async function remember(trx: Trx, userId: number, { browser, address }: Attempt): Promise<void> {
  await clearAttempts(trx, userId);
  await trx('attempts')
    .where({ key: networkKey(address) })
    .decrement('count');
  await trx('knownBrowsers')
    .insert({ userId, tokenHash: digest(browser) })
    .onConflict(['userId', 'tokenHash'])
    .merge({ lastSeenAt: trx.raw('now()') });
}

async function recordFailure(db: Db, user: User | undefined, { address }: Attempt, isLast: boolean): Promise<void> {
  await db.transaction(async (trx) => {
    const by = { ...system('visitor'), address };
    await record(trx, by, 'sign-in.failed', user ?? null, { outcome: 'failed' });
    if (user && isLast) await lock(trx, user.id, by);
  });
}

/** The last able administrator is never locked: it waits until its tries are forgotten. */
async function lock(trx: Trx, userId: number, by: ReturnType<typeof system>): Promise<void> {
  const user = await trx('users').where({ id: userId, lockedAt: null }).forUpdate().first();
  if (!user || (user.profile === 'administrator' && !(await hasOtherAdministrator(trx, userId)))) return;
  await trx('users')
    .where({ id: userId })
    .update({ lockedAt: trx.raw('now()') });
  await record(trx, by, 'user.locked', user);
}

const hash = (text: string) => createHash('sha256').update(text).digest('base64url');

/** One key for a household or office: a /24 of IPv4, a /64 of IPv6. */
function networkKey(address: string): string {
  const plain = address.replace(/^::ffff:/, '');
  return `network ${plain.includes(':') ? plain.split(':').slice(0, 4).join(':') : plain.split('.').slice(0, 3).join('.')}`;
}
