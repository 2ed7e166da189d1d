import type { Request, Response } from 'express';
import { can } from '../access/can.ts';
import { mayWithThings, reachOf, type Viewer } from '../access/things.ts';
import { countedAtOnce } from '../ground/search.ts';
import { actorOf, dbOf } from '../web/context.ts';
import { page } from '../web/page.ts';
import { fromStart, pagerOf } from '../web/pager.ts';
import { headOf } from '../web/sorting.ts';
import { readThingView, type ThingView, thingAddress } from './address.ts';
import { columnsOf } from './columns.ts';
import { groupChoices } from './groups.ts';
import { genericKinds, kindWords, sectionWords } from './kinds.ts';
import { countExactly, countThings, listThings, type ThingFilter } from './list.ts';
import { type ThingOrder, thingOrders } from './order.ts';
import { keyOf, type Place, pathOf, viewerAt } from './place.pages.ts';
import { type Selecting, selectingAt } from './selected.pages.ts';

/** A list of things: those that the viewer sees, or under /my/shared those that are shared with it. */
export const showThings =
  (place: Place, of: 'reach' | 'shares' = 'reach') =>
  async (req: Request, res: Response) => {
    const viewer = await viewerAt(req, place);
    const words = sectionWords[place.section];
    const path = of === 'shares' ? `/my/shared/${words.many}` : pathOf(place);
    const locals = await listLocals(req, {
      place,
      viewer,
      of,
      path,
      selecting: of === 'reach' ? selectingAt(req, place, viewer) : null,
    });
    await page(req, res, 'things/list', {
      title: of === 'shares' ? `Shared with me: ${words.many}` : words.title,
      section: of === 'shares' ? 'my-shared' : keyOf(place),
      ...locals,
      groups: of === 'reach' && !place.isOwn ? await groupChoices(dbOf(req), viewer) : [],
      addHref: of === 'reach' && mayWithThings(viewer, 'add') ? `${pathOf(place)}/new` : null,
      tabs: of === 'shares' ? sharedTabs(place) : [],
    });
  };

/** The exact total of a list: what the list says “more than 1,000” about. */
export const showThingsCount = (place: Place) => async (req: Request, res: Response) => {
  const viewer = await viewerAt(req, place);
  const view = readThingView(req.query);
  const count = await countExactly(dbOf(req), viewer, { section: place.section, of: 'reach', filter: view.filter });
  const words = sectionWords[place.section];
  const locals = {
    title: `How many ${words.many}`,
    section: keyOf(place),
    words,
    count,
    listHref: thingAddress(pathOf(place), view),
  };
  await page(req, res, 'things/count', locals);
};

/** Where a list stands, through whose eyes, and what it holds beside what its reader filters. */
type Listing = {
  place: Place;
  viewer: Viewer;
  of?: 'reach' | 'shares';
  path: string;
  only?: Partial<ThingFilter>;
  selecting: Selecting | null;
};

/** Everything that a list of things is drawn with. */
export async function listLocals(req: Request, { place, viewer, of = 'reach', path, only = {}, selecting }: Listing) {
  const db = dbOf(req);
  const seesUsers = can(actorOf(req), 'see users');
  const asked = readThingView(req.query);
  // Who sees no users does not learn either who of them owns something.
  const view = seesUsers ? asked : { ...asked, filter: { ...asked.filter, owner: null } };
  const request = { ...view, section: place.section, of, filter: { ...view.filter, ...only } };
  const [list, count] = await Promise.all([listThings(db, viewer, request), countThings(db, viewer, request)]);
  const isWhole = of === 'reach' && Object.keys(only).length === 0;
  return {
    words: sectionWords[place.section],
    path,
    ...view,
    ...headsOf(path, view),
    rows: list.rows,
    pager: pagerOf(list, {
      to: (turn) => thingAddress(path, view, turn),
      limit: view.limit,
      noun: [sectionWords[place.section].one, sectionWords[place.section].many],
    }),
    count,
    countedAtOnce,
    countHref: isWhole ? thingAddress(`${path}/count`, view, fromStart) : null,
    isFiltered: Object.values(view.filter).some(Boolean),
    groups: [],
    kinds: place.section === 'thing' ? genericKinds.map((kind) => ({ value: kind, label: kindWords[kind][0] })) : [],
    columns: columnsOf[place.section],
    thingPath: pathOf(place),
    ownerPath: seesUsers ? '/users' : null,
    showsOwner: of === 'shares' || !place.isOwn || reachOf(viewer) !== 'own',
    addHref: null,
    emptyText: of === 'shares' ? 'What others share stands here.' : '',
    selecting: selecting && { ...selecting, from: thingAddress(path, view) },
  };
}

/** What is shared stands section by section. */
const sharedTabs = ({ section }: Place) =>
  Object.entries(sectionWords).map(([name, { many, title }]) => ({
    href: `/my/shared/${many}`,
    label: title,
    current: name === section,
  }));

function headsOf(path: string, view: ThingView) {
  const to = (sort: ThingView['sort']) => thingAddress(path, view, { ...fromStart, sort });
  const head = (by: ThingOrder) => headOf(thingOrders, view.sort, by, to);
  return { nameHead: head('name'), createdHead: head('created') };
}
