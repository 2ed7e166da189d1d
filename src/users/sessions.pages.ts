import type { Request, Response } from 'express';
import { can } from '../access/can.ts';
import { NotFound } from '../ground/errors.ts';
import { idOrNull } from '../ground/fields.ts';
import { endAllSessions, endSession, listSessions } from '../sessions/sessions.ts';
import { actorOf, dbOf } from '../web/context.ts';
import { browserToken } from '../web/cookies.ts';
import { done, page } from '../web/page.ts';
import { forgetBrowser, listBrowsers } from './browsers.ts';
import { headLocals } from './show.pages.ts';
import { findUser } from './user.ts';

/** Where a user is signed in, and from which browsers it has done so before. */
export const showSessions = async (req: Request, res: Response) => {
  const user = await findUser(dbOf(req), String(req.params.username));
  await page(req, res, 'users/sessions', {
    title: `Sessions of ${user.name}`,
    ...headLocals(req, user, 'sessions'),
    sessions: await listSessions(dbOf(req), user.id),
    ownSessionId: actorOf(req).sessionId,
    mayEnd: can(actorOf(req), 'end sessions', user),
    mayForget: can(actorOf(req), 'forget browsers', user),
    browsers: await listBrowsers(dbOf(req), user.id, browserToken(req)),
  });
};

/** Ends one session of a user, or all; of oneself all but this one. */
export const endUserSessions = async (req: Request, res: Response) => {
  const user = await findUser(dbOf(req), String(req.params.username));
  const id = idOrNull(req.body?.session);
  if (req.body?.session !== undefined && !id) throw new NotFound('There is no such session.');
  if (id) await endSession(dbOf(req), actorOf(req), user, id);
  else await endAllSessions(dbOf(req), actorOf(req), user);
  await done(req, res, `/users/${user.username}/sessions`, id ? 'Session ended.' : 'Sessions ended.');
};

/** Forgets one browser of a user: there the user counts as a stranger again. */
export const forgetUserBrowser = async (req: Request, res: Response) => {
  const user = await findUser(dbOf(req), String(req.params.username));
  await forgetBrowser(dbOf(req), actorOf(req), user, namedBrowser(req));
  await done(req, res, `/users/${user.username}/sessions`, 'Browser forgotten.');
};

/** The browser that the form names. Throws NotFound. */
export function namedBrowser(req: Request): number {
  const id = idOrNull(req.body?.browser);
  if (!id) throw new NotFound('There is no such browser.');
  return id;
}
