import type { Request, Response } from 'express';
import { readSettings } from '../settings/settings.ts';
import { actorOf, dbOf } from '../web/context.ts';
import { done } from '../web/page.ts';
import { actUpon } from './act.ts';
import { activationAct } from './activation.ts';
import { wayBack } from './back.pages.ts';
import { undoOf } from './undo.pages.ts';

/** Sends the link that activates an account, or makes it, where no mail can bring it. */
export const postActivation = async (req: Request, res: Response) => {
  const { user, historyId } = await actUpon(dbOf(req), actorOf(req), activationAct, String(req.params.username), {});
  const { outgoingMail } = await readSettings(dbOf(req));
  const text = outgoingMail
    ? `An activation mail goes to ${user.email}.`
    : `Outgoing mail is off: copy the activation link of ${user.name} from its page and hand it over.`;
  await done(req, res, wayBack(req, `/users/${user.username}`), text, undoOf(historyId, user.username));
};
