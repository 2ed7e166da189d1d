import type { Request, RequestHandler } from 'express';
import { Refused } from '../ground/errors.ts';
import { dbOf } from '../web/context.ts';
import { requestOptions } from './ceremony.ts';
import { giveChallenge, type Purpose } from './challenges.ts';
import { partyOf } from './party.pages.ts';
import { listPasskeys } from './passkeys.ts';
import type { Showing } from './show.ts';

/** What the script of a passkey button gets: what to ask the browser for, or the sentence why nothing can be asked. */
export const answerTo =
  (options: (req: Request) => Promise<object>): RequestHandler =>
  async (req, res) => {
    try {
      res.json(await options(req));
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      res.status(409).json({ says: error.message });
    }
  };

type Ask = { purpose: Purpose; userId?: number; isVerified: boolean };

/** Asks this browser for a passkey: for one of a user's, or, when nobody is known yet, for whichever it has. */
export async function askForPasskey(req: Request, { purpose, userId, isVerified }: Ask): Promise<object> {
  const party = partyOf(req);
  const held = userId === undefined ? undefined : await listPasskeys(dbOf(req), userId);
  const challenge = await giveChallenge(dbOf(req), { purpose, sid: req.sessionID });
  return requestOptions(party, { challenge, held, isVerified });
}

/** What this browser has answered. */
export const showingOf = (req: Request, credential: string, asked: Omit<Ask, 'userId'>): Showing => ({
  party: partyOf(req),
  sid: req.sessionID,
  credential,
  ...asked,
});
