import type { Knex } from 'knex';
import type { Db } from '../ground/database.ts';
import { type Page, readPage, type Span } from '../ground/keyset.ts';
import type { LinkState, Purpose } from '../links/links.ts';
import type { Letter } from './queue.ts';

export const letterStates = ['queued', 'sent', 'failed', 'dropped', 'unsent'] as const;

/** What a list of letters is narrowed to. `q` is part of an address or of a username. */
export type LetterFilter = { state?: Letter['state'] | null; q?: string; userId?: number };

/** A letter as the pages show it: `name` is its reader's, null without an account; `linkState` is null where it brings no link. */
export type Line = Letter & {
  name: string | null;
  purpose: Purpose | null;
  linkState: LinkState | 'replaced' | null;
  /** Whether its next try is still to come. */
  isEarly: boolean;
  sortKey: string;
};

export const byNumber = { expression: 'letters.id', type: 'bigint' } as const;

/** A page of letters, the newest first. */
export async function listLetters(
  db: Db,
  filter: LetterFilter,
  span: Pick<Span, 'limit' | 'after' | 'before'>,
): Promise<Page<Line>> {
  const query = narrowed(withReaders(db), filter);
  return readPage(db, query, { ...span, order: byNumber, isDescending: true, id: 'letters.id' }, columns(db));
}

/** One letter with what has become of its link, or undefined. */
export async function readLine(db: Db, id: number): Promise<Line | undefined> {
  return withReaders(db).where('letters.id', id).first(columns(db));
}

const withReaders = (db: Db) =>
  db('letters').leftJoin('users', 'users.id', 'letters.userId').leftJoin('links', 'links.id', 'letters.linkId');

const columns = (db: Db) => [
  'letters.*',
  'users.name',
  'links.purpose',
  db.raw(`${linkState} as link_state`),
  db.raw('letters.due_at > now() as is_early'),
];

const linkState = `
  case when letters.link_counter is null then null
    when links.id is null or links.counter <> letters.link_counter then 'replaced'
    when links.used_at is not null then 'used'
    when links.voided_at is not null then 'void'
    when links.expires_at <= now() then 'expired'
    else 'open' end`;

function narrowed(query: Knex.QueryBuilder, { state, q, userId }: LetterFilter): Knex.QueryBuilder {
  if (state) query.where('letters.state', state);
  if (userId) query.where('letters.user_id', userId);
  if (q) query.whereRaw(`letters.search like '%' || ? || '%'`, [q.toLowerCase().replace(/[\\%_]/g, '\\$&')]);
  return query;
}

/** Beyond so many a count is not worth its time. */
const countedAtMost = 1000;

/** How many letters wait and how many have failed; null for more than a thousand. */
export async function countUnsettled(db: Db): Promise<{ queued: number | null; failed: number | null }> {
  const count = async (state: Letter['state']) => {
    const some = db('letters')
      .where({ state })
      .limit(countedAtMost + 1)
      .select(db.raw('1'));
    const row = await db.from(some.as('some')).count({ count: '*' }).first();
    return Number(row?.count) > countedAtMost ? null : Number(row?.count);
  };
  return { queued: await count('queued'), failed: await count('failed') };
}
