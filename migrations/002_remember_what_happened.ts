import type { Knex } from 'knex';

/** History: facts that nobody can change, personal words beside them that a purge can erase, a chain over both. */
export async function up(db: Knex): Promise<void> {
  await db.raw(`
    create table history (
      id bigint generated always as identity primary key,
      at timestamptz not null default clock_timestamp(),
      act text not null,
      outcome text not null default 'done' check (outcome in ('done', 'refused', 'failed')),
      actor_id bigint,
      subject_id bigint,
      user_id bigint,
      session_id bigint,
      request_id text,
      actor_digest bytea not null,
      user_digest bytea not null
    )`);
  await db.raw(`create index history_of_user on history (user_id, id)`);
  await db.raw(`create index history_of_actor on history (actor_id, id)`);
  await db.raw(`create index history_by_act on history (act, id)`);
  // Whose words they are decides when they are erased: the actor's (name, address) and the user's (before, after, reason).
  await db.raw(`
    create table history_words (
      history_id bigint not null,
      part text not null check (part in ('actor', 'user')),
      person_id bigint,
      salt bytea not null,
      words json not null,
      primary key (history_id, part)
    )`);
  await db.raw(`create index history_words_of_person on history_words (person_id)`);
  await db.raw(`create table history_unsealed (history_id bigint primary key)`);
  await db.raw(`
    create table history_chain (
      position bigint primary key,
      history_id bigint not null unique,
      hash bytea not null
    )`);
  await queueForSealing(db);
  await refuseChanges(db);
}

async function queueForSealing(db: Knex): Promise<void> {
  await db.raw(`
    create function queue_for_sealing() returns trigger language plpgsql as $$
    begin
      insert into history_unsealed select id from written;
      return null;
    end $$`);
  await db.raw(`create trigger queue_for_sealing after insert on history referencing new table as written
    for each statement execute function queue_for_sealing()`);
}

async function refuseChanges(db: Knex): Promise<void> {
  await db.raw(`
    create function refuse_change() returns trigger language plpgsql as $$
    begin
      raise exception 'rows of % are never changed', tg_table_name using errcode = 'restrict_violation';
    end $$`);
  for (const table of ['history', 'history_chain']) {
    await db.raw(`create trigger ${table}_is_kept before update or delete or truncate on ${table}
      for each statement execute function refuse_change()`);
  }
  await db.raw(`create trigger history_words_are_kept before update or truncate on history_words
    for each statement execute function refuse_change()`);
}
