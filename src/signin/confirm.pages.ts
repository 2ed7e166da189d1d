import type { Request, Response } from 'express';
import { Invalid } from '../ground/errors.ts';
import { codeField, passwordField } from '../ground/fields.ts';
import { answerTo, askForPasskey, showingOf } from '../passkeys/ask.pages.ts';
import { credentialField } from '../passkeys/credential.ts';
import { actorOf, contextOf, dbOf } from '../web/context.ts';
import { readForm } from '../web/form.ts';
import { ownPath } from '../web/guard.ts';
import { page } from '../web/page.ts';
import { adoptSession, newSid } from '../web/session.ts';
import { confirmActor, type OwnProof } from './confirm.ts';

const asked = { purpose: 'confirm', isVerified: true } as const;

/**
 * Called by acts that need a fresh proof of identity. Does nothing when there is one; else takes the form's `your_password`, or its
 * `your_code` or `your_passkey`, for which `layout/_confirm` asks in the same form, so that nothing typed is lost on the way. Throws
 * Invalid without it.
 */
export async function confirmIdentity(req: Request, _res?: Response): Promise<void> {
  const actor = actorOf(req);
  if (actor.isConfirmed) return;
  const sid = newSid();
  await confirmActor(dbOf(req), actor, { proof: proofOf(req), sid });
  await adoptSession(req, sid);
  req.actor = { ...actor, isConfirmed: true };
}

function proofOf(req: Request): OwnProof {
  const fields = { yourPassword: passwordField, yourCode: codeField, yourPasskey: credentialField };
  const { yourPassword, yourCode, yourPasskey } = readForm(req.body, fields);
  if (yourPasskey) return showingOf(req, yourPasskey, asked);
  return yourCode ? { code: yourCode, secrets: contextOf(req).secrets } : { password: yourPassword };
}

/** Asks the browser for one of the actor's own passkeys. */
export const postConfirmChallenge = answerTo((req) => askForPasskey(req, { ...asked, userId: actorOf(req).id }));

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
