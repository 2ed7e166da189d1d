import type { Request, Response } from 'express';
import { can } from '../access/can.ts';
import { profileNames } from '../access/profiles.ts';
import { readSettings } from '../settings/settings.ts';
import { actorOf, dbOf } from '../web/context.ts';
import { page } from '../web/page.ts';
import { addressOf, fromStart, usualLimit, usualSort, type View } from './address.ts';
import { badgesOf } from './badges.ts';
import { type FilterName, filters, isUnfiltered, readFilter, stateChoices, type UserFilter } from './filter.ts';
import { readPlaces } from './limit.ts';
import {
  countAtOnce,
  countDeleted,
  countExactly,
  countedAtOnce,
  type Line,
  type List,
  listDeleted,
  listUsers,
  sizes,
} from './list.ts';
import { orders, readCursor, readSort } from './order.ts';
import { rowActs } from './rowacts.ts';
import { details } from './show.pages.ts';
import { findUser } from './user.ts';

const columns = ['name', 'username', 'email', 'phone', 'profile', 'description', 'state', 'last', 'registered'] as const;

export const showUsers = async (req: Request, res: Response) => {
  const db = dbOf(req);
  const view = readView(req);
  if (view.filter.state === 'deleted') return res.redirect(303, '/users/deleted');
  const [list, count, places, deletedCount] = await Promise.all([
    listUsers(db, view),
    countAtOnce(db, view.filter),
    readPlaces(db),
    countDeleted(db),
  ]);
  const hasProblems = Object.keys(list.problems).length > 0;
  await page(req, res.status(hasProblems ? 422 : 200), 'users/list', {
    title: 'Users',
    section: 'users',
    ...view,
    ...(await linesOf(req, view, list)),
    ...controls(view),
    errors: list.problems,
    places,
    count,
    countedAtOnce,
    isFiltered: !isUnfiltered(view.filter),
    tabs: tabs('users', places.used, deletedCount),
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

export const showDeleted = async (req: Request, res: Response) => {
  const db = dbOf(req);
  const view: View = { ...readView(req), filter: { q: '' }, sort: usualSort };
  const [list, places, deletedCount] = await Promise.all([listDeleted(db, view), readPlaces(db), countDeleted(db)]);
  await page(req, res, 'users/deleted', {
    title: 'Deleted users',
    section: 'users',
    lines: list.lines.map((line) => ({ ...line, badges: badgesOf(line), acts: rowActs(actorOf(req), line) })),
    profileNames,
    pager: pagerOf(view, list, '/users/deleted'),
    restoreDays: (await readSettings(db)).restoreDays,
    tabs: tabs('deleted', places.used, deletedCount),
  });
};

function readView(req: Request): View {
  const { sort, limit, after, before, open } = req.query;
  return {
    filter: readFilter(req.query),
    sort: readSort(sort, usualSort),
    limit: sizes.find((size) => String(size) === limit) ?? usualLimit,
    after: after ? readCursor(after) : null,
    before: before ? readCursor(before) : null,
    open: typeof open === 'string' ? open : '',
  };
}

/** The rows with their badges, acts and, where one is open, its details. */
async function linesOf(req: Request, view: View, list: List) {
  const actor = actorOf(req);
  const opened = list.lines.some(({ username }) => username === view.open) ? await findUser(dbOf(req), view.open) : null;
  const lines = list.lines.map((line) => ({
    ...line,
    badges: badgesOf(line),
    acts: opened?.username === line.username ? rowActs(actor, line) : [],
    mayDelete: can(actor, 'delete user', line),
    details: opened?.username === line.username ? details(req, opened) : null,
    openHref: addressOf(view, { open: line.username === view.open ? '' : line.username }),
  }));
  return { lines, profileNames, heads: columns.map((by) => headOf(view, by)), pager: pagerOf(view, list, '/users') };
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

function tabs(current: 'users' | 'deleted', live: number, deleted: number) {
  return [
    { href: '/users', label: 'Users', count: live.toLocaleString('en'), current: current === 'users' },
    { href: '/users/deleted', label: 'Deleted', count: deleted.toLocaleString('en'), current: current === 'deleted' },
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
