import type { Request, Response } from 'express';
import { can } from '../access/can.ts';
import { profileNames } from '../access/profiles.ts';
import { idOrNull } from '../ground/fields.ts';
import { readSettings } from '../settings/settings.ts';
import { actorOf, dbOf } from '../web/context.ts';
import { page } from '../web/page.ts';
import { addressesOfOpen, addressOf, fromStart, usualLimit, usualSort, type View } from './address.ts';
import { badgesOf } from './badges.ts';
import { type FilterName, filters, isUnfiltered, readFilter, stateChoices, type UserFilter } from './filter.ts';
import type { Places } from './limit.ts';
import { countAtOnce, countExactly, countedAtOnce, type Line, type List, listDeleted, listUsers, sizes } from './list.ts';
import { orders, readCursor, readSort } from './order.ts';
import { rowActs } from './rowacts.ts';
import { type OfferSelection, selectbarOf } from './selectbar.pages.ts';
import { details } from './show.pages.ts';
import { findUser } from './user.ts';

const columns = ['name', 'username', 'email', 'phone', 'profile', 'description', 'state', 'last', 'registered'] as const;

export const showUsers = (offer: OfferSelection) => async (req: Request, res: Response) => {
  const db = dbOf(req);
  const view = readView(req);
  if (view.filter.state === 'deleted') return res.redirect(303, '/users/deleted');
  const isFiltered = !isUnfiltered(view.filter);
  // Without a filter the total is kept: it is among the list's places.
  const [list, count] = await Promise.all([listUsers(db, view), isFiltered ? countAtOnce(db, view.filter) : null]);
  const hasProblems = Object.keys(list.problems).length > 0;
  await page(req, res.status(hasProblems ? 422 : 200), 'users/list', {
    title: 'Users',
    section: 'users',
    ...view,
    ...(await rowsOf(req, view, list)),
    selectbar: await selectbarOf(req, offer, {
      view,
      path: '/users',
      list,
      all: isFiltered ? 'that match' : 'accounts',
      total: isFiltered ? count : list.places.used,
    }),
    ...controls(view),
    errors: list.problems,
    places: list.places,
    count,
    countedAtOnce,
    isFiltered,
    tabs: tabs('users', list.places),
    countHref: addressOf(view, fromStart, '/users/count'),
    exportHref: addressOf(view, fromStart, '/users/export.csv'),
    returnTo: addressOf(view),
  });
};

/** The exact total of a filtered list: what the list says “more than 1,000” about. */
export const showCount = async (req: Request, res: Response) => {
  const view = readView(req);
  const count = await countExactly(dbOf(req), view.filter);
  await page(req, res, 'users/count', { title: 'How many users match', section: 'users', count, listHref: addressOf(view) });
};

export const showDeleted = (offer: OfferSelection) => async (req: Request, res: Response) => {
  const db = dbOf(req);
  const view: View = { ...readView(req), filter: { q: '' }, sort: usualSort };
  const list = await listDeleted(db, view);
  await page(req, res, 'users/deleted', {
    title: 'Deleted users',
    section: 'users',
    rows: list.lines.map((user) => ({ user, badges: badgesOf(user), acts: rowActs(actorOf(req), user) })),
    profileNames,
    pager: pagerOf(view, list, '/users/deleted'),
    selectbar: await selectbarOf(req, offer, {
      view,
      path: '/users/deleted',
      list,
      all: 'deleted users',
      total: list.places.deleted,
    }),
    restoreDays: (await readSettings(db)).restoreDays,
    tabs: tabs('deleted', list.places),
  });
};

function readView(req: Request): View {
  const { sort, limit, after, before, open, selection } = req.query;
  return {
    filter: readFilter(req.query),
    sort: readSort(sort, usualSort),
    limit: sizes.find((size) => String(size) === limit) ?? usualLimit,
    after: after ? readCursor(after) : null,
    before: before ? readCursor(before) : null,
    open: typeof open === 'string' ? open : '',
    selection: idOrNull(selection),
  };
}

/** The rows with their badges, acts and, where one is open, its details. */
async function rowsOf(req: Request, view: View, list: List) {
  const actor = actorOf(req);
  const opened = list.lines.some(({ username }) => username === view.open) ? await findUser(dbOf(req), view.open) : null;
  const openHref = addressesOfOpen(view);
  // The user stands in its row as it came: copied together with more properties it would cost more than all the rendering.
  const rows = list.lines.map((user) => ({
    user,
    badges: badgesOf(user),
    acts: opened?.username === user.username ? rowActs(actor, user) : [],
    mayDelete: can(actor, 'delete user', user),
    details: opened?.username === user.username ? details(req, opened) : null,
    openHref: openHref(user.username),
  }));
  return { rows, profileNames, heads: columns.map((by) => headOf(view, by)), pager: pagerOf(view, list, '/users') };
}

/** What of a view stands in no control of the filter form, as an address. */
const withoutControl = ({ filter: { balance }, ...view }: View) =>
  addressOf({ ...view, ...fromStart, filter: { q: '', ...(balance ? { balance } : {}) } });

function headOf(view: View, by: (typeof columns)[number]) {
  const order: { heading: string; startsDescending?: true } = orders[by];
  const isCurrent = view.sort.by === by;
  const isDescending = isCurrent ? !view.sort.isDescending : Boolean(order.startsDescending);
  const direction = isCurrent ? (view.sort.isDescending ? 'descending' : 'ascending') : null;
  return { column: by, label: order.heading, direction, href: addressOf(view, { ...fromStart, sort: { by, isDescending } }) };
}

function pagerOf(view: View, { lines, hasNext, hasPrevious }: Omit<List, 'problems'>, path: string) {
  const cursorOf = (line: Line | undefined) => (line ? { key: line.sortKey, id: line.id } : null);
  const to = (changes: Partial<View>) => addressOf(view, { ...fromStart, ...changes }, path);
  return {
    first: hasPrevious ? to({}) : null,
    previous: hasPrevious ? to({ before: cursorOf(lines[0]) }) : null,
    next: hasNext ? to({ after: cursorOf(lines.at(-1)) }) : null,
    sizes: sizes.map((size) => ({ size, href: to({ limit: size }), current: size === view.limit })),
    text: lines.length === 1 ? '1 user on this page' : `${lines.length} users on this page`,
  };
}

export function tabs(current: 'users' | 'deleted' | 'bulk', { used, deleted }: Places) {
  return [
    { href: '/users', label: 'Users', count: used, current: current === 'users' },
    { href: '/users/deleted', label: 'Deleted', count: deleted, current: current === 'deleted' },
    { href: '/users/bulk', label: 'In bulk', current: current === 'bulk' },
  ];
}

function controls(view: View) {
  const without = (name: keyof UserFilter) => addressOf(view, { ...fromStart, filter: { ...view.filter, [name]: '' } });
  const active = (Object.keys(filters) as FilterName[]).filter((name) => view.filter[name]);
  const chips = active.map((name) => {
    const { label, show } = filters[name];
    const value = view.filter[name] as string;
    return { label: `${label}: ${show ? show(value) : value}`, href: without(name) };
  });
  if (view.filter.q) chips.unshift({ label: `“${view.filter.q}”`, href: without('q') });
  const clearHref = chips.length > 1 ? addressOf(view, { ...fromStart, filter: { q: '' } }) : null;
  return { chips, clearHref, stateChoices, kept: [...new URLSearchParams(withoutControl(view).split('?')[1])] };
}
