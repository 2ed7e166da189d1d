import type { Knex } from 'knex';

/**
 * Cancellations alone are in the index: few, beside the refills and payments of everybody. Whether a payment holds is asked by every
 * list of payments and of every tariff, and reads next to nothing this way; a refill has one index less to write.
 */
export async function up(db: Knex): Promise<void> {
  await db.raw(`create unique index transactions_cancelled on transactions (cancels) where cancels is not null`);
  await db.raw(`alter table transactions drop constraint transactions_cancels_key`);
}
