import type { Doer } from '../access/actor.ts';
import { mayWithThings, reachOf, type Viewer } from '../access/things.ts';
import { type Db, isTaken, type Trx } from '../ground/database.ts';
import { Changed, Forbidden, Invalid } from '../ground/errors.ts';
import { changesBetween, record } from '../history/record.ts';
import { assertAllowance } from '../tariffs/allowance.ts';
import { holdUser, type User } from '../users/user.ts';
import type { ThingValues } from './fields.ts';
import { type Section, sectionOf, sectionWords } from './kinds.ts';
import { limitNaming } from './limit.ts';
import { findThing, holdThing, onlyLooking, type Thing } from './thing.ts';

export type NewThing = ThingValues & {
  /** The username of its owner. */
  owner: string;
  /** Groups that it is put into at once: whoever sees groups' things only must name one of its own. */
  groupIds: number[];
};

/**
 * Adds a thing. Throws Invalid for fields to mend (an unknown owner, an IMEI that another tracker has, a tracker that is attached
 * elsewhere), Forbidden when the viewer adds no things, Refused when the owner's tariffs allow no more, TryLater.
 */
export async function addThing(db: Db, by: Doer, viewer: Viewer, { owner, groupIds, ...values }: NewThing): Promise<Thing> {
  const section = sectionOf(values.kind);
  if (!mayWithThings(viewer, 'add')) throw new Forbidden(`You may not add ${sectionWords[section].many}.`);
  if (reachOf(viewer) !== 'own') await limitNaming(db, by, owner);
  const add = async (trx: Trx) => {
    const user = await ownerOf(trx, viewer, owner);
    await assertAllowance(trx, by, user, 1);
    await assertGroups(trx, viewer, groupIds);
    await assertAttachable(trx, viewer, { ...values, ownerId: user.id });
    const [row] = await trx('things')
      .insert({ ...values, ownerId: user.id })
      .returning('id');
    if (groupIds.length > 0) await trx('groupThings').insert(groupIds.map((groupId) => ({ groupId, thingId: row.id })));
    const thing = await findThing(trx, viewer, section, row.id);
    await record(trx, by, 'thing.added', user, {
      changes: changesBetween({}, asRecorded(values, thing)),
      facts: { thing: row.id, ...(groupIds.length > 0 ? { groups: groupIds } : {}) },
    });
    return thing;
  };
  return db.transaction(add).catch(asInvalid);
}

/** The owner must be there; who does not see users must know the name. A customer's things are its own. */
async function ownerOf(trx: Trx, viewer: Viewer, username: string): Promise<User> {
  const user = await holdUser(trx, username).catch(() => null);
  const mayOwn = user && !user.deletedAt && (reachOf(viewer) !== 'own' || user.id === viewer.id);
  if (user && user.id === viewer.looksAt) throw new Invalid({ owner: onlyLooking });
  if (!mayOwn) throw new Invalid({ owner: username ? 'There is no such user.' : 'An owner is needed: a username.' });
  return user;
}

/** Whoever sees groups' things only would lose sight of a thing outside of them. Who has no groups puts nothing into others'. */
async function assertGroups(trx: Trx, viewer: Viewer, groupIds: number[]): Promise<void> {
  if (reachOf(viewer) === 'own' && groupIds.length > 0)
    throw new Invalid({ groups: 'A thing of one’s own is put into no group.' });
  const isOutside = reachOf(viewer) === 'groups' && !groupIds.some((id) => viewer.groupIds.includes(id));
  const isForeign = reachOf(viewer) === 'groups' && !groupIds.every((id) => viewer.groupIds.includes(id));
  if (isOutside || isForeign) throw new Invalid({ groups: 'Choose one of your groups.' });
  const known = await trx('groups').whereIn('id', groupIds).forShare().pluck('id');
  if (known.length < groupIds.length) throw new Invalid({ groups: 'One of these groups is not there any more.' });
}

/** An object's tracker and a camera's object are of the same owner, and a tracker is on one object at a time. */
async function assertAttachable(
  trx: Trx,
  viewer: Viewer,
  { trackerId, objectId, ownerId }: Partial<ThingValues> & { ownerId: number },
) {
  for (const [field, section, id] of [
    ['tracker_id', 'tracker', trackerId],
    ['object_id', 'object', objectId],
  ] as const) {
    if (!id) continue;
    const seen = await findThing(trx, viewer, section, id).catch(() => null);
    // Held, as it may be on its way to another owner: that takes off only what it finds attached.
    const other = seen && (await trx('things').where({ id: seen.id }).forShare().first('ownerId'));
    if (other?.ownerId !== ownerId) throw new Invalid({ [field]: `There is no such ${section} of this owner.` });
  }
}

/** A thing as its form was opened at: what others saved since is found out. */
export type Edit = { section: Section; id: number; version: number; values: ThingValues };

/** Saves a thing's form; saving what it holds changes nothing. Throws Invalid, Forbidden, NotFound, and Changed when somebody saved it since. */
export async function editThing(db: Db, by: Doer, viewer: Viewer, { section, id, version, values }: Edit): Promise<Thing> {
  const edit = async (trx: Trx) => {
    const thing = await holdThing(trx, viewer, { act: 'edit', section, id });
    if (thing.version !== version) throw new Changed(thing.name);
    await assertAttachable(trx, viewer, { ...changed(thing, values), ownerId: thing.ownerId });
    if (Object.keys(changesBetween<object>(thing, values)).length === 0) return thing;
    await trx('things')
      .where({ id })
      .update({ ...values, ...touchedThing(trx) });
    const edited = await findThing(trx, viewer, section, id);
    const changes = changesBetween(asRecorded(thing, thing), asRecorded(values, edited));
    await record(trx, by, 'thing.edited', ownerOfThing(thing), { changes, facts: { thing: id, name: values.name } });
    return edited;
  };
  return db.transaction(edit).catch(asInvalid);
}

/** The values that the history keeps: what a thing is attached to by its name, which people know. */
const asRecorded = ({ trackerId: _, objectId: __, ...values }: ThingValues, { trackerName, objectName }: Thing) => ({
  ...values,
  tracker: trackerName,
  object: objectName,
});

/** What is attached already was attachable: only a new choice is looked at. */
const changed = (thing: Thing, { trackerId, objectId }: ThingValues) => ({
  ...(trackerId !== thing.trackerId ? { trackerId } : {}),
  ...(objectId !== thing.objectId ? { objectId } : {}),
});

/** What every change of a thing's row leaves beside it: forms that were opened before find out. */
export const touchedThing = (trx: Trx) => ({ updatedAt: trx.raw('now()'), version: trx.raw('version + 1') });

/** The owner as the history names it. */
export const ownerOfThing = ({ ownerId, ownerUsername }: Thing) => ({ id: ownerId, username: ownerUsername });

/** What the unique indexes refuse, in words beside its field. */
function asInvalid(error: unknown): never {
  if (!isTaken(error)) throw error;
  const { constraint } = error as { constraint?: string };
  if (constraint === 'things_imei') throw new Invalid({ imei: 'Another tracker has this IMEI.' });
  throw new Invalid({ tracker_id: 'This tracker is on another object; take it off there first.' });
}
