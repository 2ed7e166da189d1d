import type { Knex } from 'knex';

/** An act says which one it undoes, and none is undone twice; the attempts upon many users are forgotten along an index. */
export async function up(db: Knex): Promise<void> {
  await db.raw(`alter table history add column undoes bigint`);
  await db.raw(`create unique index history_undone on history (undoes) where undoes is not null`);
  await db.raw(`create index attempts_of_account on attempts (split_part(key, ' browser ', 1))`);
}
