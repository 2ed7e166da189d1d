import type { Doer } from '../access/actor.ts';
import { assertCan } from '../access/can.ts';
import { mayWithThings, reachOf, type Viewer } from '../access/things.ts';
import type { Db, Trx } from '../ground/database.ts';
import { Forbidden, Invalid, Refused } from '../ground/errors.ts';
import { record, recordAll } from '../history/record.ts';
import { assertAllowance } from '../tariffs/allowance.ts';
import { userNamedOrNull } from '../users/named.ts';
import { holdUsers, type User } from '../users/user.ts';
import { type Kind, kinds, kindWords, type Section } from './kinds.ts';
import { limitGiving } from './limit.ts';
import { ownerOfThing, touchedThing } from './save.ts';
import { findThing, holdThing, onlyLooking, type Thing } from './thing.ts';
import { tellOfThing, toldOf } from './told.ts';

/**
 * Gives a thing to another user, who is told of it unless it is one of many. What it is attached to stays behind, and a share with the
 * new owner ends. Throws Invalid beside `to` (nobody of this name, whose tariffs allow no more), NotFound, Forbidden, TryLater.
 */
export async function transferThing(
  db: Db,
  by: Doer,
  viewer: Viewer,
  { section, id, to, isOneOfMany }: { section: Section; id: number; to: string; isOneOfMany?: true },
): Promise<Thing> {
  if (!isOneOfMany) await limitGiving(db, by);
  const found = await findThing(db, viewer, section, id);
  return db.transaction(async (trx) => {
    const receiver = await holdReceiver(trx, to, found.ownerId);
    if (receiver.id === viewer.looksAt) throw new Invalid({ to: onlyLooking });
    const thing = await holdThing(trx, viewer, { act: 'transfer', section, id });
    if (thing.ownerId !== found.ownerId) throw new Refused(`${thing.name} has been transferred just now.`);
    await assertRoom(trx, by, receiver, 1);
    await moveTo(trx, receiver, [id]);
    const facts = { thing: id, name: thing.name, to: { account: receiver.id } };
    await record(trx, by, 'thing.transferred', ownerOfThing(thing), { facts });
    await record(trx, by, 'thing.received', receiver, {
      facts: { thing: id, name: thing.name, from: { account: thing.ownerId } },
    });
    if (!isOneOfMany) await tellOfThing(trx, by, receiver.id, { kind: 'thing-received', data: toldOf(thing) });
    return thing;
  });
}

/** How many things of each kind went from one user to another. */
export type Transferred = { kind: Kind; count: number }[];

/** Gives all things of a user to another, what is attached to each other included. Throws as `transferThing`. */
export async function transferAll(
  db: Db,
  by: Doer,
  viewer: Viewer,
  { from, to }: { from: User; to: string },
): Promise<Transferred> {
  assertCan(by, 'transfer all things', from);
  if (!mayWithThings(viewer, 'transfer') || reachOf(viewer) !== 'all')
    throw new Forbidden('You may not transfer the things of a user.');
  return db.transaction(async (trx) => {
    const receiver = await holdReceiver(trx, to, from.id);
    if (receiver.id === viewer.looksAt) throw new Invalid({ to: onlyLooking });
    const things = await trx('things').where({ ownerId: from.id, hiddenAt: null }).orderBy('id').forUpdate().select('id', 'kind');
    if (things.length === 0) throw new Refused(`${from.name} owns nothing that could be transferred.`);
    const ids = things.map(({ id }) => id);
    await assertRoom(trx, by, receiver, ids.length);
    await moveTo(trx, receiver, ids);
    const counts = countKinds(things);
    const facts = Object.fromEntries(counts.map(({ kind, count }) => [kindWords[kind][1], count]));
    await recordAll(trx, by, 'thing.transferred', [
      { user: from, details: { facts: { ...facts, to: { account: receiver.id } } } },
    ]);
    await recordAll(trx, by, 'thing.received', [
      { user: receiver, details: { facts: { ...facts, from: { account: from.id } } } },
    ]);
    // Without the name of who owned them: it would stay there when that account is purged.
    await tellOfThing(trx, by, receiver.id, { kind: 'things-received', data: { what: inNumbers(ids.length) } });
    return counts;
  });
}

/** Both users are held in the order of their ids, as whoever holds many does; null where the owners are held by the caller. */
export async function holdReceiver(trx: Trx, to: string, ownerId: number | null): Promise<User> {
  const named = await userNamedOrNull(trx, to);
  if (!named) throw new Invalid({ to: to ? 'There is no such user.' : 'A username is needed.' });
  if (ownerId === null) return named;
  if (named.id === ownerId) throw new Invalid({ to: 'This user owns it already.' });
  const held = await holdUsers(trx, [named.id, ownerId]);
  const receiver = held.find(({ id }) => id === named.id);
  if (!receiver || receiver.deletedAt) throw new Invalid({ to: 'There is no such user.' });
  return receiver;
}

/** Another receiver may have room. */
async function assertRoom(trx: Trx, by: Doer, receiver: User, more: number): Promise<void> {
  await assertAllowance(trx, by, receiver, more).catch((error) => {
    throw error instanceof Refused ? new Invalid({ to: error.message }) : error;
  });
}

/** Attached things stay attached when both go; what crosses from one owner to the other is taken off. */
async function moveTo(trx: Trx, receiver: User, ids: number[]): Promise<void> {
  await trx('things')
    .whereRaw('id = any(?)', [ids])
    .update({ ownerId: receiver.id, ...touchedThing(trx) });
  await trx('shares').whereRaw('thing_id = any(?)', [ids]).where({ userId: receiver.id }).delete();
  for (const column of ['tracker_id', 'object_id']) {
    await trx.raw(
      `update things t set ${column} = null from things other
       where other.id = t.${column} and other.owner_id <> t.owner_id and (t.id = any(:ids) or other.id = any(:ids))`,
      { ids },
    );
  }
}

const inNumbers = (count: number) => (count === 1 ? 'a thing' : `${count} things`);

function countKinds(things: { kind: Kind }[]): Transferred {
  const counts = new Map<Kind, number>();
  for (const { kind } of things) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return kinds.map((kind) => ({ kind, count: counts.get(kind) ?? 0 })).filter(({ count }) => count > 0);
}
