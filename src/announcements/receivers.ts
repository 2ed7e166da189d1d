import type { Knex } from 'knex';
import type { Db } from '../ground/database.ts';
import { readsNotifications } from '../notifications/notify.ts';
import { applyFilter, type UserFilter } from '../users/filter.ts';

/**
 * How many users match, how many of them get it, as nobody whose account does not work could read it, and how many of these by mail
 * too, if it is mailed: not who has turned such letters off.
 */
export type Reach = { matching: number; receivers: number; mailed: number };

/** Counts exactly, as things are now. */
export async function countReach(db: Db, filter: UserFilter): Promise<Reach> {
  const reads = readsNotifications('users');
  const columns = db.raw(
    `count(*)::int as matching, (count(*) filter (where ${reads}))::int as receivers,
     (count(*) filter (where ${reads} and not coalesce('announcements' = any(users.muted_letters), false)))::int as mailed`,
  );
  return matching(db, filter).first(columns);
}

export type Receiver = { id: number; email: string };

/** The next of those who get it, in the order of their registration. */
export const nextReceivers = (
  db: Db,
  { filter, after, upTo, limit }: { filter: UserFilter; after: number; upTo: number; limit: number },
): Promise<Receiver[]> =>
  matching(db, filter)
    .whereRaw(readsNotifications('users'))
    .where('users.id', '>', after)
    .where('users.id', '<=', upTo)
    .orderBy('users.id')
    .limit(limit)
    .select('users.id', 'users.email');

function matching(db: Db, filter: UserFilter): Knex.QueryBuilder {
  const query = db('users').whereNull('users.deletedAt');
  applyFilter(query, filter);
  return query;
}
