import type { Knex } from 'knex';

/** Periods that begin where the last one ended, on the same day of each month, and what renews itself at which price. */
export async function up(db: Knex): Promise<void> {
  // Counted from the anchor, so that what began on a 31st does not slide to the 28th for good.
  await db.raw(`
    alter table payments
      add column period text not null default 'month' check (period in ('day', 'week', 'month', 'year')),
      add column anchor_at timestamptz not null default now(),
      add column nth integer not null default 1 check (nth > 0)`);
  await db.raw(`create index payments_of_tariff on payments (tariff_id, ends_at)`);
  // What is paid until when, and the price that its user was told: the next payment takes that one.
  await db.raw(`
    alter table renewals
      add column ends_at timestamptz not null default now(),
      add column anchor_at timestamptz not null default now(),
      add column nth integer not null default 1,
      add column price_minor bigint not null default 1 check (price_minor > 0),
      add column failed_for timestamptz`);
  await db.raw(`create index renewals_by_end on renewals (ends_at)`);
  await db.raw(`create index renewals_of_tariff on renewals (tariff_id, price_minor)`);
}
