import type { Request, Response } from 'express';
import { Invalid } from '../ground/errors.ts';
import { passwordField } from '../ground/fields.ts';
import { actorOf, dbOf } from '../web/context.ts';
import { readForm } from '../web/form.ts';
import { ownPath } from '../web/guard.ts';
import { page } from '../web/page.ts';
import { adoptSession, newSid } from '../web/session.ts';
import { confirmActor } from './confirm.ts';

/**
 * Called by acts that need a fresh proof of identity. Does nothing when there is one; else takes the form's `your_password`,
 * which `layout/_confirm` asks for in the same form, so that nothing typed is lost on the way. Throws Invalid without it.
 */
export async function confirmIdentity(req: Request, _res?: Response): Promise<void> {
  const actor = actorOf(req);
  if (actor.isConfirmed) return;
  const { yourPassword } = readForm(req.body, { yourPassword: passwordField });
  const sid = newSid();
  await confirmActor(dbOf(req), actor, { password: yourPassword, sid });
  await adoptSession(req, sid);
  req.actor = { ...actor, isConfirmed: true };
}

/** The same on a page of its own, for what is reached by a link. */
export const showConfirm = (req: Request, res: Response) => form(req, res);

export const postConfirm = async (req: Request, res: Response) => {
  try {
    await confirmIdentity(req);
    res.redirect(303, ownPath(req, req.body?.next, '/'));
  } catch (error) {
    if (!(error instanceof Invalid)) throw error;
    await form(req, res.status(422), error.fields);
  }
};

function form(req: Request, res: Response, errors: Record<string, string> = {}): Promise<void> {
  const next = ownPath(req, req.body?.next ?? req.query.next, '/');
  return page(req, res, 'signin/confirm', { title: 'Confirm it is you', errors, next });
}
