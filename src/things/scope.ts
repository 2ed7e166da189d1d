import type { Knex } from 'knex';
import { reachOf, type Viewer } from '../access/things.ts';

/** Narrows a query over `things` to what somebody sees by its profile and groups: the same rule as `mayWithThing`, as SQL. */
export function within(query: Knex.QueryBuilder, viewer: Viewer): void {
  const reach = reachOf(viewer);
  if (reach === null) query.whereRaw('false');
  if (reach === 'own') query.where('things.ownerId', viewer.id);
  if (reach === 'groups')
    query.whereRaw('exists (select from group_things g where g.thing_id = things.id and g.group_id = any(?))', [
      [...viewer.groupIds],
    ]);
}

/** A share that holds at this moment. */
export const isLiveShare = '(shares.ends_at is null or shares.ends_at > now())';

/** Narrows a query over `things` to what is shared with somebody now. */
export function sharedWith(query: Knex.QueryBuilder, userId: number): void {
  query.whereRaw(`exists (select from shares where shares.thing_id = things.id and shares.user_id = ? and ${isLiveShare})`, [
    userId,
  ]);
}
