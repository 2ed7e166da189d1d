import type { Request, Response } from 'express';
import { Invalid } from '../ground/errors.ts';
import { idOrNull } from '../ground/fields.ts';
import { seal } from '../ground/secrets.ts';
import { readSettings } from '../settings/settings.ts';
import { undoOf } from '../users/undo.pages.ts';
import { actorOf, contextOf, dbOf } from '../web/context.ts';
import { ownPath } from '../web/guard.ts';
import { done, page } from '../web/page.ts';
import type { Flash } from '../web/session.ts';
import { assertCopyable, copyLink, needsProof } from './copy.ts';
import { findInvitation, type Invitation } from './invitation.ts';
import { resendInvitation } from './resend.ts';
import { assertRevocable, revokeInvitation } from './revoke.ts';

type Confirm = (req: Request) => Promise<void>;

/** Sends it again; while no mail goes out, the new link is shown instead. */
export const postResend = async (req: Request, res: Response) => {
  const { id } = await found(req);
  const invitation = await resendInvitation(dbOf(req), actorOf(req), id);
  await done(req, res, wayBack(req), ...(await saidOfSending(req, invitation, 'invited again')));
};

/** What the next page says of an invitation that has been sent: with its link, while only hands can bring it. */
export async function saidOfSending(req: Request, invitation: Invitation, verb: string): Promise<[string, Partial<Flash>]> {
  const text = `${invitation.email} has been ${verb}`;
  if ((await readSettings(dbOf(req))).outgoingMail) return [`${text}.`, {}];
  const off = `${text}. Outgoing mail is off:`;
  if (needsProof(invitation) && !actorOf(req).isConfirmed) return [`${off} copy the link.`, {}];
  return [`${off} hand over the link yourself.`, await sealedLink(req, invitation.id)];
}

export const showRevoke = async (req: Request, res: Response) => {
  const invitation = await found(req);
  assertRevocable(actorOf(req), invitation);
  const locals = { invitation, returnTo: wayBack(req) };
  await page(req, res, 'invitations/revoke', { title: 'Revoke the invitation', section: 'invitations', ...locals });
};

export const postRevoke = async (req: Request, res: Response) => {
  const { id } = await found(req);
  const { invitation, historyId } = await revokeInvitation(dbOf(req), actorOf(req), id);
  const text = `The invitation of ${invitation.email} has been revoked: its link opens nothing.`;
  await done(req, res, wayBack(req), text, undoOf(historyId));
};

/** Shows the link this once; that of an administrator only to who has proved lately who it is. */
export const postCopyLink = (confirmIdentity: Confirm) => async (req: Request, res: Response) => {
  const invitation = await found(req);
  assertCopyable(actorOf(req), invitation);
  if (isProofMissing(req, invitation)) return askForProof(req, res, invitation);
  try {
    if (needsProof(invitation)) await confirmIdentity(req);
  } catch (error) {
    if (!(error instanceof Invalid)) throw error;
    return askForProof(req, res, invitation, error.fields);
  }
  await done(req, res, wayBack(req), `Here is the link for ${invitation.email}.`, await sealedLink(req, invitation.id));
};

/** The button alone holds no proof: asking for it is no failed try. */
const isProofMissing = (req: Request, invitation: Invitation) =>
  needsProof(invitation) && !actorOf(req).isConfirmed && req.body?.proving === undefined;

const askForProof = (req: Request, res: Response, invitation: Invitation, errors: Record<string, string> = {}) =>
  page(req, res.status(422), 'invitations/copy', {
    title: 'Copy the link',
    section: 'invitations',
    invitation,
    errors,
    returnTo: wayBack(req),
  });

/** The part of a flash that shows a link once and keeps it encrypted until then; that it was shown is recorded. */
async function sealedLink(req: Request, id: number): Promise<Pick<Flash, 'sealed' | 'label'>> {
  const { invitation, address } = await copyLink(dbOf(req), actorOf(req), contextOf(req), id);
  return {
    label: `The link is shown this once. Whoever has it can sign up as ${invitation.email}.`,
    sealed: seal(contextOf(req).secrets[0], address),
  };
}

const found = (req: Request) => findInvitation(dbOf(req), idOrNull(req.params.id));

const wayBack = (req: Request) => ownPath(req, req.body?.return_to ?? req.query.return_to, '/invitations');
