import type { Request, RequestHandler, Response } from 'express';
import { drawn } from '../balance/balance.pages.ts';
import { idOrNull } from '../ground/fields.ts';
import { timelineLocals, type Undoable } from '../history/history.pages.ts';
import { readHistory } from '../history/timeline.ts';
import { holderAt, type Place } from '../users/holder.pages.ts';
import { headLocals } from '../users/show.pages.ts';
import type { User } from '../users/user.ts';
import { contextOf, dbOf } from '../web/context.ts';
import { isPart, page } from '../web/page.ts';
import { addressWith, pagerOf, readCursors } from '../web/pager.ts';
import { keepOpened, listOpened, mostPages } from './opened.ts';
import { findVisit, listVisits, moneyOf, type Visit, visitOrder } from './visit.ts';
import { visitWords } from './words.ts';

const pageSize = 25;

const pathOf = (place: Place, { username }: User) => (place === 'my' ? '/my/visits' : `/users/${username}/visits`);

/** What stands around each page of visits. */
const frame = (req: Request, place: Place, user: User) =>
  place === 'my' ? { section: 'my-visits', user } : headLocals(req, user, 'visits');

/** Who was connected to a user, the newest first. */
export const showVisits = (place: Place) => async (req: Request, res: Response) => {
  const user = await holderAt(req, place);
  const path = pathOf(place, user);
  const list = await listVisits(dbOf(req), user.id, { limit: pageSize, ...readCursors(req.query, visitOrder) });
  await page(req, res, place === 'my' ? 'connection/own-visits' : 'connection/visits', {
    title: place === 'my' ? 'Visits' : `Visits to ${user.name}`,
    ...frame(req, place, user),
    path,
    isOwn: place === 'my',
    visits: list.rows.map((visit) => ({ ...visit, ...visitWords(visit) })),
    pager: pagerOf(list, { to: (turn) => addressWith(path, {}, turn) }),
  });
};

/** The report of one visit, as administrators read it: what was done to others meanwhile too. */
export const showVisit = (undoable: Undoable) => (req: Request, res: Response) =>
  report(req, res, 'user', (visit, path) => wholeTimeline(req, visit, { path, undoable }));

/** The same report as the user reads it. */
export const showOwnVisit = (req: Request, res: Response) =>
  report(req, res, 'my', (visit, path) => ownTimeline(req, visit, path));

/** Who, why, when, what was opened and what was changed. */
async function report(req: Request, res: Response, place: Place, timeline: (visit: Visit, path: string) => Promise<object>) {
  const user = await holderAt(req, place);
  const visit = await findVisit(dbOf(req), user.id, idOrNull(req.params.id));
  const path = pathOf(place, user);
  await page(req, res, place === 'my' ? 'connection/own-visit' : 'connection/visit', {
    title: place === 'my' ? `Visit ${visit.id}` : `${user.name}: visit ${visit.id}`,
    ...frame(req, place, user),
    path,
    isOwn: place === 'my',
    visit: { ...visit, ...visitWords(visit) },
    opened: await listOpened(dbOf(req), visit.id),
    notListed: Math.max(visit.pages - mostPages, 0),
    transactions: await moneyOf(dbOf(req), visit),
    ...drawn(req),
    ...(await timeline(visit, `${path}/${visit.id}`)),
  });
}

/** What was changed for the user, as administrators read it, and what was done to others meanwhile. */
async function wholeTimeline(
  req: Request,
  { id: connectionId }: Visit,
  { path, undoable }: { path: string; undoable: Undoable },
) {
  const timeline = (concerning: 'subject' | 'others') =>
    timelineLocals(req, {
      read: (span) => readHistory(dbOf(req), { visit: { connectionId, concerning } }, span),
      path,
      undoable,
    });
  const [own, others] = [await timeline('subject'), req.query.before ? null : await timeline('others')];
  // On whose behalf it was done need not be said here again.
  const happenings = own.happenings.map((one) => ({ ...one, visit: null }));
  return { ...own, happenings, others: others?.happenings ?? [], hasMoreOthers: Boolean(others?.pager.next) };
}

/** The same as the user reads it: no addresses, no links into the administration, and itself is “you”. */
async function ownTimeline(req: Request, { id: connectionId, userId, by }: Visit, path: string) {
  const { happenings, pager } = await timelineLocals(req, {
    read: (span) => readHistory(dbOf(req), { visit: { connectionId, concerning: 'subject' } }, span),
    path,
    undoable: async () => new Set(),
  });
  const asOwn = happenings.map((one) => ({
    ...one,
    by: by ?? 'An administrator',
    address: null,
    href: null,
    upon: one.userId === userId ? (one.verb.endsWith(' of') ? 'yours' : 'you') : one.upon,
    visit: null,
  }));
  return { happenings: asOwn, pager };
}

/**
 * Keeps which pages of the user's are opened while connected: those that were answered, whole or, as in a dialog, without their frame.
 * A part of a page that is kept already is none, nor is a count. It is written after the answer, which it neither delays nor fails, also when somebody breaks that off.
 */
export const noteOpened: RequestHandler = (req, res, next) => {
  const connection = req.actor?.connection;
  if (connection && req.method === 'GET' && /^\/my(\/|$)/.test(req.path) && !(isPart(req) && req.path.endsWith('/count')))
    res.on('close', () => {
      if (!res.headersSent || res.statusCode !== 200) return;
      const { db, log } = contextOf(req);
      keepOpened(db, connection.id, req.path, { isPart: isPart(req) }).catch((error) =>
        log.warn({ err: error }, 'an opened page was not kept'),
      );
    });
  next();
};
