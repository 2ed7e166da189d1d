import { setTimeout as pause } from 'node:timers/promises';
import { system } from '../access/actor.ts';
import { type Db, now, type Trx } from '../ground/database.ts';
import { Invalid } from '../ground/errors.ts';
import { record } from '../history/record.ts';
import { describeAgent } from '../sessions/agent.ts';
import { startSession } from '../sessions/sessions.ts';
import { isPassword } from '../users/password.ts';
import { type User, userColumns } from '../users/user.ts';
import { mayEnter } from './conditions.ts';
import { lockUser, tellOfEntry } from './lock.ts';
import { forgiveTries, limitNetwork, type Try, takeTry } from './tries.ts';

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

/** The same words whatever was wrong, so that they tell nothing about who has an account. */
const refusal =
  'That did not work. Check the username or email and the password. If both are right, the account may be locked, expired or not active: an administrator can tell.';

/**
 * Signs a user in and writes the session's row. Throws Invalid with the same words, after the same time, when the account is
 * unknown, the password is wrong, or the account is locked, expired or not active; TryLater when a network tries too often.
 */
export async function signIn(db: Db, attempt: Attempt): Promise<void> {
  await limitNetwork(db, attempt.address);
  const user = await findByIdentifier(db, attempt.identifier);
  const taken = await takeTry(db, user, attempt.identifier, attempt.browser);
  const isRight = await isPassword(attempt.password, user?.passwordHash);
  const mayTry = user && isRight && taken.isOpen && mayEnter(user, taken.isKnown);
  if (mayTry && (await enter(db, user, attempt, taken))) return;
  await Promise.all([fail(db, user, attempt, taken), pause(leastMs)]);
  throw new Invalid({ '': refusal });
}

/** What is written of a failure takes longer for some than for others; the answer comes no sooner than this. */
const leastMs = 40;

/** Names and addresses are compared in one form, so that case and blanks do not make another counter. */
async function findByIdentifier(db: Db, identifier: string): Promise<User | undefined> {
  const typed = identifier.trim().toLowerCase();
  const query = db('users').where({ deletedAt: null });
  if (typed.includes('@')) query.whereRaw('lower(email collate "C") = lower(? collate "C")', [typed]);
  else query.where({ username: typed });
  return query.first(userColumns(db));
}

/** Everything was right: once more with the account held, so that a racing reset or deactivation wins. */
async function enter(db: Db, found: User, attempt: Attempt, { isKnown }: Try): Promise<boolean> {
  return db.transaction(async (trx) => {
    const user = await trx('users').where({ id: found.id }).forUpdate().first(userColumns(trx));
    if (!user || user.passwordHash !== found.passwordHash || !mayEnter(user, isKnown)) return false;
    const sessionId = await startSession(trx, { ...attempt, userId: user.id });
    await trx('users')
      .where({ id: user.id })
      .update({ lastSignInAt: now(trx), ...(user.singleUseExpiresAt && spent(trx)) });
    await forgiveTries(trx, user.id, attempt);
    const author = { id: user.id, username: user.username, sessionId, requestId: null, address: attempt.address };
    await record(trx, author, 'session.started', user);
    await tellOfEntry(trx, user, attempt);
    return true;
  });
}

/** A single-use password has been used: only the session that it opened can replace it now. */
const spent = (trx: Trx) => ({ singleUseExpiresAt: trx.raw('to_timestamp(0)') });

async function fail(db: Db, user: User | undefined, { address, agent }: Attempt, { isCounted, isLast }: Try): Promise<void> {
  const by = { ...system('visitor'), address };
  await db.transaction(async (trx) => {
    const facts = { device: describeAgent(agent) };
    if (isCounted) await record(trx, by, 'sign-in.failed', user ?? null, { outcome: 'failed', facts });
    if (user && isLast) await lockUser(trx, user.id, by);
  });
}
