import type { Db } from '../ground/database.ts';

/** What was moved on a day such as 2026-05-31, UTC. What was paid and cancelled is below zero, a cancelled payment above. */
export type MoneyDay = {
  day: string;
  refilledMinor: number;
  paidMinor: number;
  cancelledMinor: number;
  refills: number;
  payments: number;
  cancellations: number;
};

/** Days in one statement: a month of a busy console is summed up in a second. */
const chunkDays = 31;

/**
 * Sums up the days that are over since the last time, so that a chart of three months does not read millions of rows. Rows never
 * change, and none is written with a day that has been over for two hours, so a sum stays right.
 */
export async function sumMoneyDays(db: Db): Promise<void> {
  for (;;) {
    const { rows } = await db.raw(sumChunk, { days: chunkDays });
    if (rows.length < chunkDays) return;
  }
}

const isoDay = (column: string) => `to_char(${column}, 'YYYY-MM-DD') as day`;
const dayOfRow = `(at at time zone 'UTC')::date`;
const startOf = (day: string) => `(${day})::timestamp at time zone 'UTC'`;

const sums = `
  coalesce(sum(amount_minor) filter (where kind = 'refill'), 0)::bigint as refilled_minor,
  coalesce(sum(amount_minor) filter (where kind = 'payment'), 0)::bigint as paid_minor,
  coalesce(sum(amount_minor) filter (where kind = 'cancellation'), 0)::bigint as cancelled_minor,
  count(*) filter (where kind = 'refill') as refills,
  count(*) filter (where kind = 'payment') as payments,
  count(*) filter (where kind = 'cancellation') as cancellations`;

const sumChunk = `
  with span as (
    select coalesce((select max(day) + 1 from money_days), (select (min(at) at time zone 'UTC')::date from transactions)) as first,
      ((now() - interval '2 hours') at time zone 'UTC')::date - 1 as last
  ),
  wanted as (select first, least(last, first + :days::int - 1) as last from span),
  each as (select generate_series(first, last, interval '1 day')::date as day from wanted),
  moved as (
    select ${dayOfRow} as day, ${sums} from transactions, wanted
    where at >= ${startOf('wanted.first')} and at < ${startOf('wanted.last + 1')} group by 1
  )
  insert into money_days (day, refilled_minor, paid_minor, cancelled_minor, refills, payments, cancellations)
  select each.day, coalesce(refilled_minor, 0), coalesce(paid_minor, 0), coalesce(cancelled_minor, 0), coalesce(refills, 0),
    coalesce(payments, 0), coalesce(cancellations, 0)
  from each left join moved on moved.day = each.day
  on conflict do nothing returning day`;

/** The last so many days, today included, the earliest first: those that are summed up, and the rest as it stands in the books. */
export async function readMoneyDays(db: Db, days: number): Promise<MoneyDay[]> {
  const { rows } = await db.raw(readDays, { days });
  return rows;
}

const readDays = `
  with span as (select (now() at time zone 'UTC')::date - (:days::int - 1) as first, (now() at time zone 'UTC')::date as last),
  each as (select generate_series(first, last, interval '1 day')::date as day from span),
  since as (select greatest(first, coalesce((select max(day) + 1 from money_days), first)) as first from span),
  known as (
    select money_days.* from money_days, span where day >= span.first
    union all
    select ${dayOfRow} as day, ${sums} from transactions, since where at >= ${startOf('since.first')} group by 1
  )
  select ${isoDay('each.day')}, coalesce(refilled_minor, 0) as refilled_minor, coalesce(paid_minor, 0) as paid_minor,
    coalesce(cancelled_minor, 0) as cancelled_minor, coalesce(refills, 0) as refills, coalesce(payments, 0) as payments,
    coalesce(cancellations, 0) as cancellations
  from each left join known on known.day = each.day order by each.day`;
