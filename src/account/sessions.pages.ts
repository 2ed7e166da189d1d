import type { Request, Response } from 'express';
import { idOrNull } from '../ground/fields.ts';
import { describeAgent } from '../sessions/agent.ts';
import { endAllSessions, endSession, listSessions } from '../sessions/sessions.ts';
import { actorOf, dbOf } from '../web/context.ts';
import { done, page } from '../web/page.ts';
import { renewSession } from '../web/session.ts';

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

/** Ends one of the own sessions, or all others with `all`. */
export const postSessions = async (req: Request, res: Response) => {
  const actor = actorOf(req);
  const id = idOrNull(req.body?.session);
  if (id === actor.sessionId) return signOutHere(req, res);
  if (id) await endSession(dbOf(req), actor, actor, id);
  else await endAllSessions(dbOf(req), actor, actor);
  await done(req, res, '/account/sessions', id ? 'Session ended.' : 'Every other session has been ended.');
};

async function signOutHere(req: Request, res: Response): Promise<void> {
  await renewSession(req);
  res.redirect(303, '/sign-in?out');
}
