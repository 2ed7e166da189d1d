import type { Knex } from 'knex';

/** People who have forgotten their password ask here; and an import may send its accounts their activation mails. */
export async function up(db: Knex): Promise<void> {
  // Written for everybody who asks, whoever that is, and answered by the worker: the page has nothing to tell of accounts.
  await db.raw(`
    create table forgotten (
      id bigint generated always as identity primary key,
      identifier text not null check (length(identifier) <= 254),
      address text not null default '',
      asked_at timestamptz not null default now()
    )`);
  await db.raw(`
    create function wake_recovery() returns trigger language plpgsql as $$
    begin
      perform wake('answer_forgotten');
      return null;
    end $$`);
  await db.raw(`create trigger wake_recovery after insert on forgotten for each statement execute function wake_recovery()`);
  await db.raw(`alter table imports add column mails_activation boolean not null default false`);
}
