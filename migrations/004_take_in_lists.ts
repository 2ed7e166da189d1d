import type { Knex } from 'knex';

/** Imports: the file's rows as they came, what each would become, its verdict, and what came of it. */
export async function up(db: Knex): Promise<void> {
  await db.raw(`
    create table imports (
      id bigint generated always as identity primary key,
      made_by bigint references users on delete set null,
      made_at timestamptz not null default now(),
      filename text not null,
      headings jsonb not null,
      columns jsonb not null,
      state text not null default 'reading' check (state in ('reading', 'ready', 'running', 'stopped', 'done')),
      run_by jsonb,
      admits_administrators boolean not null default false,
      total integer not null default 0,
      lease_until timestamptz,
      ended_at timestamptz
    )`);
  await db.raw(`create index imports_of_maker on imports (made_by, id)`);
  await db.raw(`create index imports_under_way on imports (lease_until) where state in ('reading', 'running')`);
  await db.raw(`
    create table import_rows (
      import_id bigint not null references imports on delete cascade,
      line integer not null,
      cells jsonb not null,
      fields jsonb,
      verdict text,
      problem text not null default '',
      user_id bigint,
      primary key (import_id, line)
    )`);
  await db.raw(`create index import_rows_by_verdict on import_rows (import_id, verdict, line)`);
  // Which row of a file was the first with a username and an address; only while its verdicts are found.
  await db.raw(`
    create unlogged table import_claims (
      import_id bigint not null,
      line integer not null,
      username text not null,
      email text not null,
      unique (import_id, username),
      unique (import_id, email)
    )`);
}
