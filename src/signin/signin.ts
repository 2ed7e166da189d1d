import { system } from '../access/actor.ts';
import type { Db } from '../ground/database.ts';
import { Invalid } from '../ground/errors.ts';
import { atLeast } from '../ground/even.ts';
import { record } from '../history/record.ts';
import { describeAgent } from '../sessions/agent.ts';
import { isPassword } from '../users/password.ts';
import { type User, userColumns } from '../users/user.ts';
import { beginSession, type Entry } from './begin.ts';
import { mayEnter } from './conditions.ts';
import { lockUser, type Step } from './lock.ts';
import { awaitSecondStep } from './pending.ts';
import { limitNetwork, type Try, takeBackTry, takeTry } from './tries.ts';

export type Attempt = Entry & {
  /** Username or email, as typed. */
  identifier: string;
  password: string;
};

/** What the right password came to: a session, or a sign-in that waits for its second step under the id that was to be the session's. */
export type Passed = 'in' | 'second step';

/** The same words whatever was wrong, so that they tell nothing about who has an account. */
const refusal =
  'That did not work. Check the username or email and the password. If both are right, the account may be locked, expired or not active: an administrator can tell.';

/**
 * Signs a user in and writes the session's row; who has a second factor is asked for it first. Throws Invalid with the same words,
 * after the same time, when the account is unknown, the password is wrong, or the account is locked, expired or not active; TryLater
 * when a network tries too often.
 */
export async function signIn(db: Db, attempt: Attempt): Promise<Passed> {
  await limitNetwork(db, attempt.address);
  const user = await findByIdentifier(db, attempt.identifier);
  const taken = await takeTry(db, user, attempt.identifier, attempt.browser);
  const isRight = await isPassword(attempt.password, user?.passwordHash);
  const mayTry = user && isRight && taken.isOpen && mayEnter(user, taken.isKnown);
  const passed = mayTry ? await enter(db, user, attempt, taken) : null;
  if (passed) return passed;
  await atLeast(leastMs, () => fail(db, user, attempt, taken));
  throw new Invalid({ '': refusal });
}

/** What is written of a failure takes longer for some than for others; the answer comes no sooner than this. */
const leastMs = 40;

/** Names and addresses are compared in one form, so that case and blanks do not make another counter. */
export async function findByIdentifier(db: Db, identifier: string): Promise<User | undefined> {
  const typed = identifier.trim().toLowerCase();
  const query = db('users').where({ deletedAt: null });
  if (typed.includes('@')) query.whereRaw('lower(email collate "C") = lower(? collate "C")', [typed]);
  else query.where({ username: typed });
  return query.first(userColumns(db));
}

/** The password was right: once more with the account held, so that a racing reset or deactivation wins. */
async function enter(db: Db, found: User, attempt: Attempt, { isKnown }: Try): Promise<Passed | null> {
  return db.transaction(async (trx) => {
    const user = await trx('users').where({ id: found.id }).forUpdate().first(userColumns(trx));
    if (!user || user.passwordHash !== found.passwordHash || !mayEnter(user, isKnown)) return null;
    if (user.twoFactorSince) {
      await awaitSecondStep(trx, user, attempt.sid);
      await takeBackTry(trx, user, { ...attempt, isKnown });
      return 'second step';
    }
    await beginSession(trx, user, attempt);
    return 'in';
  });
}

/** Counts what came to nothing, in the history too; the last try that there was locks the account. */
export async function fail(
  db: Db,
  user: User | undefined,
  { address, agent }: { address: string; agent: string },
  { isCounted, isLast }: Pick<Try, 'isCounted' | 'isLast'>,
  step: Step = 'password',
): Promise<void> {
  const by = { ...system('visitor'), address };
  await db.transaction(async (trx) => {
    const facts = { by: step, device: describeAgent(agent) };
    if (isCounted) await record(trx, by, 'sign-in.failed', user ?? null, { outcome: 'failed', facts });
    if (user && isLast) await lockUser(trx, user.id, { by, step });
  });
}
