import type { Doer } from '../access/actor.ts';
import type { Viewer } from '../access/things.ts';
import type { Db } from '../ground/database.ts';
import { record } from '../history/record.ts';
import type { Section } from './kinds.ts';
import { ownerOfThing } from './save.ts';
import { findThing, holdWithUsers, type Thing } from './thing.ts';

/** Deletes a thing for good, with its shares; what it was attached to loses it. Throws NotFound, Forbidden and Refused. */
export async function deleteThing(
  db: Db,
  by: Doer,
  viewer: Viewer,
  { section, id }: { section: Section; id: number },
): Promise<Thing> {
  return db.transaction(async (trx) => {
    const found = await findThing(trx, viewer, section, id);
    const thing = await holdWithUsers(trx, viewer, { act: 'delete', found, others: [] });
    await trx('things').where({ id }).delete();
    const { kind, name, plate, imei, reference } = thing;
    const said = Object.entries({ plate, imei, reference }).filter(([, value]) => value);
    await record(trx, by, 'thing.deleted', ownerOfThing(thing), {
      facts: { thing: id, kind, name, ...Object.fromEntries(said) },
    });
    return thing;
  });
}
