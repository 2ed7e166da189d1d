import type { Knex } from 'knex';
import { withinDays } from '../balance/period.ts';
import type { Db } from '../ground/database.ts';
import { type Cursor, type Page, readPage } from '../ground/keyset.ts';
import { isCancelled, isPaid } from '../tariffs/allowance.ts';

/** A period that was paid, with who paid it and what has become of it. */
export type PaymentLine = {
  id: number;
  userId: number;
  /** Username and name of whose balance it was; null once that account is erased. */
  username: string | null;
  name: string | null;
  tariffId: number;
  tariff: string;
  startsAt: Date;
  endsAt: Date;
  priceMinor: number;
  transactionId: number;
  paidAt: Date;
  /** Null for what renewed itself, and for whoever is erased. */
  actorId: number | null;
  actor: string | null;
  connectionId: number | null;
  isRenewal: boolean;
  cancelledAt: Date | null;
  stage: 'running' | 'coming' | 'over' | 'cancelled';
  sortKey: string;
};

export type PaymentFilter = {
  userId?: number;
  username?: string | null;
  tariffId?: number | null;
  stage?: PaymentLine['stage'] | null;
  /** Days on which they were paid, such as 2026-05-31, in UTC, both included. */
  from?: string | null;
  to?: string | null;
};

export type PaymentRequest = { filter: PaymentFilter; limit: number; after?: Cursor | null; before?: Cursor | null };

export const paymentOrder = { expression: 'payments.id', type: 'bigint' } as const;

/** One page of payments, the newest first, cancelled ones among them. */
export function listPayments(db: Db, { filter, ...span }: PaymentRequest): Promise<Page<PaymentLine>> {
  const query = db('payments')
    .join('tariffs', 'tariffs.id', 'payments.tariffId')
    .join('transactions as t', 't.id', 'payments.transactionId')
    .leftJoin('transactions as c', 'c.cancels', 't.id')
    .leftJoin('users as u', 'u.id', 'payments.userId')
    .leftJoin('users as a', 'a.id', 't.actorId');
  narrow(query, filter);
  return readPage(db, query, { ...span, order: paymentOrder, isDescending: true, id: 'payments.id' }, columns(db));
}

const stagesWith = (isCancelled: string, isPaid: string): Record<PaymentLine['stage'], string> => ({
  cancelled: isCancelled,
  over: `${isPaid} and payments.ends_at <= now()`,
  coming: `${isPaid} and payments.starts_at > now()`,
  running: `${isPaid} and payments.starts_at <= now() and payments.ends_at > now()`,
});

const stageColumn = `case ${Object.entries(stagesWith('c.id is not null', 'c.id is null'))
  .map(([stage, condition]) => `when ${condition} then '${stage}'`)
  .join(' ')} end as stage`;

/** Not asked of the join that shows the cancellation: Postgres would expect next to none without, and read the books of everybody. */
const stages = stagesWith(isCancelled, isPaid);

const columns = (db: Db) => [
  'payments.id',
  'payments.userId',
  'u.username',
  'u.name',
  'payments.tariffId',
  'tariffs.name as tariff',
  'payments.startsAt',
  'payments.endsAt',
  db.raw('-t.amount_minor as price_minor'),
  't.id as transactionId',
  't.at as paidAt',
  't.actorId',
  'a.name as actor',
  't.connectionId',
  db.raw('t.actor_id is null as is_renewal'),
  'c.at as cancelledAt',
  db.raw(stageColumn),
];

function narrow(query: Knex.QueryBuilder, { userId, username, tariffId, stage, from, to }: PaymentFilter): void {
  if (userId !== undefined) query.where('payments.userId', userId);
  if (username) query.where('u.username', username.toLowerCase());
  if (tariffId) query.where('payments.tariffId', tariffId);
  if (stage) query.whereRaw(stages[stage]);
  withinDays(query, 't.at', { from, to, timeZone: 'UTC' });
}
