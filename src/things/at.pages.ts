import type { Request } from 'express';
import { can } from '../access/can.ts';
import type { ThingAct } from '../access/things.ts';
import { idOrNull } from '../ground/fields.ts';
import { actorOf, dbOf } from '../web/context.ts';
import { sectionWords } from './kinds.ts';
import { keyOf, type Place, pathOf, subjectAt, viewerAt } from './place.pages.ts';
import { assertMay, findThing, type Thing } from './thing.ts';

/** The thing of the address, when the viewer may do this with it. Throws NotFound and Forbidden. */
export async function thingAt(req: Request, place: Place, act: ThingAct): Promise<Thing> {
  const viewer = await viewerAt(req, place);
  const thing = await findThing(dbOf(req), viewer, place.section, idOrNull(req.params.id));
  assertMay(viewer, act, thing);
  return thing;
}

/** What every page of a place is drawn with. */
export const sharedAt = (req: Request, place: Place) => ({
  section: keyOf(place),
  words: sectionWords[place.section],
  path: pathOf(place),
  subject: place.isOwn ? subjectAt(req, place).id : null,
  ownerPath: can(actorOf(req), 'see users') ? '/users' : null,
});
