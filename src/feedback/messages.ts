import type { Author } from '../access/actor.ts';
import type { Db, Trx } from '../ground/database.ts';
import { shortened } from '../ground/short.ts';
import type { Feedback, NewMessage } from './feedback.ts';

/** Whose word it is: the user's, an administrator's answer, or a note that only administrators read. */
export type Side = 'user' | 'administrator' | 'note';

export type Message = {
  id: number;
  side: Side;
  text: string;
  at: Date;
  /** Name of whoever wrote it; null once that account is erased. */
  author: string | null;
  /** Whether an administrator wrote it in the user's name. */
  isOnBehalf: boolean;
};

/** So many stand on a page, the latest ones. */
export const messagesShown = 100;

type Reading = { withNotes: boolean; before: number | null };

/** The messages of a conversation in their order, the latest hundred before the one of number `before`. */
export async function readMessages(
  db: Db,
  feedbackId: number,
  { withNotes, before }: Reading,
): Promise<{ messages: Message[]; hasEarlier: boolean }> {
  const query = db('feedbackMessages as m').leftJoin('users as a', 'a.id', 'm.authorId').where({ feedbackId });
  if (!withNotes) query.whereNot('m.side', 'note');
  if (before) query.where('m.id', '<', before);
  const found: Message[] = await query
    .orderBy('m.id', 'desc')
    .limit(messagesShown + 1)
    .select('m.id', 'm.side', 'm.text', 'm.at', 'a.name as author')
    .select(db.raw(`m.side = 'user' and m.author_id is distinct from m.user_id as is_on_behalf`));
  return { messages: found.slice(0, messagesShown).reverse(), hasEarlier: found.length > messagesShown };
}

/** Writes a message; notes aside, what is seen of the conversation counts up. */
export async function appendMessage(
  trx: Trx,
  by: Author,
  { id, userId }: Pick<Feedback, 'id' | 'userId'>,
  { side, text, idempotencyKey }: NewMessage & { side: Side },
): Promise<void> {
  const connectionId = by.connection?.id ?? null;
  await trx('feedbackMessages').insert({ feedbackId: id, userId, side, authorId: by.id, connectionId, text, idempotencyKey });
}

/** The conversation to which a form has been sent already, or null. The user must be held: of two who send at once the second sees it. */
export async function sentAlready(trx: Trx, userId: number, idempotencyKey: string): Promise<number | null> {
  const found = await trx('feedbackMessages').where({ userId, idempotencyKey }).first('feedbackId');
  return found?.feedbackId ?? null;
}

/** The first words of a text, in one line. */
export const firstWords = (text: string, most = 80): string => shortened(text.replace(/\s+/g, ' ').trim(), most);
