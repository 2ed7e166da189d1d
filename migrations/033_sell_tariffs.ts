import type { Knex } from 'knex';

/** What can be bought, the periods that were bought, and which of them go on by themselves. */
export async function up(db: Knex): Promise<void> {
  await db.raw(`
    create table tariffs (
      id bigint generated always as identity primary key,
      name text not null check (length(name) between 1 and 100),
      description text not null default '' check (length(description) <= 2000),
      price_minor bigint not null check (price_minor > 0),
      period text not null check (period in ('day', 'week', 'month', 'year')),
      for_type text not null default 'everybody' check (for_type in ('everybody', 'individual', 'legal_entity')),
      most_things integer check (most_things > 0),
      is_active boolean not null default true,
      version integer not null default 1,
      created_at timestamptz not null default now(),
      updated_at timestamptz not null default now()
    )`);
  await db.raw(`create unique index tariffs_by_name on tariffs (fold(name))`);
  // A period belongs to the transaction that bought it: taken back with it, kept as long as the books are.
  await db.raw(`
    create table payments (
      id bigint generated always as identity primary key,
      transaction_id bigint not null unique references transactions,
      user_id bigint not null,
      tariff_id bigint not null references tariffs,
      starts_at timestamptz not null,
      ends_at timestamptz not null check (ends_at > starts_at),
      most_things integer
    )`);
  await db.raw(`create index payments_of_user on payments (user_id, tariff_id, ends_at)`);
  await db.raw(`
    create table renewals (
      user_id bigint not null references users on delete cascade,
      tariff_id bigint not null references tariffs on delete cascade,
      since timestamptz not null default now(),
      noticed_for timestamptz,
      primary key (user_id, tariff_id)
    )`);
  await db.raw(`create trigger payments_are_kept before update or delete or truncate on payments
    for each statement execute function refuse_change()`);
  await db.raw(`
    alter table settings
      add column low_balance integer not null default 0 check (low_balance >= 0)`);
  await db.raw(`alter table users add column lasts_until timestamptz`);
  await db.raw(`create index users_by_lasts_until on users (coalesce(lasts_until, 'infinity'), id) where deleted_at is null`);
}
