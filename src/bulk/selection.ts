import type { Actor } from '../access/actor.ts';
import type { Db, Trx } from '../ground/database.ts';
import type { Upon } from './bulk.ts';

/** What a page of a list brings: the selection that it goes on from, who was shown on it, and who of them is ticked. */
export type Ticks = { selection: number | null; upon: Upon; shown: number[]; ticked: number[] };

/** What of a selection is on a page of the list and how many are on others; null without selection. */
export type Selected = { id: number; ticked: ReadonlySet<number>; elsewhere: number };

/**
 * Keeps what is ticked on one page of a list while the reader turns to others, and returns the selection's number. Who was
 * shown and is not ticked any more leaves it. A selection is its maker's alone: another one's, or one that is gone, begins anew.
 */
export async function keepSelection(db: Db, by: Actor, { selection, upon, shown, ticked }: Ticks): Promise<number> {
  return db.transaction(async (trx) => {
    const id = (await ownSelection(trx, by, selection)) ?? (await beginSelection(trx, by, upon));
    await trx('bulkRows').where({ bulkId: id }).whereRaw('user_id = any(?)', [shown]).delete();
    await addUsers(trx, id, ticked);
    return id;
  });
}

/** Everybody in a selection. */
export const selectedIds = (db: Db, selection: number): Promise<number[]> =>
  db('bulkRows').where({ bulkId: selection }).orderBy('userId').pluck('user_id');

/** What a page of the list shows of the actor's selection. */
export async function readSelection(db: Db, by: Actor, selection: number | null, shown: number[]): Promise<Selected | null> {
  const id = await ownSelection(db, by, selection);
  if (id === null) return null;
  const row = await db('bulkRows')
    .where({ bulkId: id })
    .first(
      db.raw('count(*) filter (where user_id <> all(?)) as elsewhere', [shown]),
      db.raw(`coalesce(array_agg(user_id) filter (where user_id = any(?)), '{}')::text[] as ticked`, [shown]),
    );
  return { id, elsewhere: row.elsewhere, ticked: new Set(row.ticked.map(Number)) };
}

/** Puts users into a selection or an act; whoever is in it, or is nobody, is left out. */
export async function addUsers(trx: Trx, bulkId: number, ids: number[]): Promise<void> {
  await trx.raw(
    `insert into bulk_rows (bulk_id, user_id) select ?::bigint, id from users where id = any(?) order by id on conflict do nothing`,
    [bulkId, ids],
  );
}

async function ownSelection(db: Db, by: Actor, selection: number | null): Promise<number | null> {
  if (selection === null) return null;
  const found = await db('bulks').where({ id: selection, madeBy: by.id, state: 'selecting' }).first('id');
  return found?.id ?? null;
}

async function beginSelection(trx: Trx, by: Actor, upon: Upon): Promise<number> {
  const [made] = await trx('bulks').insert({ madeBy: by.id, upon, state: 'selecting' }).returning('id');
  return made.id;
}
