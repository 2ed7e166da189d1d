import type { Knex } from 'knex';

/** What users tell the administrators, as conversations: made for many of them, found by any word, read in the order of their turn. */
export async function up(db: Knex): Promise<void> {
  await keepFeedback(db);
  await keepMessages(db);
}

/**
 * `turn` is the order of work: what waits for an answer, the longest first, before all the rest, the latest word first. In
 * milliseconds, so that one index serves both.
 */
async function keepFeedback(db: Knex): Promise<void> {
  const milliseconds = (column: string) =>
    `(extract(epoch from (${column} - timestamptz '1970-01-01 00:00:00+00')) * 1000)::bigint`;
  await db.raw(`
    create table feedback (
      id bigint generated always as identity primary key,
      user_id bigint not null references users on delete cascade,
      kind text not null check (kind in ('question', 'problem', 'idea', 'praise')),
      state text not null default 'open' check (state in ('open', 'answered', 'closed')),
      version integer not null default 1,
      created_at timestamptz not null default now(),
      last_message_at timestamptz not null default now(),
      waits_since timestamptz default now(),
      turn bigint not null generated always as (
        coalesce(${milliseconds('waits_since')}, 8000000000000000 - ${milliseconds('last_message_at')})) stored,
      check ((state = 'open') = (waits_since is not null))
    )`);
  await db.raw(`create index feedback_of_user on feedback (user_id, id)`);
  await db.raw(`create index feedback_by_turn on feedback (turn, id)`);
  await db.raw(`create index feedback_by_last_message on feedback (last_message_at, id)`);
  await db.raw(`create index feedback_open on feedback (id) where state = 'open'`);
}

/** `user_id` is whose feedback it is, `author_id` who wrote: an administrator too, on the user's behalf, while connected. */
async function keepMessages(db: Knex): Promise<void> {
  await db.raw(`
    create table feedback_messages (
      id bigint generated always as identity primary key,
      feedback_id bigint not null references feedback on delete cascade,
      user_id bigint not null references users on delete cascade,
      side text not null check (side in ('user', 'administrator', 'note')),
      author_id bigint references users on delete set null,
      connection_id bigint,
      text text not null check (length(text) between 1 and 2000),
      idempotency_key uuid not null,
      at timestamptz not null default clock_timestamp(),
      search text not null generated always as (fold(text)) stored,
      unique (user_id, idempotency_key)
    )`);
  await db.raw(`create index messages_of_feedback on feedback_messages (feedback_id, id)`);
  await db.raw(`create index messages_of_author on feedback_messages (author_id)`);
  await db.raw(`create index messages_search on feedback_messages using gin (search gin_trgm_ops)`);
}
