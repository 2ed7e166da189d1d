import { byteOrderMark, type Cell, writeCsv } from '../ground/csv.ts';
import type { Db } from '../ground/database.ts';
import { plainMoney } from '../ground/money.ts';
import type { User } from '../users/user.ts';
import { type TransactionLine, transactionsBetween } from './list.ts';
import type { Period } from './period.ts';

/** What a period opens and closes with, and what was moved in it. Minor units; what was paid and cancelled stands with its sign. */
export type Statement = {
  openingMinor: number;
  refilledMinor: number;
  paidMinor: number;
  cancelledMinor: number;
  closingMinor: number;
  count: number;
  /** Numbers of the first and the last row, as the user's own; 0 when there is none. Rows that come later are not among them. */
  firstSeq: number;
  lastSeq: number;
};

/** As many rows as a page shows; a file has all. */
export const mostShown = 1000;
const batchRows = 1000;

/**
 * Reads what a user's period comes to, by its index and without the rows. The rows of a user are in the order of their time, so the
 * period is a run of them, and its opening is the balance after the row before.
 */
export async function readStatement(db: Db, userId: number, { from, to, timeZone }: Period): Promise<Statement> {
  const { rows } = await db.raw(sumUp, { userId, from, to, timeZone });
  return rows[0];
}

const sumUp = `
  with period as (
    select (:from::date)::timestamp at time zone :timeZone as starts, (:to::date + 1)::timestamp at time zone :timeZone as ends
  ),
  opening as (
    select coalesce((select balance_after_minor from transactions where user_id = :userId and at < (select starts from period)
      order by at desc, seq desc limit 1), 0) as minor
  ),
  moved as (
    select coalesce(sum(amount_minor) filter (where kind = 'refill'), 0)::bigint as refilled_minor,
      coalesce(sum(amount_minor) filter (where kind = 'payment'), 0)::bigint as paid_minor,
      coalesce(sum(amount_minor) filter (where kind = 'cancellation'), 0)::bigint as cancelled_minor,
      coalesce(sum(amount_minor), 0)::bigint as minor,
      count(*) as count, coalesce(min(seq), 0) as first_seq, coalesce(max(seq), 0) as last_seq
    from transactions
    where user_id = :userId and at >= (select starts from period) and at < (select ends from period)
  )
  select opening.minor as opening_minor, refilled_minor, paid_minor, cancelled_minor, opening.minor + moved.minor as closing_minor,
    count, first_seq, last_seq
  from opening, moved`;

/** The first rows of a statement, cancelled ones and their cancellations among them; as many as a page shows. */
export const firstRows = (db: Db, userId: number, { firstSeq, lastSeq }: Statement): Promise<TransactionLine[]> =>
  transactionsBetween(db, userId, { firstSeq, lastSeq }, mostShown);

export type Printed = { currency: string; decimals: number; moment(at: Date): string };

export const statementColumns = [
  'number',
  'at',
  'time_zone',
  'kind',
  'amount',
  'balance_after',
  'currency',
  'cancels',
  'note',
  'reference',
  'by',
] as const;

/** A statement as CSV: opening, all rows, closing; a thousand rows at a time, and no more are read than are taken. */
export async function* statementFile(db: Db, { id }: Pick<User, 'id'>, period: Period, printed: Printed): AsyncGenerator<string> {
  const { firstSeq, lastSeq, ...sums } = await readStatement(db, id, period);
  const amount = (minor: number) => ({ digits: plainMoney(minor, printed.decimals) });
  const edge = (day: string, kind: string, minor: number) =>
    cells({ at: day, time_zone: period.timeZone, kind, balance_after: amount(minor), currency: printed.currency });
  yield byteOrderMark + writeCsv([statementColumns, edge(period.from, 'opening', sums.openingMinor)]);
  for (let next = firstSeq; next > 0 && next <= lastSeq; ) {
    const rows = await transactionsBetween(db, id, { firstSeq: next, lastSeq }, batchRows);
    if (rows.length === 0) break;
    yield writeCsv(rows.map((row) => cellsOf(row, period, printed)));
    next = (rows.at(-1)?.seq ?? lastSeq) + 1;
  }
  yield writeCsv([edge(period.to, 'closing', sums.closingMinor)]);
}

function cellsOf(row: TransactionLine, { timeZone }: Period, { currency, decimals, moment }: Printed): Cell[] {
  const amount = (minor: number) => ({ digits: plainMoney(minor, decimals) });
  return cells({
    number: String(row.id),
    at: moment(row.at),
    time_zone: timeZone,
    kind: row.isCancelled ? `${row.kind}, cancelled` : row.kind,
    amount: amount(row.amountMinor),
    balance_after: amount(row.balanceAfterMinor),
    currency,
    cancels: row.cancels === null ? '' : String(row.cancels),
    note: row.note,
    reference: row.reference,
    by: row.actor ?? '',
  });
}

const cells = (values: Partial<Record<(typeof statementColumns)[number], Cell>>): Cell[] =>
  statementColumns.map((name) => values[name] ?? '');
