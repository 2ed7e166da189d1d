import { type Actor, subjectOf } from '../access/actor.ts';
import { assertCan } from '../access/can.ts';
import type { Db, Trx } from '../ground/database.ts';
import { record } from '../history/record.ts';
import { limitAttempts, ofAccountKey } from '../users/attempts.ts';
import { holdUser } from '../users/user.ts';
import { type Feedback, findFeedback, holdFeedback, type NewFeedback, type NewMessage } from './feedback.ts';
import { appendMessage, sentAlready } from './messages.ts';
import { tellAdministrators } from './told.ts';

/** What one person can write for one user in an hour: enough for any conversation, too little to bury others under. */
const mostConversations = 10;
const mostMessages = 60;

/**
 * Begins a conversation of the subject's with the administrators. Sending the same `idempotencyKey` again changes nothing and gives
 * the same one. Throws Forbidden, and TryLater when the actor has begun ten within an hour.
 */
export async function leaveFeedback(db: Db, by: Actor, { kind, ...message }: NewFeedback): Promise<Feedback> {
  assertCan(by, 'leave feedback');
  return db.transaction(async (trx) => {
    const user = await holdUser(trx, subjectOf(by).username);
    const sent = await sentAlready(trx, user.id, message.idempotencyKey);
    if (sent) return findFeedback(trx, sent);
    await limitAttempts(trx, keyOf('feedback', by), {
      most: mostConversations,
      minutes: 60,
      says: `You have left feedback ${mostConversations} times within an hour.`,
    });
    await limitMessages(trx, by);
    const [{ id }] = await trx('feedback').insert({ userId: user.id, kind }).returning('id');
    const feedback = await findFeedback(trx, id);
    await appendMessage(trx, by, feedback, { ...message, side: 'user' });
    await record(trx, by, 'feedback.left', user, { facts: { feedback: id, kind } });
    await tellAdministrators(trx, by, { user, feedback, isNew: true });
    return feedback;
  });
}

/**
 * Writes again in a conversation of the subject's, which opens it. Sent twice, it counts once. Throws NotFound for somebody else's,
 * Forbidden, and TryLater when the actor has written sixty messages within an hour.
 */
export async function replyToFeedback(db: Db, by: Actor, { id, ...message }: NewMessage & { id: number }): Promise<void> {
  assertCan(by, 'leave feedback');
  await db.transaction(async (trx) => {
    const { feedback, user } = await holdFeedback(trx, id, subjectOf(by).id);
    if (await sentAlready(trx, user.id, message.idempotencyKey)) return;
    await limitMessages(trx, by);
    await appendMessage(trx, by, feedback, { ...message, side: 'user' });
    await trx('feedback')
      .where({ id })
      .update({
        state: 'open',
        waitsSince: feedback.waitsSince ?? trx.raw('now()'),
        lastMessageAt: trx.raw('now()'),
        version: feedback.version + 1,
      });
    await record(trx, by, 'feedback.replied', user, { facts: { feedback: id, kind: feedback.kind } });
    if (feedback.state !== 'open') await tellAdministrators(trx, by, { user, feedback, isNew: false });
  });
}

/** An administrator who writes for many is counted for each of them, and takes nothing from what they may write themselves. */
const keyOf = (kind: string, by: Actor) => ofAccountKey(`${kind} by ${by.id}`, subjectOf(by).id);

const limitMessages = (trx: Trx, by: Actor) =>
  limitAttempts(trx, keyOf('messages', by), {
    most: mostMessages,
    minutes: 60,
    says: `You have written ${mostMessages} messages within an hour.`,
  });
