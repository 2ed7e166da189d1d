import type { Knex } from 'knex';

/** Links that are sent by mail, the letters that bring them, and the rules by which people come in. */
export async function up(db: Knex): Promise<void> {
  await keepLinks(db);
  await keepLetters(db);
  await wakeTheWorker(db);
  await db.raw(`alter table users add column muted_letters text[] not null default '{}'`);
  await db.raw(`
    alter table settings
      add column outgoing_mail boolean not null default false,
      add column registration text not null default 'closed' check (registration in ('closed', 'invitation', 'listed', 'open')),
      add column approval boolean not null default true`);
}

/** A token is computed from the row when it is sent and never stored: see src/links/links.ts. */
async function keepLinks(db: Knex): Promise<void> {
  await db.raw(`
    create table links (
      id bigint generated always as identity primary key,
      purpose text not null check (purpose in ('verification', 'email-change', 'activation', 'reset', 'invitation')),
      user_id bigint references users on delete cascade,
      invitation_id bigint,
      email text not null,
      random bytea not null,
      counter integer not null default 1,
      issued_at timestamptz not null default now(),
      expires_at timestamptz not null,
      used_at timestamptz,
      voided_at timestamptz,
      check (num_nonnulls(user_id, invitation_id) = 1),
      check ((purpose = 'invitation') = (invitation_id is not null))
    )`);
  await db.raw(`create unique index links_one_each on links (purpose, coalesce(user_id, invitation_id))`);
  await db.raw(`create index links_of_user on links (user_id) where user_id is not null`);
}

async function keepLetters(db: Knex): Promise<void> {
  await db.raw(`
    create table letters (
      id bigint generated always as identity primary key,
      kind text not null,
      user_id bigint references users on delete cascade,
      address text not null check (address ~ '^[\\x21-\\x7e]+@[\\x21-\\x7e]+$' and length(address) <= 254),
      data jsonb not null default '{}',
      link_id bigint references links on delete set null,
      link_counter integer,
      message_id uuid not null default gen_random_uuid(),
      state text not null default 'queued' check (state in ('queued', 'sent', 'failed', 'dropped', 'unsent')),
      created_at timestamptz not null default now(),
      due_at timestamptz not null default now(),
      lease_until timestamptz,
      tries integer not null default 0,
      ended_at timestamptz,
      server_words text not null default '',
      history_id bigint
    )`);
  await db.raw(`create index letters_queued on letters (due_at) where state = 'queued'`);
  await db.raw(`create index letters_of_user on letters (user_id, id)`);
  await db.raw(`create index letters_by_state on letters (state, id)`);
  await db.raw(`create index letters_of_act on letters (history_id) where history_id is not null and state = 'queued'`);
}

/** With the owner's rights, as the queue is the owner's; where no worker has ever run there is nothing to wake. */
async function wakeTheWorker(db: Knex): Promise<void> {
  await db.raw(`
    create function wake(job text) returns void language plpgsql security definer set search_path = pg_catalog as $$
    begin
      if to_regnamespace('graphile_worker') is not null then
        perform graphile_worker.add_job(job, max_attempts => 1);
      end if;
    end $$`);
  await db.raw(`
    create function wake_postman() returns trigger language plpgsql as $$
    begin
      perform wake('send_letters');
      return null;
    end $$`);
  await db.raw(`create trigger wake_postman after insert on letters for each statement execute function wake_postman()`);
}
