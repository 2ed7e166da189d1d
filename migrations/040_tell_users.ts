import type { Knex } from 'knex';

/** Notifications, and announcements to many users at once, whose text lies once and not with each receiver. */
export async function up(db: Knex): Promise<void> {
  await db.raw(`
    create table shared_texts (
      id bigint generated always as identity primary key,
      title text not null,
      text text not null,
      withdrawn_at timestamptz,
      banner_until timestamptz,
      -- Of the notifications that have been erased: how many had been read.
      readers integer not null default 0
    )`);
  await keepNotifications(db);
  await letLettersShareTexts(db);
  await keepAnnouncements(db);
  await db.raw(
    `alter table settings add column notification_days integer not null default 90 check (notification_days between 7 and 3650)`,
  );
}

/** What it says and where it leads, as it was written; of a shared text only its number. `about_id` is whose name stands in it. */
async function keepNotifications(db: Knex): Promise<void> {
  await db.raw(`
    create table notifications (
      id bigint generated always as identity primary key,
      user_id bigint not null references users on delete cascade,
      kind text not null,
      says text not null default '',
      leads text not null default '' check (leads = '' or leads like '/%'),
      about_id bigint references users on delete cascade,
      text_id bigint references shared_texts on delete cascade,
      history_id bigint,
      due_at timestamptz not null default now(),
      read_at timestamptz
    )`);
  await db.raw(`create index notifications_of_user on notifications (user_id, ((read_at is null)::int), id)`);
  await db.raw(`create index notifications_unread on notifications (user_id, id) where read_at is null`);
  await db.raw(`create index notifications_of_act on notifications (history_id) where history_id is not null`);
  await db.raw(`create index notifications_about on notifications (about_id) where about_id is not null`);
  await db.raw(`create unique index notifications_of_text on notifications (text_id, user_id) where text_id is not null`);
  await db.raw(
    `create index notifications_read_of_text on notifications (text_id) where text_id is not null and read_at is not null`,
  );
}

/** What goes to everybody leaves last: it must not keep waiting what concerns one alone. */
async function letLettersShareTexts(db: Knex): Promise<void> {
  await db.raw(`alter table letters add column text_id bigint references shared_texts on delete set null`);
  await db.raw(`create index letters_of_text on letters (text_id) where text_id is not null`);
  await db.raw(`drop index letters_queued`);
  await db.raw(
    `create index letters_queued on letters ((link_id is null), (text_id is not null), due_at, id) where state = 'queued'`,
  );
}

/** `done_to` is how far the receivers are served in the order of their ids, `up_to` the last account there was when it was sent. */
async function keepAnnouncements(db: Knex): Promise<void> {
  await db.raw(`
    create table announcements (
      id bigint generated always as identity primary key,
      title text not null check (length(title) between 1 and 100),
      text text not null check (length(text) between 1 and 4000),
      words text not null default '',
      filter jsonb not null default '{"q": ""}',
      mails boolean not null default false,
      banner_until timestamptz,
      version integer not null default 1,
      state text not null default 'draft' check (state in ('draft', 'sending', 'stopped', 'sent', 'withdrawn')),
      made_by bigint references users on delete set null,
      made_at timestamptz not null default now(),
      text_id bigint references shared_texts,
      run_by jsonb,
      up_to bigint not null default 0,
      done_to bigint not null default 0,
      expected integer not null default 0,
      receivers integer not null default 0,
      sent_by bigint references users on delete set null,
      sent_at timestamptz,
      ended_at timestamptz,
      withdrawn_at timestamptz,
      is_cleared boolean not null default false,
      check ((state = 'draft') = (text_id is null))
    )`);
  await db.raw(
    `create index announcements_under_way on announcements (id) where state = 'sending' or (state = 'withdrawn' and not is_cleared)`,
  );
}
