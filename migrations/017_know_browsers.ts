import type { Knex } from 'knex';

/** Users see from which browsers they have signed in, and are told of the first sign-in after a lock. */
export async function up(db: Knex): Promise<void> {
  await db.raw(`
    alter table known_browsers
      add column id bigint generated always as identity unique,
      add column agent text not null default '',
      add column address text not null default ''`);
  await db.raw(`alter table users add column was_locked boolean not null default false`);
}
