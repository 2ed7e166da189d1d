import type { Knex } from 'knex';

/** Lists as administrators like them: views that are kept under a name, chosen columns, and an order by day of expiry. */
export async function up(db: Knex): Promise<void> {
  await db.raw(`
    create table saved_views (
      id bigint generated always as identity primary key,
      owner_id bigint not null references users on delete cascade,
      name text not null check (length(name) between 1 and 60),
      query text not null check (query <> ''),
      is_shared boolean not null default false,
      saved_at timestamptz not null default now()
    )`);
  await db.raw(`create unique index saved_views_of_owner on saved_views (owner_id, lower(name))`);
  await db.raw(`create index saved_views_shared on saved_views (id) where is_shared`);
  await db.raw(`alter table users add column list_columns text[]`);
  // Orders by it and finds what the smaller one found, which orders nothing: whoever never expires stands at its end.
  await db.raw(`create index users_by_expires on users (coalesce(expires_at, 'infinity'), id) where deleted_at is null`);
  await db.raw(`drop index users_expiring`);
}
