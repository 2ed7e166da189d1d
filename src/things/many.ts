import type { Doer } from '../access/actor.ts';
import type { Viewer } from '../access/things.ts';
import type { Db, Trx } from '../ground/database.ts';
import { holdUsers } from '../users/user.ts';
import { type Section, sectionWords } from './kinds.ts';
import { limitGiving } from './limit.ts';
import { deleteThing } from './remove.ts';
import { findThings, type Thing } from './thing.ts';
import { tellOfThing } from './told.ts';
import { holdReceiver, transferThing } from './transfer.ts';

/** Things that were ticked in a list; what is gone or out of sight by now is passed over. */
export type Ticked = { section: Section; ids: number[] };

/** Deletes all of these things or, when one of them may not be deleted, none. Says how many. Throws as `deleteThing`. */
export async function deleteThings(db: Db, by: Doer, viewer: Viewer, { section, ids }: Ticked): Promise<number> {
  return db.transaction(async (trx) => {
    const things = await findThings(trx, viewer, section, ids);
    await holdOwners(trx, things, []);
    for (const { id } of things) await deleteThing(trx, by, viewer, { section, id });
    return things.length;
  });
}

/** Gives all of these things to another user, or none; those that it owns already stay. Says how many. Throws as `transferThing`. */
export async function transferThings(
  db: Db,
  by: Doer,
  viewer: Viewer,
  { section, ids, to }: Ticked & { to: string },
): Promise<number> {
  await limitGiving(db, by);
  return db.transaction(async (trx) => {
    const things = await findThings(trx, viewer, section, ids);
    const receiver = await holdReceiver(trx, to, null);
    const moving = things.filter(({ ownerId }) => ownerId !== receiver.id);
    await holdOwners(trx, moving, [receiver.id]);
    for (const { id } of moving) await transferThing(trx, by, viewer, { section, id, to, isOneOfMany: true });
    const what = moving.length === 1 ? `“${moving[0]?.name}”` : `${moving.length} ${sectionWords[section].many}`;
    if (moving.length > 0) await tellOfThing(trx, by, receiver.id, { kind: 'things-received', data: { what } });
    return moving.length;
  });
}

/** All at once, in the order of their ids, before the first of them is written to. */
const holdOwners = (trx: Trx, things: Thing[], others: number[]) =>
  holdUsers(trx, [...new Set([...things.map(({ ownerId }) => ownerId), ...others])]);
