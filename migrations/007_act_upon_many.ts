import type { Knex } from 'knex';

/** Acts upon many users: who is selected, the verdict on each before anything is done, and what came of it. */
export async function up(db: Knex): Promise<void> {
  // An act is chosen last: until then the row is only a selection. `gathered_to` is how far the
  // users of a filter are taken in, `done_to` how far they are acted upon: both in the order of their ids.
  await db.raw(`
    create table bulks (
      id bigint generated always as identity primary key,
      made_by bigint references users on delete set null,
      made_at timestamptz not null default now(),
      act text,
      upon text not null check (upon in ('live', 'deleted')),
      filter jsonb,
      users integer not null default 0,
      gathered_to bigint,
      done_to bigint not null default 0,
      unknown_names jsonb not null default '[]',
      return_to text not null default '/users',
      input jsonb not null default '{}',
      consequences jsonb not null default '[]',
      state text not null check (state in ('selecting', 'asking', 'checking', 'ready', 'running', 'stopped', 'done')),
      run_by jsonb,
      ended_at timestamptz,
      undoes bigint unique references bulks on delete set null
    )`);
  await db.raw(`create index bulks_of_maker on bulks (made_by, id)`);
  await db.raw(`create index bulks_under_way on bulks (id) where state in ('checking', 'running')`);
  await db.raw(`
    create table bulk_rows (
      bulk_id bigint not null references bulks on delete cascade,
      user_id bigint not null,
      verdict text check (verdict in ('ready', 'refused', 'done')),
      reason text not null default '',
      history_id bigint,
      primary key (bulk_id, user_id)
    )`);
  await db.raw(`create index bulk_rows_by_verdict on bulk_rows (bulk_id, verdict, user_id)`);
  await db.raw(`create index bulk_rows_of_user on bulk_rows (user_id)`);
}
