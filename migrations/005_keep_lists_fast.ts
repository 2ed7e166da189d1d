import type { Knex } from 'knex';

/** Every filter finds its rows along an index at any size, and the deleted are counted as the living are: by a trigger. */
export async function up(db: Knex): Promise<void> {
  // Any mix of these filters is one range here, or a few; the lists of a million rows that match it are then read by their order.
  await db.raw(`create index users_by_facets on users (state, profile, user_type, (email_verified_at is null), id)
    where deleted_at is null`);
  await db.raw(`create index users_by_balance on users (balance_minor, id) where deleted_at is null`);
  await db.raw(`create index users_federated on users (id) where identity_source = 'federated' and deleted_at is null`);
  // The unique indexes order them as well: one index less to write for each account.
  await db.raw(`drop index users_by_username, users_by_email`);
  // A moment that Postgres can reckon with stands for “never”: with infinity in a column it guesses wrongly how much a range holds.
  await db.raw(`drop index users_by_last_sign_in`);
  await db.raw(`create index users_by_last_sign_in on users (coalesce(last_sign_in_at, 'epoch'), id) where deleted_at is null`);
  await countDeleted(db);
}

async function countDeleted(db: Knex): Promise<void> {
  await db.raw(`alter table account_counter add column deleted bigint not null default 0`);
  await db.raw(`
    create or replace function count_accounts() returns trigger language plpgsql as $$
    declare living bigint := 0; dead bigint := 0; came record; went record;
    begin
      if tg_op <> 'DELETE' then
        select count(*) filter (where deleted_at is null) as living, count(deleted_at) as dead into came from arrived;
        living := living + came.living; dead := dead + came.dead;
      end if;
      if tg_op <> 'INSERT' then
        select count(*) filter (where deleted_at is null) as living, count(deleted_at) as dead into went from gone;
        living := living - went.living; dead := dead - went.dead;
      end if;
      if living <> 0 or dead <> 0 then update account_counter set live = live + living, deleted = deleted + dead; end if;
      return null;
    end $$`);
  await db.raw(`update account_counter set deleted = (select count(*) from users where deleted_at is not null)`);
}
