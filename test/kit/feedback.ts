import { randomUUID } from 'node:crypto';
import type { Name } from '../../seeds/world.ts';
import { type Feedback, findFeedback, type NewFeedback } from '../../src/feedback/feedback.ts';
import { leaveFeedback } from '../../src/feedback/leave.ts';
import type { Db } from '../../src/ground/database.ts';
import { actorFor } from './actor.ts';
import type { Site } from './site.ts';
import type { Visitor } from './visitor.ts';

/** Somebody of the world leaves feedback, without the pages. */
export const leave = async (db: Db, name: Name, more: Partial<NewFeedback> = {}): Promise<Feedback> => {
  const feedback = { kind: 'question', text: 'Where is lorry 12?', idempotencyKey: randomUUID(), ...more } as const;
  return leaveFeedback(db, await actorFor(db, name), feedback);
};

/** The same conversation as it is now. */
export const again = (db: Db, { id }: Feedback): Promise<Feedback> => findFeedback(db, id);

/** What has been said in a conversation, in order, with whose word it is. */
export const wordsIn = async ({ db }: Pick<Site, 'db'>, { id }: Pick<Feedback, 'id'>): Promise<string[]> => {
  const messages = await db('feedbackMessages').where({ feedbackId: id }).orderBy('id');
  return messages.map(({ side, text }) => `${side}: ${text}`);
};

/** The messages as a page shows them. */
export const messagesOn = ({ page }: Visitor): string[] =>
  page.document.querySelectorAll('.message').map(({ text }) => text.replace(/\s+/g, ' ').trim());

/** The conversations of a list, in its order, by their first words. */
export const rowsOn = ({ page }: Visitor): string[] =>
  page.document.querySelectorAll('#feedback tbody th').map(({ text }) => text.trim());
