import type { Knex } from 'knex';

/**
 * Indexes for what goes with a deleted or purged user, or comes back with a restored one: hidden things are in none of the lists'
 * indexes, and without these a purge would read the things, visits and sessions of everybody.
 */
export async function up(db: Knex): Promise<void> {
  await db.raw(`create index things_of_owner on things (owner_id, kind)`);
  await db.raw(`create index connections_of_actor on connections (actor_id)`);
  await db.raw(`create index sessions_connected on sessions (connection_id) where connection_id is not null`);
}
