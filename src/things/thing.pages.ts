import type { Request, Response } from 'express';
import { can } from '../access/can.ts';
import { mayWithThing, reachOf, type ThingAct, thingActs } from '../access/things.ts';
import { idOrNull } from '../ground/fields.ts';
import { actorOf, dbOf } from '../web/context.ts';
import { done, page } from '../web/page.ts';
import { sharedAt, thingAt } from './at.pages.ts';
import { knownOf } from './columns.ts';
import { groupNames } from './groups.ts';
import { type Place, pathOf, viewerAt } from './place.pages.ts';
import { deleteThing } from './remove.ts';
import { sharesOf } from './share.ts';
import { findThing, type Thing } from './thing.ts';

/** One thing with everything that is known of it, and what the viewer may do with it. */
export const show = (place: Place) => async (req: Request, res: Response) => {
  const viewer = await viewerAt(req, place);
  const thing = await findThing(dbOf(req), viewer, place.section, idOrNull(req.params.id));
  const may = Object.fromEntries(thingActs.map((act) => [act, mayWithThing(viewer, act, thing)])) as Record<ThingAct, boolean>;
  await page(req, res, 'things/show', {
    title: thing.name,
    ...sharedAt(req, place),
    thing,
    thingPath: `${pathOf(place)}/${thing.id}`,
    may,
    facts: factsOf(req, thing, reachOf(viewer) === 'own' && thing.ownerId === viewer.id),
    groups: await groupNames(dbOf(req), viewer, thing.groupIds),
    shares: may.share ? await sharesOf(dbOf(req), thing.id) : [],
  });
};

/** Everything that is known of a thing, line by line. */
function factsOf(req: Request, thing: Thing, isMine: boolean) {
  const seesUsers = can(actorOf(req), 'see users');
  const owner = { label: 'Owner', value: thing.owner, href: seesUsers ? `/users/${thing.ownerUsername}` : undefined };
  return [...knownOf(thing), ...(isMine ? [] : [owner])];
}

export const showDelete = (place: Place) => async (req: Request, res: Response) => {
  const thing = await thingAt(req, place, 'delete');
  const shares = await sharesOf(dbOf(req), thing.id);
  const locals = { ...sharedAt(req, place), thing, thingPath: `${pathOf(place)}/${thing.id}`, shares };
  await page(req, res, 'things/delete', { title: `Delete ${thing.name}`, ...locals });
};

export const postDelete = (place: Place) => async (req: Request, res: Response) => {
  const id = (await thingAt(req, place, 'delete')).id;
  const thing = await deleteThing(dbOf(req), actorOf(req), await viewerAt(req, place), { section: place.section, id });
  await done(req, res, pathOf(place), `${thing.name} has been deleted.`);
};
