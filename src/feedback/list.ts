import type { Knex } from 'knex';
import type { Db } from '../ground/database.ts';
import { type Column, type Cursor, type Page, readPage } from '../ground/keyset.ts';
import { countUpTo, findsWord, patternOf, wordsOf } from '../ground/search.ts';
import { type Feedback, type FeedbackKind, type FeedbackState, columns as feedbackColumns, withUsers } from './feedback.ts';

export type FeedbackFilter = {
  /** Words of any message, of a username, a name or an address. */
  q: string;
  state: FeedbackState | null;
  kind: FeedbackKind | null;
  /** A username. */
  user: string | null;
  /** One user's, as its own list has it: also while that user is deleted. */
  userId?: number;
};

/** A conversation as a list shows it. */
export type FeedbackLine = Feedback & { name: string; text: string; sortKey: string };

/** The orders of a list; each has its index. `turn`: what waits for an answer first, the longest of all at the top. */
export const feedbackOrders = {
  turn: { heading: 'State', expression: 'f.turn', type: 'bigint' },
  left: { heading: 'Left', expression: 'f.id', type: 'bigint', startsDescending: true },
  last: { heading: 'Last message', expression: 'f.last_message_at', type: 'timestamptz', startsDescending: true },
} as const satisfies Record<string, Column>;

export type FeedbackOrder = keyof typeof feedbackOrders;

export type FeedbackRequest = {
  filter: FeedbackFilter;
  sort: { by: FeedbackOrder; isDescending: boolean };
  limit: number;
  after: Cursor | null;
  before: Cursor | null;
};

/** One page of conversations: of everybody who is not deleted, or of one user. */
export function listFeedback(db: Db, { filter, sort, ...span }: FeedbackRequest): Promise<Page<FeedbackLine>> {
  const order = feedbackOrders[sort.by];
  return readPage(db, matching(db, filter), { ...span, order, isDescending: sort.isDescending, id: 'f.id' }, columns(db));
}

/** How far is counted. */
export const countedAtMost = 1000;

/** How many match: exact up to a thousand, null for more. */
export const countFeedback = (db: Db, filter: FeedbackFilter): Promise<number | null> =>
  countUpTo(db, matching(db, filter), countedAtMost);

const columns = (db: Db) => [
  ...feedbackColumns,
  'users.name',
  db.raw(`(select left(m.text, 300) from feedback_messages m where m.feedback_id = f.id order by m.id limit 1) as text`),
];

function matching(db: Db, { q, state, kind, user, userId }: FeedbackFilter): Knex.QueryBuilder {
  const query = withUsers(db);
  if (userId === undefined) query.whereNull('users.deletedAt');
  else query.where('f.userId', userId);
  if (state) query.where('f.state', state);
  if (kind) query.where('f.kind', kind);
  if (user) query.where('users.username', user);
  for (const word of wordsOf(q)) byWord(query, word);
  return query;
}

/** What is said is found by its beginning where the word is short, a user as in the list of users. */
function byWord(query: Knex.QueryBuilder, word: string): void {
  const [said, named] = [findsWord('m.search', word, []), findsWord('users.search', word, ['\\n'])];
  const pattern = patternOf(word);
  query.whereRaw(`(f.id in (select m.feedback_id from feedback_messages m where ${said}) or ${named})`, { pattern });
}
