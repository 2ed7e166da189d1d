import type { Knex } from 'knex';

/** An administrator acts on a user's behalf: who, for whom, why, how far and until when; every act says that it was done so. */
export async function up(db: Knex): Promise<void> {
  await db.raw(`
    create table connections (
      id bigint generated always as identity primary key,
      actor_id bigint references users on delete set null,
      user_id bigint not null references users on delete cascade,
      mode text not null check (mode in ('full', 'read')),
      reason text not null default '',
      started_at timestamptz not null default now(),
      ends_at timestamptz not null,
      ended_at timestamptz,
      ended_by text check (ended_by in ('disconnected', 'expired', 'replaced', 'signed-out', 'standing')),
      came_from text not null default '/users',
      check (actor_id <> user_id),
      check ((ended_at is null) = (ended_by is null))
    )`);
  await db.raw(`create index connections_to_user on connections (user_id, id)`);
  await db.raw(`create index connections_open on connections (ends_at) where ended_at is null`);
  await db.raw(`
    create table connection_pages (
      id bigint generated always as identity primary key,
      connection_id bigint not null references connections on delete cascade,
      at timestamptz not null default clock_timestamp(),
      path text not null
    )`);
  await db.raw(`create index pages_of_connection on connection_pages (connection_id, id)`);
  await db.raw(`alter table sessions add column connection_id bigint references connections on delete set null`);
  await db.raw(`alter table history add column connection_id bigint`);
  await db.raw(`create index history_of_connection on history (connection_id, id) where connection_id is not null`);
  await db.raw(`
    alter table settings
      add column connection_minutes integer not null default 60 check (connection_minutes between 1 and 480),
      add column connection_reason boolean not null default true,
      add column connection_told boolean not null default true,
      add column connection_proof boolean not null default false`);
}
