import type { Request, Response } from 'express';
import { subjectOf } from '../access/actor.ts';
import { can } from '../access/can.ts';
import { headLocals } from '../users/show.pages.ts';
import { findUser } from '../users/user.ts';
import { actorOf, dbOf } from '../web/context.ts';
import { page } from '../web/page.ts';
import { pagerOf } from '../web/pager.ts';
import { headOf } from '../web/sorting.ts';
import { feedbackAddress, readRequest, type UsualSort } from './address.ts';
import { kinds, states } from './feedback.ts';
import { countedAtMost, countFeedback, type FeedbackLine, type FeedbackOrder, feedbackOrders, listFeedback } from './list.ts';
import { firstWords } from './messages.ts';
import { kindWords, stateBadges } from './words.ts';

/** Whose feedback a list holds, where it stands, and where one of it opens. */
type Listing = { path: string; opens: string; userId?: number; usual: UsualSort };

const newestFirst: UsualSort = { by: 'left', isDescending: true };
const waitingFirst: UsualSort = { by: 'turn', isDescending: false };

/** The feedback of all users: what waits for an answer stands first. */
export const showFeedback = async (req: Request, res: Response) => {
  const list = await listLocals(req, { path: '/feedback', opens: '/feedback', usual: waitingFirst });
  await page(req, res, 'feedback/list', { title: 'Feedback', section: 'feedback', ...list });
};

/** The feedback of one user, among its pages. */
export const showUserFeedback = async (req: Request, res: Response) => {
  const user = await findUser(dbOf(req), String(req.params.username));
  const path = `/users/${user.username}/feedback`;
  const list = await listLocals(req, { path, opens: '/feedback', userId: user.id, usual: newestFirst });
  await page(req, res, 'feedback/user', { title: `Feedback of ${user.name}`, ...headLocals(req, user, 'feedback'), ...list });
};

/** The subject's own, the newest first. */
export const showOwnFeedback = async (req: Request, res: Response) => {
  const actor = actorOf(req);
  const path = '/my/feedback';
  const list = await listLocals(req, { path, opens: path, userId: subjectOf(actor).id, usual: newestFirst });
  const mayWrite = can(actor, 'leave feedback');
  await page(req, res, 'feedback/own-list', { title: 'Feedback', section: 'my-feedback', ...list, mayWrite });
};

async function listLocals(req: Request, { path, opens, userId, usual }: Listing) {
  const db = dbOf(req);
  const asked = readRequest(req.query, usual);
  const isOne = userId !== undefined;
  // Of one user nothing is searched: among the own feedback a search would find words of notes.
  const request = { ...asked, filter: isOne ? { ...asked.filter, q: '', user: null, userId } : asked.filter };
  const to = (changes: Omit<Parameters<typeof feedbackAddress>[2], 'usual'>) =>
    feedbackAddress(path, request, { usual, ...changes });
  const found = await listFeedback(db, request);
  const { q, state, kind, user } = request.filter;
  const tabs = [null, ...states].map((one) => ({
    href: to({ filter: { state: one } }),
    label: one ? stateBadges[one].text : 'All',
    current: one === state,
  }));
  const open = await countFeedback(db, { ...request.filter, state: 'open' });
  return {
    path,
    opens,
    isOne,
    filter: request.filter,
    kindChoices: kinds.map((value) => ({ value, label: kindWords[value] })),
    rows: found.rows.map(shown),
    stateTabs: tabs.map((tab, index) => (index === 1 ? { ...tab, count: open ?? `${countedAtMost}+` } : tab)),
    userChip: user ? { label: `User: ${user}`, href: to({ filter: { user: null } }) } : null,
    heads: headsOf(request.sort, (sort) => to({ sort })),
    isFiltered: Boolean(q || state || kind || user),
    pager: pagerOf(found, { to, limit: request.limit, noun: ['conversation', 'conversations'] }),
    waiting: isOne ? null : await countFeedback(db, { q: '', state: 'open', kind: null, user: null }),
  };
}

const shown = (line: FeedbackLine) => ({
  ...line,
  words: firstWords(line.text),
  kindName: kindWords[line.kind],
  badge: stateBadges[line.state],
});

function headsOf(sort: UsualSort, to: (sort: UsualSort) => string) {
  const head = (by: FeedbackOrder) => headOf(feedbackOrders, sort, by, to);
  return { turn: head('turn'), left: head('left'), last: head('last') };
}
