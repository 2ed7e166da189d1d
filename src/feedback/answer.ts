import type { Actor } from '../access/actor.ts';
import { assertCan } from '../access/can.ts';
import type { Db, Trx } from '../ground/database.ts';
import { Refused } from '../ground/errors.ts';
import { changesBetween, record } from '../history/record.ts';
import type { RecordedAct } from '../history/words.ts';
import { assertLive, type User } from '../users/user.ts';
import { type Feedback, type FeedbackState, holdFeedback, type NewMessage } from './feedback.ts';
import { appendMessage, sentAlready } from './messages.ts';
import { tellAnswer } from './told.ts';

/** `version`: of the conversation as whoever answers has read it. `closes`: whether it ends with this answer. */
export type Answer = NewMessage & { id: number; version: number; closes: boolean };

/**
 * Answers a user's feedback and writes the answer to the user. Sent twice, it counts once. Throws Refused when somebody has written
 * since the form was opened: nobody answers past what another has just said.
 */
export async function answerFeedback(db: Db, by: Actor, { id, version, closes, ...message }: Answer): Promise<void> {
  await db.transaction(async (trx) => {
    const { feedback, user } = await holdToAnswer(trx, by, id);
    if (await sentAlready(trx, user.id, message.idempotencyKey)) return;
    assertUnchanged(feedback, version);
    await appendMessage(trx, by, feedback, { ...message, side: 'administrator' });
    const state = closes ? 'closed' : 'answered';
    await trx('feedback')
      .where({ id })
      .update({ state, waitsSince: null, lastMessageAt: trx.raw('now()'), version: version + 1 });
    const changes = changesOf(feedback, state);
    await record(trx, by, 'feedback.answered', user, { changes, facts: { feedback: id, kind: feedback.kind } });
    await tellAnswer(trx, by, { user, feedback }, message.text);
  });
}

/**
 * Closes feedback that needs no answer any more; a word of the user's opens it again. Closed already, nothing happens. Throws Refused
 * when somebody has written since `version`: no word is put away unread.
 */
export const closeFeedback = (db: Db, by: Actor, { id, version }: Pick<Answer, 'id' | 'version'>): Promise<void> =>
  move(db, by, id, { state: 'closed', recordedAs: 'feedback.closed', version });

/** Opens feedback again: it waits for an answer. Open already, nothing happens. */
export const reopenFeedback = (db: Db, by: Actor, id: number): Promise<void> =>
  move(db, by, id, { state: 'open', recordedAs: 'feedback.reopened' });

type Move = { state: FeedbackState; recordedAs: RecordedAct; version?: number };

async function move(db: Db, by: Actor, id: number, { state, recordedAs, version }: Move): Promise<void> {
  await db.transaction(async (trx) => {
    const { feedback, user } = await holdToAnswer(trx, by, id);
    if (feedback.state === state) return;
    if (version !== undefined) assertUnchanged(feedback, version);
    await trx('feedback')
      .where({ id })
      .update({ state, waitsSince: state === 'open' ? trx.raw('now()') : null, version: feedback.version + 1 });
    const changes = changesOf(feedback, state);
    await record(trx, by, recordedAs, user, { changes, facts: { feedback: id, kind: feedback.kind } });
  });
}

/** By a name that no field of a user has: who undoes something looks for these. */
const changesOf = ({ state: before }: Feedback, state: FeedbackState) =>
  changesBetween({ feedbackState: before }, { feedbackState: state });

function assertUnchanged(feedback: Feedback, version: number): void {
  if (feedback.version === version) return;
  throw new Refused('This conversation has gone on since you opened it. Read what is new, then do it if it still fits.');
}

/** Keeps a note that only administrators read. Sent twice, it counts once. Refused while one acts on the user's own behalf. */
export async function noteOnFeedback(db: Db, by: Actor, { id, ...message }: NewMessage & { id: number }): Promise<void> {
  await db.transaction(async (trx) => {
    const { feedback, user } = await holdFeedback(trx, id);
    assertCan(by, 'note feedback', user);
    if (await sentAlready(trx, user.id, message.idempotencyKey)) return;
    await appendMessage(trx, by, feedback, { ...message, side: 'note' });
    await record(trx, by, 'feedback.noted', user, { facts: { feedback: id, kind: feedback.kind } });
  });
}

async function holdToAnswer(trx: Trx, by: Actor, id: number): Promise<{ feedback: Feedback; user: User }> {
  const held = await holdFeedback(trx, id);
  assertCan(by, 'answer feedback', held.user);
  assertLive(held.user);
  return held;
}
