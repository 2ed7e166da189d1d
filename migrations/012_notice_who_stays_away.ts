import type { Knex } from 'knex';

/** The rule for accounts that nobody uses, what of it each has been told, and for which day of expiry it has been reminded. */
export async function up(db: Knex): Promise<void> {
  await keepRule(db);
  await db.raw(`
    alter table users
      add column active_since timestamptz,
      add column dormant_at timestamptz,
      add column dormant_due_at timestamptz,
      add column expiry_reminded_for timestamptz,
      add column expiry_told_for timestamptz`);
  await keepIndexes(db);
  await noticeUse(db);
}

async function keepRule(db: Knex): Promise<void> {
  await db.raw(`
    alter table settings
      add column dormant_warn_days integer not null default 0 check (dormant_warn_days between 0 and 3650),
      add column dormant_deactivate_days integer not null default 0 check (dormant_deactivate_days between 0 and 3650),
      add column dormant_delete_days integer not null default 0 check (dormant_delete_days between 0 and 3650),
      add check (dormant_deactivate_days = 0 or dormant_warn_days < dormant_deactivate_days),
      add check (dormant_delete_days = 0 or dormant_deactivate_days between 1 and dormant_delete_days - 1)`);
}

/** The worker finds whom it has to do with at the beginning of each; the same expressions stand in src/dormancy. */
async function keepIndexes(db: Knex): Promise<void> {
  await db.raw(`
    create index users_unused on users (greatest(last_sign_in_at, registered_at, active_since), id)
    where state in ('STATE_APPROVED', 'STATE_FLAGGED') and profile not in ('administrator', 'api') and deleted_at is null
      and dormant_at is null`);
  await db.raw(
    `create index users_dormant on users (state, dormant_due_at, id) where dormant_at is not null and deleted_at is null`,
  );
  for (const [name, column] of [
    ['users_to_remind', 'expiry_reminded_for'],
    ['users_to_tell', 'expiry_told_for'],
  ]) {
    await db.raw(`
      create index ${name} on users (expires_at, id)
      where expires_at is not null and ${column} is distinct from expires_at
        and state in ('STATE_APPROVED', 'STATE_FLAGGED') and deleted_at is null`);
  }
}

/**
 * Whoever signs in, or is given back what it takes to, is not dormant any more: whichever act does it, the marks go. `active_since`
 * is when an account could last be used again, so that nobody who was let in an hour ago counts as gone for months.
 */
async function noticeUse(db: Knex): Promise<void> {
  const attended = ['state', 'profile', 'deleted_at', 'expires_at', 'email_verified_at', 'password_hash'];
  const row = (version: string) => `(${attended.map((column) => `${version}.${column}`)})`;
  const isAttended = `${row('old')} is distinct from ${row('new')} or (old.locked_at is not null and new.locked_at is null)`;
  await db.raw(`
    create function notice_use() returns trigger language plpgsql as $$
    begin
      if ${isAttended} then new.active_since := now(); end if;
      new.dormant_at := null;
      new.dormant_due_at := null;
      return new;
    end $$`);
  await db.raw(`
    create trigger notice_use before update of last_sign_in_at, locked_at, ${attended} on users for each row
    when (old.last_sign_in_at is distinct from new.last_sign_in_at or ${isAttended}) execute function notice_use()`);
}
