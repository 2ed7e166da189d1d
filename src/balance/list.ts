import type { Knex } from 'knex';
import type { Db } from '../ground/database.ts';
import { type Cursor, type Page, readPage } from '../ground/keyset.ts';
import type { Transaction } from './ledger.ts';
import { withinDays } from './period.ts';

/** A transaction as it is listed, with its words and with who did it. */
export type TransactionLine = Transaction & {
  note: string;
  reference: string;
  /** Username of whoever did it; null for the system, or once it is erased. */
  actor: string | null;
  /** Whether a later row has taken it back. */
  isCancelled: boolean;
  sortKey: string;
};

export type TransactionFilter = {
  /** Whether cancelled transactions and their cancellations are shown. */
  showsCancelled: boolean;
  kind?: 'refill' | 'payment' | null;
  /** Days such as 2026-05-31 in `timeZone`, or in UTC, both included. */
  from?: string | null;
  to?: string | null;
  timeZone?: string;
};

export type TransactionRequest = { filter: TransactionFilter; limit: number; after?: Cursor | null; before?: Cursor | null };

export const seqOrder = { expression: 't.seq', type: 'bigint' } as const;

/** One page of a user's transactions, the newest first. A cancelled one and its cancellation are left out unless asked for. */
export async function listTransactions(
  db: Db,
  userId: number,
  { filter, ...span }: TransactionRequest,
): Promise<Page<TransactionLine>> {
  const query = withWords(db).where('t.userId', userId);
  narrow(query, filter);
  return readPage(db, query, { ...span, order: seqOrder, isDescending: true, id: 't.id' }, columns(db));
}

/** One transaction of a user, or null. */
export async function transactionOrNull(db: Db, userId: number, id: number): Promise<TransactionLine | null> {
  const found = await withWords(db)
    .where({ 't.userId': userId, 't.id': id })
    .first([...columns(db), db.raw('t.seq::text as sort_key')]);
  return found ?? null;
}

/** What was done to a user's balance in one connection, in order, cancelled or not. */
export const transactionsOfConnection = (db: Db, userId: number, connectionId: number): Promise<TransactionLine[]> =>
  withWords(db)
    .where({ 't.userId': userId, 't.connectionId': connectionId })
    .orderBy('t.seq')
    .select([...columns(db), db.raw('t.seq::text as sort_key')]);

/**
 * The rows of a user from one number to another, in their order; `limit` at most. What was cancelled only after them is not marked:
 * a period reads the same whenever it is read.
 */
export const transactionsBetween = (
  db: Db,
  userId: number,
  { firstSeq, lastSeq }: { firstSeq: number; lastSeq: number },
  limit: number,
): Promise<TransactionLine[]> =>
  withWords(db)
    .where('t.userId', userId)
    .whereBetween('t.seq', [firstSeq, lastSeq])
    .orderBy('t.seq')
    .limit(limit)
    .select([...columns(db, lastSeq), db.raw('t.seq::text as sort_key')]);

const withWords = (db: Db) =>
  db('transactions as t')
    .leftJoin('transactionWords as w', 'w.transactionId', 't.id')
    .leftJoin('users as a', 'a.id', 't.actorId');

/** Of a row that is cancelled only after the one numbered `lastSeq` nothing is said. */
const columns = (db: Db, lastSeq = 2_147_483_647) => [
  't.*',
  db.raw(`coalesce(w.note, '') as note`),
  db.raw(`coalesce(w.reference, '') as reference`),
  'a.username as actor',
  db.raw(`exists (${takenBack} and c.seq <= ?) as is_cancelled`, [lastSeq]),
];

const takenBack = 'select from transactions c where c.cancels = t.id';

function narrow(query: Knex.QueryBuilder, { showsCancelled, kind, from, to, timeZone = 'UTC' }: TransactionFilter): void {
  if (!showsCancelled) query.whereNot('t.kind', 'cancellation').whereRaw(`not exists (${takenBack})`);
  if (kind) query.where('t.kind', kind);
  withinDays(query, 't.at', { from, to, timeZone });
}
