import type { Request, Response } from 'express';
import { can } from '../access/can.ts';
import { profileNames } from '../access/profiles.ts';
import { countedAtOnce } from '../ground/search.ts';
import { readSettings } from '../settings/settings.ts';
import { actorOf, contextOf, dbOf } from '../web/context.ts';
import { moneyFor } from '../web/figures.ts';
import { page } from '../web/page.ts';
import { pagerOf, type Turn } from '../web/pager.ts';
import { addressesOfOpen, addressOf, fromStart, readView, usualSort, type View } from './address.ts';
import { badgesOf } from './badges.ts';
import { type ColumnName, shownColumns } from './columns.ts';
import { controlsOf } from './controls.ts';
import { isUnfiltered } from './filter.ts';
import { columnsOf } from './heads.ts';
import type { Places } from './limit.ts';
import { countExactly, findMatches, type List, listDeleted, listUsers } from './list.ts';
import { connectAct, rowActs } from './rowacts.ts';
import { type OfferSelection, selectbarOf } from './selectbar.pages.ts';
import { details } from './show.pages.ts';
import { openedView, savingOf, stripOf } from './strip.ts';
import { findUser } from './user.ts';
import { listViews } from './views.ts';

export const showUsers = (offer: OfferSelection) => async (req: Request, res: Response) => {
  const asked = readView(req.query);
  if (asked.filter.state === 'deleted') return res.redirect(303, '/users/deleted');
  const { listColumns: chosen = null } = req.session.signedIn ?? {};
  const { list, views, isFiltered, count } = await readList(req, asked, shownColumns(chosen));
  const opened = openedView(asked, views);
  const view: View = { ...asked, savedView: opened?.id ?? null };
  const isUnderstood = Object.keys(list.problems).length === 0;
  const { q: _besideTheBox, ...errors } = list.problems;
  await page(req, res.status(isUnderstood ? 200 : 422), 'users/list', {
    title: 'Users',
    section: 'users',
    ...view,
    ...(await rowsOf(req, view, list)),
    ...columnsOf(view, chosen),
    ...controlsOf(view, contextOf(req).config.currency),
    ...stripOf(view, views),
    saving: savingOf(view, opened, isUnderstood),
    errors,
    selectbar: await selectbarOf(req, offer, {
      view,
      path: '/users',
      list,
      all: isFiltered ? 'that match' : 'accounts',
      total: isFiltered ? count : list.places.used,
    }),
    places: list.places,
    count,
    countedAtOnce,
    isFiltered,
    tabs: tabs(asked.filter.state === 'requested' ? 'requests' : 'users', list.places),
    countHref: addressOf(view, fromStart, '/users/count'),
    exportHref: addressOf(view, fromStart, '/users/export.csv'),
    returnTo: addressOf(view),
  });
};

/** One page of the list, what is known at once of its total, and the views beside it. */
async function readList(req: Request, view: View, columns: ColumnName[]) {
  const db = dbOf(req);
  const { hasViews = true } = req.session.signedIn ?? {};
  const isFiltered = !isUnfiltered(view.filter);
  // Without a filter the total is kept: it is among the list's places.
  const matches = isFiltered ? await findMatches(db, view.filter) : null;
  const [list, views] = await Promise.all([
    listUsers(db, { ...view, ...(matches && { matches }), columns }),
    hasViews ? listViews(db, actorOf(req)) : [],
  ]);
  return { list, views, isFiltered, count: matches?.few?.length ?? null };
}

/** The exact total of a filtered list: what the list says “more than 1,000” about. */
export const showCount = async (req: Request, res: Response) => {
  const view = readView(req.query);
  const count = await countExactly(dbOf(req), view.filter);
  await page(req, res, 'users/count', { title: 'How many users match', section: 'users', count, listHref: addressOf(view) });
};

export const showDeleted = (offer: OfferSelection) => async (req: Request, res: Response) => {
  const db = dbOf(req);
  const view: View = { ...readView(req.query), filter: { q: '' }, sort: usualSort, savedView: null };
  const list = await listDeleted(db, view);
  await page(req, res, 'users/deleted', {
    title: 'Deleted users',
    section: 'users',
    rows: list.lines.map((user) => ({ user, badges: badgesOf(user), acts: rowActs(actorOf(req), user) })),
    profileNames,
    pager: pagerBelow(view, list, '/users/deleted'),
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

/** The rows with their badges, acts and, where one is open, its details. */
async function rowsOf(req: Request, view: View, list: List) {
  const actor = actorOf(req);
  const opened = list.lines.some(({ username }) => username === view.open) ? await findUser(dbOf(req), view.open) : null;
  const openHref = addressesOfOpen(view);
  // The user stands in its row as it came: copied together with more properties it would cost more than all the rendering.
  const rows = list.lines.map((user) => ({
    user,
    badges: badgesOf(user),
    acts: opened?.username === user.username ? rowActs(actor, { ...user, hasTwoFactor: opened.twoFactorSince !== null }) : [],
    connect: connectAct(actor, user),
    mayRefill: can(actor, 'refill balance', user),
    mayEdit: can(actor, 'edit user', user),
    mayDelete: can(actor, 'delete user', user),
    details: opened?.username === user.username ? details(req, opened) : null,
    openHref: openHref(user.username),
  }));
  return { rows, money: moneyFor(req), pager: pagerBelow(view, list, '/users') };
}

function pagerBelow(view: View, { lines, hasNext, hasPrevious }: Omit<List, 'problems'>, path: string) {
  const to = (turn: Turn) => addressOf(view, { open: '', ...turn }, path);
  return pagerOf({ rows: lines, hasNext, hasPrevious }, { to, limit: view.limit, noun: ['user', 'users'] });
}

type Tab = 'users' | 'requests' | 'invitations' | 'deleted' | 'bulk';

export function tabs(current: Tab, { used, requests, deleted }: Places) {
  const isQueue = current === 'requests';
  return [
    { href: '/users', label: 'Users', count: used, current: current === 'users' },
    ...(requests > 0 || isQueue
      ? [{ href: '/users?state=requested', label: 'Requests', count: requests < 100 ? requests : '99+', current: isQueue }]
      : []),
    { href: '/invitations', label: 'Invitations', current: current === 'invitations' },
    { href: '/users/deleted', label: 'Deleted', count: deleted, current: current === 'deleted' },
    { href: '/users/bulk', label: 'In bulk', current: current === 'bulk' },
  ];
}
