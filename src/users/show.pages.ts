import type { Request, Response } from 'express';
import { can } from '../access/can.ts';
import { profileHints, profileNames } from '../access/profiles.ts';
import { stateNames } from '../access/standing.ts';
import { timelineLocals, type Undoable } from '../history/history.pages.ts';
import { readHistory } from '../history/timeline.ts';
import { actorOf, contextOf, dbOf } from '../web/context.ts';
import { page } from '../web/page.ts';
import { momentOf } from '../web/time.ts';
import { wayBack } from './back.pages.ts';
import { badgesOf } from './badges.ts';
import { detailsOf } from './details.ts';
import { holdsGroups } from './groups.ts';
import { menuActs, rowActs } from './rowacts.ts';
import { findUser, isSingleUseSpent, isVerified, type User } from './user.ts';
import { readWayIn } from './wayin.ts';

export type UserTab =
  | 'profile'
  | 'access'
  | 'things'
  | 'balance'
  | 'sessions'
  | 'mail'
  | 'feedback'
  | 'visits'
  | 'history'
  | 'check';

/** What the head of each of a user's pages shows: name, badges, tabs, and the acts that are possible. */
export function headLocals(req: Request, user: User, tab: UserTab) {
  const shown = {
    ...user,
    isLocked: user.lockedAt !== null,
    isVerified: isVerified(user),
    isFederated: user.identitySource === 'federated',
    hasTwoFactor: user.twoFactorSince !== null,
  };
  const path = `/users/${user.username}`;
  const tabs = [
    { href: path, label: 'Profile', current: tab === 'profile' },
    { href: `${path}/access`, label: 'Access', current: tab === 'access' },
    { href: `${path}/things`, label: 'Things', current: tab === 'things' },
    { href: `${path}/balance`, label: 'Balance', current: tab === 'balance' },
    { href: `${path}/sessions`, label: 'Sessions', current: tab === 'sessions' },
    { href: `${path}/mail`, label: 'Mail', current: tab === 'mail' },
    { href: `${path}/feedback`, label: 'Feedback', current: tab === 'feedback' },
    { href: `${path}/visits`, label: 'Visits', current: tab === 'visits' },
    { href: `${path}/history`, label: 'History', current: tab === 'history' },
    { href: `${path}/sign-in-check`, label: 'Sign-in check', current: tab === 'check' },
  ];
  const isSelf = user.id === actorOf(req).id;
  return {
    section: 'users',
    user,
    badges: badgesOf(shown),
    acts: rowActs(actorOf(req), shown),
    tabs,
    isSelf,
    mayEdit: !user.deletedAt && can(actorOf(req), 'edit user', user),
    stateName: stateNames[user.state],
    checkHref: tab === 'check' ? null : `${path}/sign-in-check`,
  };
}

export const showUser = async (req: Request, res: Response) => {
  const user = await findUser(dbOf(req), String(req.params.username));
  const locals = {
    ...headLocals(req, user, 'profile'),
    profileName: profileNames[user.profile],
    profileHint: profileHints[user.profile],
    groups: holdsGroups(user.profile) ? groupsSay(user) : null,
    password: passwordSays(req, user),
    wayIn: await readWayIn(dbOf(req), user, momentOf(req)),
  };
  await page(req, res, 'users/show', { title: user.name, ...locals, details: details(req, user) });
};

/** What a row's menu offers, when it is opened. */
export const showMenu = async (req: Request, res: Response) => {
  const user = await findUser(dbOf(req), String(req.params.username));
  const { acts, ...locals } = headLocals(req, user, 'profile');
  const menu = { acts: menuActs(acts, user), returnTo: wayBack(req, '/users') };
  await page(req, res, 'users/menu', { title: `Actions for ${user.name}`, ...locals, ...menu });
};

/** The fourteen lines on their own: what the + of the list shows in place. */
export const showDetails = async (req: Request, res: Response) => {
  const user = await findUser(dbOf(req), String(req.params.username));
  await page(req, res, 'users/details', { title: user.name, ...headLocals(req, user, 'profile'), details: details(req, user) });
};

/** The fourteen lines, in the reader's zone and the instance's currency. */
export function details(req: Request, user: User) {
  return detailsOf(user, { currency: contextOf(req).config.currency, moment: momentOf(req) });
}

/** In no group a group user sees nothing, the others who hold groups everything. */
const groupsSay = ({ groups, profile }: User) =>
  groups || (profile === 'group' ? 'none, so it sees no things' : 'none, so it sees all things');

function passwordSays(req: Request, user: User): string {
  if (isSingleUseSpent(user)) return 'single-use, used and not replaced';
  if (user.isSingleUseOver) return 'single-use, expired';
  if (!user.passwordHash) return 'none';
  if (user.singleUseExpiresAt || !user.passwordUpdatedAt) return 'single-use, not used yet';
  const set = `set ${momentOf(req)(user.passwordUpdatedAt)}`;
  return user.mustChangePassword ? `${set}, to be replaced at the next sign-in` : set;
}

export const showHistory = (undoable: Undoable) => async (req: Request, res: Response) => {
  const user = await findUser(dbOf(req), String(req.params.username));
  const locals = await timelineLocals(req, {
    read: (span) => readHistory(dbOf(req), { userId: user.id }, span),
    path: `/users/${user.username}/history`,
    undoable,
  });
  await page(req, res, 'users/history', { title: `History of ${user.name}`, ...headLocals(req, user, 'history'), ...locals });
};
