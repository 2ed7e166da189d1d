import type { Db } from '../ground/database.ts';
import { Invalid, Refused } from '../ground/errors.ts';
import { type Seen, type Showing, seePasskey, usePasskey } from '../passkeys/show.ts';
import { type UsedCode, useCode } from '../twofactor/codes.ts';
import { codesKey, countAttempt } from '../users/attempts.ts';
import { forgetBrowsers } from '../users/browsers.ts';
import { type User, userColumns } from '../users/user.ts';
import { beginSession, type Entry } from './begin.ts';
import { mayEnter } from './conditions.ts';
import { dropPending, isStillRight, mostCodes, type Pending, takePendingTry } from './pending.ts';
import { fail } from './signin.ts';
import { limitNetwork, takeTry } from './tries.ts';

/** What somebody shows at the second step: a code that was typed, or a passkey. */
export type Proof = { code: string; secrets: readonly [string, ...string[]] } | Showing;

export type SecondStep = Entry & { pendingSid: string; proof: Proof };

/** What let somebody in. */
export type LetIn = UsedCode | { by: 'passkey' };

/** The sign-in that waited is over: the password is asked for again. */
export class StartOver extends Refused {}

const refusal = {
  code: 'That did not work. A code works once and for half a minute only: wait for the next one. If it is right, the account may be locked: an administrator can tell.',
  passkey: 'That passkey did not work. If it is one of yours, the account may be locked: an administrator can tell.',
};

/**
 * Ends a sign-in that waits for its second step: starts the session under the new id. A wrong code counts as a failed sign-in, and may
 * lock the account like a wrong password. Throws Invalid when it did not work, StartOver when nothing waits (any more) or after the
 * fifth try, TryLater when a network tries too often.
 */
export async function takeSecondStep(db: Db, step: SecondStep): Promise<LetIn> {
  await limitNetwork(db, step.address);
  const pending = await takePendingTry(db, step.pendingSid);
  if (!pending) throw new StartOver('This sign-in waits no more.');
  const user: User | undefined = await db('users').where({ id: pending.userId }).first(userColumns(db));
  const taken = await takeTry(db, user, '', step.browser);
  const letIn = taken.isOpen ? await enter(db, step, pending, taken.isKnown) : null;
  if (letIn) return letIn;
  const isGuessing = await countWrong(db, pending.userId);
  await fail(db, user, step, { ...taken, isLast: taken.isLast || isGuessing }, 'code' in step.proof ? 'code' : 'passkey');
  if (pending.tries >= mostCodes) {
    await dropPending(db, step.pendingSid);
    throw new StartOver('That did not work five times.');
  }
  throw new Invalid('code' in step.proof ? { code: refusal.code } : { '': refusal.passkey });
}

/** With the account held: a reset, a deactivation or the same code in another window may have been faster. */
async function enter(db: Db, step: SecondStep, pending: Pending, isKnown: boolean): Promise<LetIn | null> {
  const { proof } = step;
  const seen = 'code' in proof ? null : await seePasskey(db, proof);
  return db.transaction(async (trx) => {
    const user: User | undefined = await trx('users').where({ id: pending.userId }).forUpdate().first(userColumns(trx));
    if (!user || !isStillRight(pending, user) || !mayEnter(user, isKnown)) return null;
    const letIn = 'code' in proof ? await useCode(trx, proof.secrets, user, proof.code) : await useOwn(trx, user, seen);
    if (!letIn) return null;
    await beginSession(trx, user, step, letIn.by);
    await dropPending(trx, step.pendingSid);
    return letIn;
  });
}

/** Wrong answers to the second step, a day, after which somebody who knows the password is taken to be guessing. */
const mostWrongADay = 20;

/**
 * Six digits can be guessed by who has time, a few at a time: so they are counted over a day as well. Beyond that the account is
 * locked, for the browsers too that it knew.
 */
async function countWrong(db: Db, userId: number): Promise<boolean> {
  if ((await countAttempt(db, codesKey(userId), 24 * 60)) < mostWrongADay) return false;
  await db.transaction((trx) => forgetBrowsers(trx, userId));
  return true;
}

async function useOwn(trx: Parameters<typeof usePasskey>[0], user: User, seen: Seen | null): Promise<LetIn | null> {
  const isTheirs = seen?.passkey.userId === user.id && (await usePasskey(trx, seen));
  return isTheirs ? { by: 'passkey' } : null;
}
