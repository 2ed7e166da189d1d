import { mayWithThing, reachOf, type ThingAct, type ThingFacts, type Viewer } from '../access/things.ts';
import type { Db, Trx } from '../ground/database.ts';
import { Forbidden, NotFound, Refused } from '../ground/errors.ts';
import { holdUsers } from '../users/user.ts';
import { type Kind, type Section, sectionWords } from './kinds.ts';
import { isLiveShare, sharedWith, within } from './scope.ts';

/** A row of `things`, with what decides on who may do what with it. */
export type Thing = ThingFacts & {
  id: number;
  kind: Kind;
  section: Section;
  name: string;
  assetKind: string;
  plate: string;
  trackerId: number | null;
  model: string;
  imei: string;
  phone: string;
  streamAddress: string;
  objectId: number | null;
  reference: string;
  description: string;
  version: number;
  createdAt: Date;
  updatedAt: Date;
  /** Who owns it, in plain text: some who see things may not see users. */
  owner: string;
  ownerUsername: string;
  /** Names of what it is attached to: an object’s tracker, a tracker’s object, a camera’s object. */
  trackerName: string | null;
  carrierName: string | null;
  objectName: string | null;
};

/** The thing of this number in a section. Throws NotFound for what is not there and for what this viewer does not see, alike. */
export async function findThing(db: Db, viewer: Viewer, section: Section, id: number | null): Promise<Thing> {
  const thing: Thing | undefined = id === null ? undefined : await visible(db, viewer, section).where('things.id', id).first();
  return thing ?? unknown(section);
}

/** Those of these things of a section that the viewer sees, by their ids. */
export const findThings = (db: Db, viewer: Viewer, section: Section, ids: number[]): Promise<Thing[]> =>
  visible(db, viewer, section).whereRaw('things.id = any(?)', [ids]).orderBy('things.id');

/** The same, of things that are to be put into a group or taken out of one. Throws Forbidden when one of them has to stay as it is. */
export async function findGroupable(db: Db, viewer: Viewer, section: Section, ids: number[]): Promise<Thing[]> {
  const things = await findThings(db, viewer, section, ids);
  for (const thing of things) assertMay(viewer, 'edit', thing);
  return things;
}

/** The thing, locked until the transaction ends, for an act with it. Throws Forbidden when the viewer sees it but may not. */
export async function holdThing(trx: Trx, viewer: Viewer, { act, section, id }: Held): Promise<Thing> {
  const thing: Thing | undefined = await visible(trx, viewer, section).where('things.id', id).forUpdate('things').first();
  if (!thing) return unknown(section);
  assertMay(viewer, act, thing);
  return thing;
}

/**
 * The same of a thing that was found, for an act that writes to users too: its owner and these others are held before it, as by
 * whoever holds a user and then all that it owns, so that the two never block each other crosswise. Throws Refused when its owner has
 * changed since.
 */
export async function holdWithUsers(trx: Trx, viewer: Viewer, { act, found, others }: HeldWith): Promise<Thing> {
  await holdUsers(trx, [found.ownerId, ...others]);
  const thing = await holdThing(trx, viewer, { act, section: found.section, id: found.id });
  if (thing.ownerId !== found.ownerId) throw new Refused(`${thing.name} has been transferred just now.`);
  return thing;
}

type HeldWith = { act: ThingAct; found: Thing; others: number[] };

type Held = { act: ThingAct; section: Section; id: number };

/** Throws Forbidden, in words of the act, when the viewer may not do this with a thing that it sees. */
export function assertMay(viewer: Viewer, act: ThingAct, thing: Thing): void {
  if (mayWithThing(viewer, act, thing)) return;
  if (viewer.looksAt === thing.ownerId)
    throw new Forbidden(`${thing.name} stays as it is: you are connected to its owner to look only.`);
  throw new Forbidden(`You may not ${act} this ${sectionWords[thing.section].one}.`);
}

/** Said beside the field that names a user to whom one is connected to look only: nothing is given to it either. */
export const onlyLooking = 'You are connected to this user to look only.';

/** What is live in a section and seen by the viewer, its own, its groups', or shared with it. */
function visible(db: Db, viewer: Viewer, section: Section) {
  return db('things')
    .join('users', 'users.id', 'things.ownerId')
    .where('things.section', section)
    .whereNull('things.hiddenAt')
    .where((either) => {
      either.where((own) => within(own, viewer));
      if (reachOf(viewer) === 'own') either.orWhere((guest) => sharedWith(guest, viewer.id));
    })
    .select(thingColumns(db, viewer));
}

/** Every column, with the facts by which rights are decided. */
export const thingColumns = (db: Db, viewer: Viewer) => [
  'things.*',
  'users.name as owner',
  'users.username as ownerUsername',
  db.raw('(select t.name from things t where t.id = things.tracker_id) as tracker_name'),
  db.raw('(select o.name from things o where o.tracker_id = things.id) as carrier_name'),
  db.raw('(select o.name from things o where o.id = things.object_id) as object_name'),
  db.raw(`(select coalesce(json_agg(group_id), '[]') from group_things where thing_id = things.id) as group_ids`),
  db.raw(`(select may from shares where thing_id = things.id and user_id = ? and ${isLiveShare}) as shared_to`, [viewer.id]),
];

function unknown(section: Section): never {
  throw new NotFound(`There is no such ${sectionWords[section].one}.`);
}
