import type { Actor } from '../access/actor.ts';
import { assertCan } from '../access/can.ts';
import { type Db, isTaken, type Trx } from '../ground/database.ts';
import { Invalid, NotFound, Refused } from '../ground/errors.ts';
import { changesBetween, record } from '../history/record.ts';
import { queryOf, readQuery, type View } from './address.ts';
import { applyFilter } from './filter.ts';
import { countAtOnce } from './list.ts';
import { holdUser, type User } from './user.ts';
import { withoutNamesOrNull } from './words.ts';

/** A list as somebody keeps it: `query` is the query of its address. */
export type SavedView = { id: number; name: string; query: string; isShared: boolean; isOwn: boolean; owner: string };

export const mostViews = 50;
export const longestName = 60;

/** The view of the list that a saved one shows. */
export const viewOf = ({ id, query }: Pick<SavedView, 'id' | 'query'>): View => ({ ...readQuery(query), savedView: id });

/** One's own views by name, then those that other administrators share. */
export async function listViews(db: Db, actor: Actor): Promise<SavedView[]> {
  const { rows } = await db.raw(
    `select v.id, v.name, v.query, v.is_shared, v.owner_id = :actor as is_own, u.username as owner
     from saved_views v join users u on u.id = v.owner_id
     where v.owner_id = :actor or (v.is_shared and u.profile = 'administrator' and u.deleted_at is null)
     order by v.owner_id <> :actor, lower(v.name), v.id`,
    { actor: actor.id },
  );
  return rows;
}

/** How many views somebody keeps; they go with the row of their owner, also those that are shared. */
export async function countOwnViews(db: Db, ownerIds: number[]): Promise<number> {
  const row = await db('savedViews').whereIn('ownerId', ownerIds).count({ count: '*' }).first();
  return Number(row?.count);
}

/** Erases users from what all views search for; the views stay. */
export async function eraseFromViews(trx: Trx, users: User[]): Promise<void> {
  for (const { id, query } of await trx('savedViews').select('id', 'query')) {
    const view = readQuery(query);
    const q = withoutNamesOrNull(view.filter.q, users);
    if (q !== null)
      await trx('savedViews')
        .where({ id, query })
        .update({ query: queryOf({ ...view, filter: { ...view.filter, q } }) });
  }
}

/** One's own view of this number. Throws NotFound, also for somebody else's. */
export async function findOwnView(db: Db, actor: Actor, id: number | null): Promise<SavedView> {
  const found = (await listViews(db, actor)).find((view) => view.id === id && view.isOwn);
  return found ?? unknown();
}

/**
 * Keeps a list under a name; says its number. Throws Invalid when the name is taken, when the list is the usual one or has a
 * filter that is not understood, and Refused at fifty views.
 */
export async function saveView(db: Db, by: Actor, { name, isShared, query }: Naming & { query: string }): Promise<number> {
  assertCan(by, 'save views');
  const kept = keepable(db, query);
  return db.transaction(async (trx) => {
    const owner = await holdUser(trx, by.username); // Whoever saves twice at once stands in line, so that fifty are fifty.
    if ((await countOwnViews(trx, [owner.id])) >= mostViews)
      throw new Refused(`You keep ${mostViews} views, the most there can be. Delete one first.`);
    const [{ id }] = await trx('savedViews')
      .insert({ ownerId: owner.id, name, isShared, query: kept })
      .returning('id')
      .catch(asTaken);
    await record(trx, by, 'view.saved', by, { facts: { view: name, isShared, filteredBy: filtersOf(kept) } });
    return id;
  });
}

type Naming = { name: string; isShared: boolean };

/** Renames one's own view, shares it or keeps it to oneself. Throws NotFound, and Invalid when the name is taken. */
export async function changeView(db: Db, by: Actor, id: number | null, { name, isShared }: Naming): Promise<void> {
  await changeOwn(db, by, id, async (trx, view) => {
    const changes = changesBetween<Naming>(view, { name, isShared });
    if (Object.keys(changes).length === 0) return;
    await trx('savedViews').where({ id }).update({ name, isShared }).catch(asTaken);
    await record(trx, by, 'view.changed', by, { changes, facts: { view: name } });
  });
}

/** Lets one's own view show another list. Throws NotFound, and Invalid as `saveView` does. */
export async function replaceQuery(db: Db, by: Actor, id: number | null, query: string): Promise<SavedView> {
  const kept = keepable(db, query);
  return changeOwn(db, by, id, async (trx, view) => {
    await trx('savedViews').where({ id }).update({ query: kept });
    await record(trx, by, 'view.changed', by, { facts: { view: view.name, filteredBy: filtersOf(kept) } });
    return { ...view, query: kept };
  });
}

/** Forgets one's own view, also for those it was shared with. Throws NotFound. */
export async function deleteView(db: Db, by: Actor, id: number | null): Promise<SavedView> {
  return changeOwn(db, by, id, async (trx, view) => {
    await trx('savedViews').where({ id }).delete();
    await record(trx, by, 'view.deleted', by, { facts: { view: view.name } });
    return view;
  });
}

async function changeOwn<T>(db: Db, by: Actor, id: number | null, change: (trx: Trx, view: SavedView) => Promise<T>): Promise<T> {
  assertCan(by, 'save views');
  return db.transaction(async (trx) => {
    await trx('savedViews').where({ id, ownerId: by.id }).forUpdate().first('id');
    return change(trx, await findOwnView(trx, by, id));
  });
}

/** A query as it is kept: what it says, in one order, without page and opened row. */
function keepable(db: Db, query: string): string {
  const view = readQuery(query);
  const problems = Object.values(applyFilter(db.queryBuilder(), view.filter));
  if (problems.length > 0) throw new Invalid({ '': `Mend the filter first. ${problems.join(' ')}` });
  const kept = queryOf(view);
  if (kept === '') throw new Invalid({ '': 'This is the usual list of all users. Filter it or change its order, then save it.' });
  return kept;
}

/** What was searched for is not recorded: it may be somebody's name. */
const filtersOf = (query: string) => Object.entries(readQuery(query).filter).flatMap(([name, value]) => (value ? [name] : []));

/** How long all counts together may take; those that are left over are not given. */
const countingMs = 2000;

/** How many users each view shows: exact up to 1,000, null for more; a view that cannot be counted in time is left out. */
export async function countViews(db: Db, views: readonly SavedView[]): Promise<Map<number, number | null>> {
  const counts = new Map<number, number | null>();
  const until = Date.now() + countingMs;
  for (const view of views) {
    if (Date.now() > until) break;
    const count = await countAtOnce(db, viewOf(view).filter).catch(leftOut);
    if (count !== undefined) counts.set(view.id, count);
  }
  return counts;
}

/** The statement ran into its limit, or the database cannot read a value: one such view must not hide the counts of all. */
function leftOut(error: { code?: string }): undefined {
  if (error.code !== '57014' && !error.code?.startsWith('22')) throw error;
}

function asTaken(error: unknown): never {
  if (isTaken(error)) throw new Invalid({ name: 'You have a view of this name already.' });
  throw error;
}

function unknown(): never {
  throw new NotFound('There is no such view.');
}
