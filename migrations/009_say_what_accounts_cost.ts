import type { Knex } from 'knex';

/** What Add User says beside the number of accounts is an administrator's word: another console has another load. */
export async function up(db: Knex): Promise<void> {
  await db.raw(`alter table settings add column account_note text not null default 'each one adds load'
    check (length(account_note) <= 200)`);
}
