import type { Knex } from 'knex';

/** A connection counts the pages that were opened in it, so that only the first of them are kept; a visit is found by its user. */
export async function up(db: Knex): Promise<void> {
  await db.raw(`alter table connections add column pages integer not null default 0`);
}
