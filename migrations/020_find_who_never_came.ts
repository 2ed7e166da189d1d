import type { Knex } from 'knex';

/**
 * Whoever is invited, inactive or rejected has hardly ever signed in: ordered by the last sign-in, all of them stand at its end, and
 * a list of millions was read in vain until then. Each state has an order of its own here.
 */
export async function up(db: Knex): Promise<void> {
  await db.raw(`create index users_by_state_and_sign_in on users (state, coalesce(last_sign_in_at, 'epoch'), id)
    where deleted_at is null`);
}
