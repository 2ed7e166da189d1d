import type { Knex } from 'knex';

/** The accounts themselves, made for millions: every way of listing them has its index. */
export async function up(db: Knex): Promise<void> {
  await db.raw(`create extension if not exists pg_trgm`);
  // What people type and what is stored meet in one form: no accents, no case, compatibility letters folded.
  await db.raw(`
    create function fold(words text) returns text language sql immutable parallel safe strict
    return lower(regexp_replace(normalize(words, NFKD), '[\u0300-\u036f]', '', 'g'))`);
  await db.raw(`
    create table users (
      id bigint generated always as identity primary key,
      username text not null unique check (username ~ '^[a-z0-9](-{0,1}[a-z0-9])*$' and length(username) between 2 and 36),
      email text not null check (email ~ '^[\\x21-\\x7e]+@[\\x21-\\x7e]+$' and length(email) <= 254),
      email_verified_at timestamptz,
      name text not null check (length(name) between 1 and 201),
      first_name text not null default '',
      last_name text not null default '',
      organization text not null default '',
      phone text not null default '',
      user_type text not null default 'individual' check (user_type in ('individual', 'legal_entity')),
      unp text not null default '',
      legal_address text not null default '',
      postal_address text not null default '',
      bank text not null default '',
      bank_account text not null default '',
      additional_info text not null default '' check (length(additional_info) <= 2000),
      preferred_map text not null default '',
      description text not null default '' check (length(description) <= 2000),
      profile text not null default 'customer'
        check (profile in ('administrator', 'standard', 'group', 'monitor', 'api', 'customer')),
      state text not null check (state in ('STATE_REQUESTED', 'STATE_INVITED', 'STATE_APPROVED', 'STATE_INACTIVE',
        'STATE_FLAGGED', 'STATE_SUSPENDED', 'STATE_REJECTED')),
      state_reason text not null default '',
      locked_at timestamptz,
      expires_at timestamptz,
      last_sign_in_at timestamptz,
      registered_at timestamptz not null default now(),
      updated_at timestamptz not null default now(),
      password_hash text,
      password_updated_at timestamptz,
      must_change_password boolean not null default false,
      single_use_expires_at timestamptz,
      identity_source text not null default 'local' check (identity_source in ('local', 'federated')),
      locale text not null default 'en',
      time_zone text not null default 'UTC',
      theme text not null default 'system' check (theme in ('system', 'light', 'dark')),
      balance_minor bigint not null default 0,
      version integer not null default 1,
      deleted_at timestamptz,
      search text not null generated always as (fold(
        username || E'\\n' || name || E'\\n' || first_name || E'\\n' || last_name || E'\\n' || organization || E'\\n' || email
        || E'\\n' || phone || E'\\n' || regexp_replace(phone, '\\D', '', 'g') || E'\\n' || unp)) stored
    )`);
  // The autovacuum default waits for a fifth of the table: too late for a table of millions that is listed all day.
  await db.raw(`alter table users set (autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02)`);
  await db.raw(`create unique index users_live_email on users (lower(email collate "C")) where deleted_at is null`);
  await db.raw(`create index users_search on users using gin (search gin_trgm_ops) where deleted_at is null`);
  for (const [name, key] of Object.entries(orders)) {
    await db.raw(`create index users_by_${name} on users (${key}, id) where deleted_at is null`);
  }
  await db.raw(`create index users_deleted on users (deleted_at, id) where deleted_at is not null`);
  await db.raw(`create index users_locked on users (id) where locked_at is not null and deleted_at is null`);
  await db.raw(`create index users_unverified on users (id) where email_verified_at is null and deleted_at is null`);
  await db.raw(`create index users_expiring on users (expires_at) where expires_at is not null and deleted_at is null`);
  await db.raw(`create index users_administrators on users (id) where profile = 'administrator'`);
  await keepCount(db);
}

/** One index for each column of the list; the same expressions stand in src/users/order.ts. */
const orders = {
  name: 'fold(name)',
  username: 'username',
  email: 'lower(email collate "C")',
  phone: 'phone',
  profile: 'profile',
  description: 'left(description, 60)',
  state: 'state',
  last_sign_in: `coalesce(last_sign_in_at, '-infinity')`,
  registered: 'registered_at',
};

/** The total is kept, not counted: exact at any size, and the row that the account limit locks. */
async function keepCount(db: Knex): Promise<void> {
  await db.raw(`create table account_counter (id boolean primary key default true check (id), live bigint not null default 0)`);
  await db.raw(`insert into account_counter default values`);
  await db.raw(`
    create function count_accounts() returns trigger language plpgsql as $$
    declare change bigint := 0;
    begin
      if tg_op <> 'DELETE' then change := change + (select count(*) from arrived where deleted_at is null); end if;
      if tg_op <> 'INSERT' then change := change - (select count(*) from gone where deleted_at is null); end if;
      if change <> 0 then update account_counter set live = live + change; end if;
      return null;
    end $$`);
  const triggers = {
    insert: 'new table as arrived',
    delete: 'old table as gone',
    update: 'old table as gone new table as arrived',
  };
  for (const [event, tables] of Object.entries(triggers)) {
    await db.raw(`create trigger count_accounts_${event} after ${event} on users referencing ${tables}
      for each statement execute function count_accounts()`);
  }
}
