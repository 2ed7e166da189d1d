import type { Request, Response } from 'express';
import { subjectOf } from '../access/actor.ts';
import { idOrNull } from '../ground/fields.ts';
import { readSettings } from '../settings/settings.ts';
import { actorOf, dbOf } from '../web/context.ts';
import { figure } from '../web/figures.ts';
import { ownPath } from '../web/guard.ts';
import { notificationsPath } from '../web/menu.ts';
import { done, page } from '../web/page.ts';
import { addressWith, pagerOf, readSpan, type Turn } from '../web/pager.ts';
import {
  countUnread,
  findNotification,
  listNotifications,
  markAllRead,
  markRead,
  type Notification,
  unreadFirst,
} from './list.ts';
import { partsOf } from './parts.ts';

/** Where notifications are shown: the actor's own, or under /my the subject's. */
type Place = 'own' | 'my';

const pathOf = (place: Place) => (place === 'my' ? '/my/notifications' : '/notifications');

/** The page where somebody has its own: the other address leads there, so that there is one. */
function isElsewhere(req: Request, place: Place): boolean {
  const actor = actorOf(req);
  if (actor.connection && place === 'my') return false;
  return notificationsPath(actor) !== pathOf(place);
}

/** What is told to somebody, unread first. An administrator who is connected only looks: nothing is marked as read by that. */
export const showNotifications = (place: Place) => async (req: Request, res: Response) => {
  if (isElsewhere(req, place)) return res.redirect(303, notificationsPath(actorOf(req)));
  const db = dbOf(req);
  const holder = holderAt(req, place);
  const query = readQuery(req, pathOf(place));
  const { unread, newest } = await countUnread(db, holder.id);
  const list = await listNotifications(db, holder.id, query);
  const to = (turn: Turn) => addressOf(query, turn);
  await page(req, res, 'notifications/list', {
    title: 'Notifications',
    ...shared(req, place),
    unread,
    rows: list.rows.map((one) => shownOf(req, place, one)),
    newest,
    isUnread: query.isUnread,
    tabs: [
      { href: pathOf(place), label: 'All', current: !query.isUnread },
      { href: `${pathOf(place)}?show=unread`, label: 'Unread', count: unread, current: query.isUnread },
    ],
    pager: pagerOf(list, { to, limit: query.limit, noun: ['notification', 'notifications'] }),
    returnTo: addressOf(query),
    days: (await readSettings(db)).notificationDays,
  });
};

/** One of them, whole. */
export const showNotification = (place: Place) => async (req: Request, res: Response) => {
  const id = idOrNull(req.params.id);
  if (isElsewhere(req, place)) return res.redirect(303, `${notificationsPath(actorOf(req))}/${id ?? 0}`);
  const found = await findNotification(dbOf(req), holderAt(req, place).id, id);
  await page(req, res, 'notifications/show', {
    title: found.says,
    ...shared(req, place),
    notification: shownOf(req, place, found),
    parts: partsOf(found.text ?? ''),
    returnTo: pathOf(place),
  });
};

/** Marks one as read and goes to what it is about. */
export const postOpen = async (req: Request, res: Response) => {
  const found = await markRead(dbOf(req), actorOf(req), idOrNull(req.params.id));
  const own = `${notificationsPath(actorOf(req))}/${found.id}`;
  res.redirect(303, found.leads ? ownPath(req, found.leads, own) : own);
};

export const postRead = async (req: Request, res: Response) => {
  await markRead(dbOf(req), actorOf(req), idOrNull(req.params.id));
  await done(req, res, wayBack(req), 'Marked as read.');
};

/** All that its page could show: what has come since stays unread. */
export const postAllRead = async (req: Request, res: Response) => {
  const marked = await markAllRead(dbOf(req), actorOf(req), idOrNull(req.body?.newest) ?? 0);
  await done(
    req,
    res,
    wayBack(req),
    marked === 1 ? '1 notification is marked as read.' : `${figure(marked)} are marked as read.`,
  );
};

const wayBack = (req: Request) => ownPath(req, req.body?.return_to, notificationsPath(actorOf(req)));

const holderAt = (req: Request, place: Place) => (place === 'my' ? subjectOf(actorOf(req)) : actorOf(req));

const shared = (req: Request, place: Place) => ({
  section: place === 'my' ? 'my-notifications' : 'notifications',
  path: pathOf(place),
  isReader: place === 'own' || !actorOf(req).connection,
  name: place === 'my' && actorOf(req).connection ? subjectOf(actorOf(req)).name : null,
});

/** An administrator who is connected is led nowhere but to the sections of the subject: other pages would be its own. */
function shownOf(req: Request, place: Place, one: Notification) {
  const isFollowed = place === 'own' || !actorOf(req).connection || one.leads.startsWith('/my');
  const href = one.leads && isFollowed ? one.leads : null;
  return { ...one, href: one.text === null ? href : `${pathOf(place)}/${one.id}`, about: href };
}

type Query = ReturnType<typeof readQuery>;

const readQuery = ({ query }: Request, path: string) => ({
  path,
  isUnread: query.show === 'unread',
  ...readSpan(query, unreadFirst),
});

function addressOf(query: Query, turn: Turn = {}): string {
  const { path, isUnread, ...span } = { ...query, ...turn };
  return addressWith(path, { show: isUnread ? 'unread' : null }, span);
}
