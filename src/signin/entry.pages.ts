import type { Request, Response } from 'express';
import { browserToken, keepBrowserToken } from '../web/cookies.ts';
import { newSid, renewSession } from '../web/session.ts';
import type { Entry } from './begin.ts';

/** From where this request comes, with the id of the session that may come of it. */
export const entryOf = (req: Request): Entry => ({
  sid: newSid(),
  browser: browserToken(req),
  address: req.ip ?? '',
  agent: req.get('user-agent') ?? '',
});

/** The browser goes on under the session that has just been written, and is known from now on. */
export async function goIn(req: Request, res: Response, { sid, browser }: Entry): Promise<void> {
  keepBrowserToken(req, res, browser);
  await renewSession(req, sid);
}
