import type { Knex } from 'knex';

/** What sending needs: how the mail server does, whose letters these are, and ways to find a letter among very many. */
export async function up(db: Knex): Promise<void> {
  await findLetters(db);
  await rememberTheServer(db);
  await knowTheDatabase(db);
  await db.raw(`alter table bulks add column mails_users boolean not null default false`);
}

async function findLetters(db: Knex): Promise<void> {
  await db.raw(`alter table letters add column username text not null default '', add column resent_of bigint`);
  await db.raw(`update letters set username = users.username from users where users.id = letters.user_id`);
  await db.raw(
    `alter table letters add column search text not null generated always as (lower(address) || E'\\n' || username) stored`,
  );
  await db.raw(`create index letters_search on letters using gin (search gin_trgm_ops)`);
  await db.raw(`create index letters_to_strangers on letters (search) where user_id is null`);
  await db.raw(`create index letters_of_link on letters (link_id) where link_id is not null`);
  // Somebody waits for a link: the news of an act upon thousands must not hold it up.
  await db.raw(`drop index letters_queued`);
  await db.raw(`create index letters_queued on letters ((link_id is null), due_at, id) where state = 'queued'`);
  // Whether the letter of an act has left is asked when the act is undone.
  await db.raw(`drop index letters_of_act`);
  await db.raw(`create index letters_of_act on letters (history_id) where history_id is not null`);
}

/** One row: while the server fails, one process tries now and then, and all letters wait. */
async function rememberTheServer(db: Knex): Promise<void> {
  await db.raw(`
    create table mail_server (
      id boolean primary key default true check (id),
      failures integer not null default 0,
      failing_since timestamptz,
      next_try_at timestamptz not null default now(),
      words text not null default ''
    )`);
  await db.raw(`insert into mail_server default values`);
}

/**
 * The mark of this database: a copy that a dump was restored to has another. The numbers of databases, tables and transactions
 * are given anew there, and reading them takes no right that a hosted database may withhold.
 */
async function knowTheDatabase(db: Knex): Promise<void> {
  await db.raw(`create table database_birth (id boolean primary key default true check (id))`);
  await db.raw(`insert into database_birth default values`);
  await db.raw(`
    create function database_mark() returns text language sql stable as $$
      select concat_ws('.', (select oid from pg_database where datname = current_database()), 'letters'::regclass::oid,
        (select xmin from database_birth))
    $$`);
  await db.raw(`alter table settings add column letters_of text not null default ''`);
  await db.raw(`update settings set letters_of = database_mark()`);
}
