import type { Knex } from 'knex';
import type { Connection } from '../access/actor.ts';
import { type TransactionLine, transactionsOfConnection } from '../balance/list.ts';
import type { Db } from '../ground/database.ts';
import { NotFound } from '../ground/errors.ts';
import { type Cursor, type Page, readPage } from '../ground/keyset.ts';
import { concernsSubject, mayConcernSubject } from '../history/timeline.ts';
import type { Ending } from './endings.ts';

/** A connection as it is told afterwards: who was there on whose behalf, why, how far, from when to when. */
export type Visit = {
  id: number;
  userId: number;
  actorId: number | null;
  /** Name of the administrator; null once it is erased. */
  by: string | null;
  byUsername: string | null;
  mode: Connection['mode'];
  reason: string;
  startedAt: Date;
  endsAt: Date;
  /** Null while it lasts. */
  endedAt: Date | null;
  endedBy: Ending | null;
  seconds: number;
  /** Pages that were opened, those included that are only counted. */
  pages: number;
  /** Acts that concern the user, coming and going aside. */
  acts: number;
};

export const visitOrder = { expression: 'c.id', type: 'bigint' } as const;

type Span = { limit: number; after?: Cursor | null; before?: Cursor | null };

/** One page of the visits to a user, the newest first. */
export function listVisits(db: Db, userId: number, span: Span): Promise<Page<Visit & { sortKey: string }>> {
  const query = visits(db).where('c.userId', userId);
  return readPage(db, query, { ...span, order: visitOrder, isDescending: true, id: 'c.id' }, columns(db));
}

/** One visit to a user. Throws NotFound, also for a visit to somebody else. */
export async function findVisit(db: Db, userId: number, id: number | null): Promise<Visit> {
  const found = id && (await visits(db).where({ 'c.id': id, 'c.userId': userId }).first(columns(db)));
  if (!found) throw new NotFound('There is no such visit.');
  return found;
}

/** What a visit did to the user's balance, in order. */
export const moneyOf = (db: Db, { id, userId }: Pick<Visit, 'id' | 'userId'>): Promise<TransactionLine[]> =>
  transactionsOfConnection(db, userId, id);

const visits = (db: Db): Knex.QueryBuilder => db('connections as c').leftJoin('users as a', 'a.id', 'c.actorId');

const columns = (db: Db) => [
  'c.id',
  'c.userId',
  'c.actorId',
  'a.name as by',
  'a.username as byUsername',
  'c.mode',
  'c.reason',
  'c.startedAt',
  'c.endsAt',
  'c.endedAt',
  'c.endedBy',
  'c.pages',
  db.raw('extract(epoch from coalesce(c.ended_at, now()) - c.started_at)::int as seconds'),
  db.raw(`(select count(*)::int from history join history_words u on u.history_id = history.id and u.part = 'user'
    where history.connection_id = c.id and history.act not like 'connection.%'
      and ${mayConcernSubject} and ${concernsSubject}) as acts`),
];
