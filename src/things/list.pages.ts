import type { Request, Response } from 'express';
import { can } from '../access/can.ts';
import { mayWithThings, reachOf } from '../access/things.ts';
import { actorOf, dbOf } from '../web/context.ts';
import { page } from '../web/page.ts';
import { fromStart, readThingView, sizes, type ThingView, thingAddress } from './address.ts';
import { columnsOf } from './columns.ts';
import { groupChoices } from './groups.ts';
import { genericKinds, kindWords, sectionWords } from './kinds.ts';
import { countedAtOnce, countThings, listThings, type ThingLine } from './list.ts';
import { type ThingOrder, thingOrders } from './order.ts';
import { keyOf, type Place, pathOf, viewerAt } from './place.pages.ts';

/** A list of things: those that the viewer sees, or under /my/shared those that are shared with it. */
export const showThings =
  (place: Place, of: 'reach' | 'shares' = 'reach') =>
  async (req: Request, res: Response) => {
    const db = dbOf(req);
    const viewer = await viewerAt(req, place);
    const view = readThingView(req.query);
    const path = of === 'shares' ? `/my/shared/${sectionWords[place.section].many}` : pathOf(place);
    const request = { ...view, section: place.section, of };
    const [list, count, groups] = await Promise.all([
      listThings(db, viewer, request),
      countThings(db, viewer, request),
      of === 'reach' && !place.isOwn ? groupChoices(db, viewer) : [],
    ]);
    const words = sectionWords[place.section];
    const isFiltered = Object.values(view.filter).some(Boolean);
    await page(req, res, 'things/list', {
      title: of === 'shares' ? `Shared with me: ${words.many}` : words.title,
      section: of === 'shares' ? 'my-shared' : keyOf(place),
      words,
      path,
      ...view,
      ...headsOf(path, view),
      rows: list.rows,
      pager: pagerOf(path, view, list),
      count,
      countedAtOnce,
      isFiltered,
      groups,
      kinds: place.section === 'thing' ? genericKinds.map((kind) => ({ value: kind, label: kindWords[kind][0] })) : [],
      columns: columnsOf[place.section],
      thingPath: pathOf(place),
      ownerPath: can(actorOf(req), 'see users') ? '/users' : null,
      showsOwner: of === 'shares' || !place.isOwn || reachOf(viewer) !== 'own',
      mayAdd: of === 'reach' && mayWithThings(viewer, 'add'),
      tabs: of === 'shares' ? sharedTabs(place) : [],
    });
  };

/** What is shared stands section by section. */
const sharedTabs = ({ section }: Place) =>
  Object.entries(sectionWords).map(([name, { many, title }]) => ({
    href: `/my/shared/${many}`,
    label: title,
    current: name === section,
  }));

/** The heads that sort: pressed again they turn around. */
function headsOf(path: string, view: ThingView) {
  const head = (by: ThingOrder) => {
    const order: { heading: string; startsDescending?: true } = thingOrders[by];
    const isCurrent = view.sort.by === by;
    const isDescending = isCurrent ? !view.sort.isDescending : Boolean(order.startsDescending);
    const direction = isCurrent ? (view.sort.isDescending ? 'descending' : 'ascending') : null;
    return {
      column: by,
      label: order.heading,
      direction,
      href: thingAddress(path, view, { ...fromStart, sort: { by, isDescending } }),
    };
  };
  return { nameHead: head('name'), createdHead: head('created') };
}

type Listed = { rows: ThingLine[]; hasNext: boolean; hasPrevious: boolean };

function pagerOf(path: string, view: ThingView, { rows, hasNext, hasPrevious }: Listed) {
  const cursorOf = (line: ThingLine | undefined) => (line ? { key: line.sortKey, id: line.id } : null);
  const to = (changes: Partial<ThingView>) => thingAddress(path, view, { ...fromStart, ...changes });
  return {
    first: hasPrevious ? to({}) : null,
    previous: hasPrevious ? to({ before: cursorOf(rows[0]) }) : null,
    next: hasNext ? to({ after: cursorOf(rows.at(-1)) }) : null,
    sizes: sizes.map((size) => ({ size, href: to({ limit: size }), current: size === view.limit })),
    text: '',
  };
}
