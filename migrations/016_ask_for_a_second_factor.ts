import type { Knex } from 'knex';

/** Authenticator apps, recovery codes, passkeys, and sign-ins that wait for their second step. */
export async function up(db: Knex): Promise<void> {
  // Since when a second step follows the password: kept by src/twofactor with the account held, read with every session.
  await db.raw(`alter table users add column two_factor_since timestamptz`);
  await db.raw(`
    alter table settings add column two_factor_for_administrators text not null default 'optional'
      check (two_factor_for_administrators in ('optional', 'required'))`);
  await keepCodes(db);
  await keepPasskeys(db);
  await db.raw(`
    create table pending_sign_ins (
      sid_hash bytea primary key,
      user_id bigint not null references users on delete cascade,
      password_digest bytea not null,
      tries integer not null default 0,
      expires_at timestamptz not null
    )`);
  await db.raw(`create index pending_sign_ins_of_user on pending_sign_ins (user_id)`);
  await db.raw(`create index pending_sign_ins_expiring on pending_sign_ins (expires_at)`);
}

/** The secret of an app lies sealed with the server's secret, a code as its digest: a copy of the database opens nothing. */
async function keepCodes(db: Knex): Promise<void> {
  await db.raw(`
    create table authenticators (
      user_id bigint primary key references users on delete cascade,
      sealed_secret text not null,
      last_step bigint not null,
      added_at timestamptz not null default now()
    )`);
  await db.raw(`
    create table recovery_codes (
      user_id bigint not null references users on delete cascade,
      code_hash bytea not null,
      made_at timestamptz not null default now(),
      used_at timestamptz,
      primary key (user_id, code_hash)
    )`);
}

async function keepPasskeys(db: Knex): Promise<void> {
  await db.raw(`
    create table passkeys (
      id bigint generated always as identity primary key,
      user_id bigint not null references users on delete cascade,
      credential_id text not null unique,
      public_key bytea not null,
      counter bigint not null,
      transports text[] not null default '{}',
      name text not null check (length(name) between 1 and 60),
      added_at timestamptz not null default now(),
      last_used_at timestamptz
    )`);
  await db.raw(`create index passkeys_of_user on passkeys (user_id)`);
  await db.raw(`
    create table passkey_challenges (
      challenge_hash bytea primary key,
      purpose text not null check (purpose in ('add', 'sign in', 'second step', 'confirm')),
      sid_hash bytea not null,
      expires_at timestamptz not null
    )`);
  await db.raw(`create index passkey_challenges_expiring on passkey_challenges (expires_at)`);
}
