import type { Knex } from 'knex';
import type { Db, Trx } from '../ground/database.ts';
import { NotFound } from '../ground/errors.ts';
import { type Page, readPage, type Span } from '../ground/keyset.ts';
import { countUpTo, patternOf } from '../ground/search.ts';
import type { LinkState, Purpose } from '../links/links.ts';
import type { Letter } from './queue.ts';
import type { Addressee } from './usefulness.ts';

export const letterStates = ['queued', 'sent', 'failed', 'dropped', 'unsent'] as const;

/** What a list of letters is narrowed to. `q` is part of an address or of a username. */
export type LetterFilter = { state?: Letter['state'] | null; q?: string; userId?: number };

/** A letter with what has become of its link and its reader since; `reader` is null where there is no account. */
export type Line = Letter & {
  purpose: Purpose | null;
  linkState: LinkState | 'replaced' | null;
  reader: Addressee | null;
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
  const page = await readPage<Row>(db, query, { ...span, order: byNumber, isDescending: true, id: 'letters.id' }, columns(db));
  return { ...page, rows: page.rows.map(lineOf) };
}

/** One letter. Throws NotFound. */
export async function findLine(db: Db, id: number | null): Promise<Line> {
  const row: Row | undefined = id === null ? undefined : await withReaders(db).where('letters.id', id).first(columns(db));
  if (!row) throw new NotFound('There is no such letter. Letters are erased after half a year.');
  return lineOf(row);
}

/** One letter with the row of its reader, or without an account its own, locked until the transaction ends. Throws NotFound. */
export async function holdLine(trx: Trx, id: number | null): Promise<Line> {
  const { id: found, userId } = await findLine(trx, id);
  const [table, row] = userId === null ? (['letters', found] as const) : (['users', userId] as const);
  await trx(table).where({ id: row }).forUpdate().first('id');
  return findLine(trx, found);
}

type Row = Omit<Line, 'reader'> & { reader: (Omit<Addressee, 'expiresAt'> & { expiresAt: string | null }) | null };

/** Moments inside of json are texts. */
const lineOf = ({ reader, ...row }: Row): Line => ({
  ...row,
  reader: reader && { ...reader, expiresAt: reader.expiresAt === null ? null : new Date(reader.expiresAt) },
});

const withReaders = (db: Db) =>
  db('letters')
    .leftJoin('users', 'users.id', 'letters.userId')
    .leftJoin('links', 'links.id', 'letters.linkId')
    .leftJoin('shared_texts as t', 't.id', 'letters.textId');

const columns = (db: Db) => [
  'letters.*',
  db.raw(`letters.data || ${sharedData} as data`),
  'links.purpose',
  db.raw(`${linkState} as link_state`),
  db.raw(`${reader} as reader`),
  db.raw('letters.due_at > now() as is_early'),
];

/** What a letter says with others, as data of its own. */
export const sharedData = `case when t.id is null then '{}' else jsonb_build_object('title', t.title, 'text', t.text) end`;

const linkState = `
  case when letters.link_counter is null then null
    when links.id is null or links.counter <> letters.link_counter then 'replaced'
    when links.used_at is not null then 'used'
    when links.voided_at is not null then 'void'
    when links.expires_at <= now() then 'expired'
    else 'open' end`;

const reader = `
  case when users.id is not null then json_build_object('id', users.id, 'username', users.username, 'name', users.name,
    'email', users.email, 'state', users.state, 'profile', users.profile, 'identitySource', users.identity_source,
    'expiresAt', users.expires_at, 'isVerified', users.email_verified_at is not null,
    'isLocked', users.locked_at is not null, 'isDeleted', users.deleted_at is not null) end`;

function narrowed(query: Knex.QueryBuilder, { state, q, userId }: LetterFilter): Knex.QueryBuilder {
  if (state) query.where('letters.state', state);
  if (userId) query.where('letters.user_id', userId);
  if (q) query.whereRaw(`letters.search like '%' || ? || '%'`, [patternOf(q.toLowerCase())]);
  return query;
}

/** Beyond so many a count is not worth its time. */
const countedAtMost = 1000;

/** How many letters wait and how many have failed; null for more than a thousand. */
export async function countUnsettled(db: Db): Promise<{ queued: number | null; failed: number | null }> {
  const count = (state: Letter['state']) => countUpTo(db, db('letters').where({ state }), countedAtMost);
  return { queued: await count('queued'), failed: await count('failed') };
}
