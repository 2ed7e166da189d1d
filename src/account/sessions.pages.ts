import type { Request, Response } from 'express';
import { NotFound } from '../ground/errors.ts';
import { idOrNull } from '../ground/fields.ts';
import { endAllSessions, endSession, listSessions } from '../sessions/sessions.ts';
import { postSignOut } from '../signin/signin.pages.ts';
import { forgetBrowser, listBrowsers } from '../users/browsers.ts';
import { namedBrowser } from '../users/sessions.pages.ts';
import { actorOf, dbOf } from '../web/context.ts';
import { browserToken } from '../web/cookies.ts';
import { done, page } from '../web/page.ts';

export const showSessions = async (req: Request, res: Response) => {
  const actor = actorOf(req);
  await page(req, res, 'account/sessions', {
    title: 'Sessions',
    section: 'account',
    tab: 'sessions',
    sessions: await listSessions(dbOf(req), actor.id),
    ownSessionId: actor.sessionId,
    browsers: await listBrowsers(dbOf(req), actor.id, browserToken(req)),
  });
};

/** Ends the own session that the form names; all others when it names none. */
export const postSessions = async (req: Request, res: Response) => {
  const actor = actorOf(req);
  const named = req.body?.session;
  if (named === undefined) {
    await endAllSessions(dbOf(req), actor, actor);
    return done(req, res, '/account/sessions', 'Every other session has been ended.');
  }
  const id = idOrNull(named);
  if (!id) throw new NotFound('There is no such session.');
  if (id === actor.sessionId) return postSignOut(req, res);
  await endSession(dbOf(req), actor, actor, id);
  await done(req, res, '/account/sessions', 'Session ended.');
};

/** Forgets the own browser that the form names. */
export const postBrowsers = async (req: Request, res: Response) => {
  const actor = actorOf(req);
  await forgetBrowser(dbOf(req), actor, actor, namedBrowser(req));
  await done(req, res, '/account/sessions', 'Browser forgotten.');
};
