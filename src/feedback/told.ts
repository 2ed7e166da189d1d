import type { Actor } from '../access/actor.ts';
import type { Trx } from '../ground/database.ts';
import { enqueueLetter, enqueueLetters } from '../mail/letters.ts';
import { listAdministrators } from '../users/administrators.ts';
import { countAttempt, forgetAttempts } from '../users/attempts.ts';
import type { User } from '../users/user.ts';
import { momentIn } from '../web/time.ts';
import type { Feedback } from './feedback.ts';
import { firstWords } from './messages.ts';

const toldKey = 'feedback told';

type Told = { user: User; feedback: Feedback; isNew: boolean };

/**
 * Writes to the administrators that somebody waits for an answer: for the first who does, and once an hour while more pile up. Not to
 * the one who has written it on the user's behalf. What was said stays in the console, where a purge erases it.
 */
export async function tellAdministrators(trx: Trx, by: Actor, { user, feedback, isNew }: Told): Promise<void> {
  const other = await trx('feedback')
    .join('users', 'users.id', 'feedback.userId')
    .where({ 'feedback.state': 'open', 'users.deletedAt': null })
    .whereNot('feedback.id', feedback.id)
    .first('feedback.id');
  if (!other) await forgetAttempts(trx, toldKey);
  if ((await countAttempt(trx, toldKey, 60)) > 1) return;
  const administrators = (await listAdministrators(trx)).filter(({ id }) => id !== by.id);
  const data = { username: user.username, name: user.name, about: feedback.kind, again: isNew ? '' : 'yes' };
  await enqueueLetters(
    trx,
    administrators.map((administrator) => ({ kind: 'feedback-left', user: administrator, data, aboutId: user.id })),
  );
}

/** Writes the answer to the user, with the words that it answers. */
export async function tellAnswer(trx: Trx, by: Actor, { user, feedback }: Omit<Told, 'isNew'>, answer: string): Promise<void> {
  const first = await trx('feedbackMessages').where({ feedbackId: feedback.id }).orderBy('id').first('text');
  const data = {
    who: by.name,
    on: momentIn(user.timeZone)(feedback.createdAt),
    question: firstWords(String(first?.text ?? '')),
    answer,
    number: String(feedback.id),
  };
  await enqueueLetter(trx, { kind: 'feedback-answered', user, data });
}
