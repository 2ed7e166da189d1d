import type { Knex } from 'knex';

/** Who is signed in, from which browsers, how often it was tried, and the rules an administrator can change. */
export async function up(db: Knex): Promise<void> {
  await db.raw(`
    create table settings (
      id boolean primary key default true check (id),
      account_limit integer not null default 0 check (account_limit >= 0),
      account_limit_url text not null default '',
      lock_failures integer not null default 5 check (lock_failures between 1 and 100),
      lock_minutes integer not null default 15 check (lock_minutes between 1 and 1440),
      idle_minutes_administrators integer not null default 30 check (idle_minutes_administrators > 0),
      idle_minutes integer not null default 720 check (idle_minutes > 0),
      session_days integer not null default 7 check (session_days > 0),
      restore_days integer not null default 30 check (restore_days > 0),
      version integer not null default 1
    )`);
  await db.raw(`insert into settings default values`);
  await db.raw(`
    create table sessions (
      id bigint generated always as identity primary key,
      sid_hash bytea not null unique,
      user_id bigint not null references users on delete cascade,
      created_at timestamptz not null default now(),
      last_seen_at timestamptz not null default now(),
      expires_at timestamptz not null,
      confirmed_at timestamptz not null default now(),
      address text not null default '',
      agent text not null default '',
      flash jsonb
    )`);
  await db.raw(`create index sessions_of_user on sessions (user_id)`);
  await db.raw(`create index sessions_expiring on sessions (expires_at)`);
  await db.raw(`
    create table known_browsers (
      user_id bigint not null references users on delete cascade,
      token_hash bytea not null,
      first_seen_at timestamptz not null default now(),
      last_seen_at timestamptz not null default now(),
      primary key (user_id, token_hash)
    )`);
  await db.raw(`
    create table attempts (
      key text primary key,
      count integer not null,
      window_ends_at timestamptz not null
    )`);
  await db.raw(`create index attempts_ending on attempts (window_ends_at)`);
}
