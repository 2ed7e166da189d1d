import type { Knex } from 'knex';

/** What statements, notices of a low balance, the nightly proof and the Overview need of the books. */
export async function up(db: Knex): Promise<void> {
  await keepTimeInOrder(db);
  await rememberLowBalances(db);
  await keepProofs(db);
  await sumDays(db);
  await seeTheWorker(db);
}

/**
 * A row is never earlier than the one before it, however long it has waited for the user's row and whatever the clock did: so a
 * period is a run of rows, and what it opens and closes with stands in them. By its name it comes after `transactions_are_posted`.
 */
async function keepTimeInOrder(db: Knex): Promise<void> {
  await db.raw(`
    create function keep_time_in_order() returns trigger language plpgsql as $$
    begin
      new.at := greatest(new.at, (select at from transactions where user_id = new.user_id and seq = new.seq - 1));
      return new;
    end $$`);
  await db.raw(`create trigger transactions_in_order before insert on transactions
    for each row execute function keep_time_in_order()`);
  await db.raw(
    `create index transactions_of_period on transactions (user_id, at, seq) include (kind, amount_minor, balance_after_minor)`,
  );
  // Sums of days are read from it alone, without the rows.
  await db.raw(`create index transactions_of_days on transactions (at) include (kind, amount_minor)`);
  await db.raw(`drop index transactions_by_time`);
}

/** The currency lies in the database for whatever is written without a page: notices, receipts. It is set at each start. */
async function rememberLowBalances(db: Knex): Promise<void> {
  await db.raw(`alter table settings add column currency text not null default 'EUR' check (currency ~ '^[A-Z]{3}$')`);
  await db.raw(`alter table users add column balance_low_since timestamptz`);
  await db.raw(`create index users_low on users (id) where balance_low_since is not null and deleted_at is null`);
}

/** Each proof of the books, with the first accounts that were wrong. */
async function keepProofs(db: Knex): Promise<void> {
  await db.raw(`
    create table ledger_proofs (
      id bigint generated always as identity primary key,
      started_at timestamptz not null,
      ended_at timestamptz not null default clock_timestamp(),
      users bigint not null,
      transactions bigint not null,
      wrong_users bigint not null,
      wrong jsonb not null default '[]'
    )`);
  await db.raw(`alter table settings add column proof_asked_at timestamptz not null default '-infinity'`);
}

/** What was moved on each day that is over, UTC: ten million rows are not summed up for every look at a chart. */
async function sumDays(db: Knex): Promise<void> {
  await db.raw(`
    create table money_days (
      day date primary key,
      refilled_minor bigint not null,
      paid_minor bigint not null,
      cancelled_minor bigint not null,
      refills integer not null,
      payments integer not null,
      cancellations integer not null
    )`);
}

/** When a worker was last there. */
async function seeTheWorker(db: Knex): Promise<void> {
  await db.raw(
    `create table worker_sign (id boolean primary key default true check (id), at timestamptz not null default now())`,
  );
  await db.raw(`insert into worker_sign default values`);
}
