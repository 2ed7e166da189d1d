import type { Request, Response } from 'express';
import { idOrNull } from '../ground/fields.ts';
import { describeAgent } from '../sessions/agent.ts';
import { endAllSessions, endSession, listSessions } from '../sessions/sessions.ts';
import { postSignOut } from '../signin/signin.pages.ts';
import { actorOf, dbOf } from '../web/context.ts';
import { done, page } from '../web/page.ts';

export const showSessions = async (req: Request, res: Response) => {
  const actor = actorOf(req);
  const sessions = (await listSessions(dbOf(req), actor.id)).map((session) => ({
    ...session,
    device: describeAgent(session.agent),
  }));
  await page(req, res, 'account/sessions', {
    title: 'Sessions',
    section: 'account',
    tab: 'sessions',
    sessions,
    ownSessionId: actor.sessionId,
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
  if (id === actor.sessionId) return postSignOut(req, res);
  if (id) await endSession(dbOf(req), actor, actor, id);
  await done(req, res, '/account/sessions', 'Session ended.');
};
