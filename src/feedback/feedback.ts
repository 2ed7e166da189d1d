import type { z } from 'zod';
import type { Db, Trx } from '../ground/database.ts';
import { NotFound } from '../ground/errors.ts';
import { idempotencyKey, oneOf, saysSomething, text } from '../ground/fields.ts';
import { holdUsers, type User } from '../users/user.ts';

export const kinds = ['question', 'problem', 'idea', 'praise'] as const;
export const states = ['open', 'answered', 'closed'] as const;
export type FeedbackKind = (typeof kinds)[number];
export type FeedbackState = (typeof states)[number];

/** A conversation between a user and the administrators. It is open while it waits for an answer. */
export type Feedback = {
  id: number;
  /** Whose it is. */
  userId: number;
  username: string;
  kind: FeedbackKind;
  state: FeedbackState;
  /** Counts messages and changes of state, so that two administrators notice each other; notes do not count. */
  version: number;
  createdAt: Date;
  lastMessageAt: Date;
  waitsSince: Date | null;
};

export const longestMessage = 2000;

const message = text(longestMessage).refine(saysSomething, 'Write something first.');

/** What every form with a message holds. */
export const messageFields = { text: message, idempotencyKey };

/** A note is asked for beside the form of an answer: by another name. */
export const noteFields = { note: message, idempotencyKey };

export const feedbackFields = { kind: oneOf(kinds, 'A question, a problem, an idea or praise.'), ...messageFields };

export type NewMessage = z.output<z.ZodObject<typeof messageFields>>;
export type NewFeedback = z.output<z.ZodObject<typeof feedbackFields>>;

/** One conversation; with `userId` only if it is that user's. Throws NotFound for what is not there and for somebody else's, alike. */
export async function findFeedback(db: Db, id: number | null, userId?: number): Promise<Feedback> {
  const found: Feedback | undefined = id === null ? undefined : await withUsers(db).where('f.id', id).first(columns);
  if (!found || (userId !== undefined && found.userId !== userId)) throw new NotFound('There is no such feedback.');
  return found;
}

/** The same with its user, both locked until the transaction ends: the user first, as everywhere. */
export async function holdFeedback(trx: Trx, id: number, userId?: number): Promise<{ feedback: Feedback; user: User }> {
  const { userId: holder } = await findFeedback(trx, id, userId);
  const [user] = await holdUsers(trx, [holder]);
  await trx('feedback').where({ id }).forUpdate().first('id');
  const feedback = await findFeedback(trx, id);
  if (!user) throw new NotFound('There is no such feedback.');
  return { feedback, user };
}

/** Conversations with whose they are. */
export const withUsers = (db: Db) => db('feedback as f').join('users', 'users.id', 'f.userId');

export const columns = [
  ...['id', 'userId', 'kind', 'state', 'version', 'createdAt', 'lastMessageAt', 'waitsSince'].map((name) => `f.${name}`),
  'users.username',
];
