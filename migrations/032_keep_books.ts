import type { Knex } from 'knex';

/** The books: rows that nobody can change, balances that only a new row moves, words beside them that a purge can erase. */
export async function up(db: Knex): Promise<void> {
  await db.raw(`alter table settings add column debt boolean not null default false,
    add column refill_confirm_above integer not null default 1000 check (refill_confirm_above >= 0)`);
  await keepTransactions(db);
  await writeBalances(db);
  await refuseChanges(db);
}

/** A user is its bare number here: the books outlive the account. */
async function keepTransactions(db: Knex): Promise<void> {
  await db.raw(`
    create table transactions (
      id bigint generated always as identity primary key,
      user_id bigint not null,
      seq integer not null,
      kind text not null check (kind in ('refill', 'payment', 'cancellation')),
      amount_minor bigint not null check (amount_minor <> 0),
      balance_after_minor bigint not null check (abs(balance_after_minor) <= 9000000000000000),
      cancels bigint unique references transactions,
      idempotency_key uuid not null,
      actor_id bigint,
      subject_id bigint,
      connection_id bigint,
      at timestamptz not null default clock_timestamp(),
      unique (user_id, seq),
      unique (user_id, idempotency_key),
      check ((kind = 'cancellation') = (cancels is not null)),
      check (kind <> 'refill' or amount_minor > 0),
      check (kind <> 'payment' or amount_minor < 0)
    )`);
  await db.raw(`create index transactions_by_time on transactions (at)`);
  await db.raw(`
    create table transaction_words (
      transaction_id bigint primary key references transactions,
      user_id bigint not null,
      note text not null default '' check (length(note) <= 200),
      reference text not null default '' check (length(reference) <= 100)
    )`);
  await db.raw(`create index transaction_words_of_user on transaction_words (user_id)`);
}

/**
 * The one writer: a new row takes its number and its balance from the user's row, which it holds, and moves the balance there. A
 * payment never goes below zero, a cancellation only where the setting allows debt.
 */
async function writeBalances(db: Knex): Promise<void> {
  await db.raw(`
    create function post_transaction() returns trigger language plpgsql as $$
    declare held bigint;
    begin
      select balance_minor into held from users where id = new.user_id for update;
      if not found then raise exception 'no user %', new.user_id using errcode = 'foreign_key_violation'; end if;
      new.balance_after_minor := held + new.amount_minor;
      new.seq := coalesce((select max(seq) from transactions where user_id = new.user_id), 0) + 1;
      if new.balance_after_minor < 0 and new.amount_minor < 0
        and (new.kind = 'payment' or not (select debt from settings)) then
        raise exception 'the balance would fall below zero' using errcode = 'check_violation', constraint = 'transactions_floor';
      end if;
      update users set balance_minor = new.balance_after_minor where id = new.user_id;
      return new;
    end $$`);
  await db.raw(`create trigger transactions_are_posted before insert on transactions
    for each row execute function post_transaction()`);
  await db.raw(`
    create function guard_balance() returns trigger language plpgsql as $$
    begin
      if pg_trigger_depth() < 2 then
        raise exception 'only a transaction moves a balance' using errcode = 'restrict_violation';
      end if;
      return new;
    end $$`);
  await db.raw(`create trigger balances_are_posted before update of balance_minor on users
    for each row when (old.balance_minor is distinct from new.balance_minor) execute function guard_balance()`);
}

async function refuseChanges(db: Knex): Promise<void> {
  await db.raw(`create trigger transactions_are_kept before update or delete or truncate on transactions
    for each statement execute function refuse_change()`);
  await db.raw(`create trigger transaction_words_are_kept before update or truncate on transaction_words
    for each statement execute function refuse_change()`);
}
