import type { Request, Response } from 'express';
import { profileNames } from '../access/profiles.ts';
import { Invalid, Refused, TryLater } from '../ground/errors.ts';
import { assertSame, newPasswordFields } from '../ground/fields.ts';
import { forgetLink, linkOf, openLink, showOver } from '../links/links.pages.ts';
import type { Link } from '../links/links.ts';
import { enterConsole } from '../signin/signin.pages.ts';
import { isReserved, userFields } from '../users/fields.ts';
import { dbOf } from '../web/context.ts';
import { readForm, type Typed, typedAgain } from '../web/form.ts';
import { done, page } from '../web/page.ts';
import { acceptInvitation } from './accept.ts';
import { stateOf } from './invitation.ts';
import { findShown, type Shown } from './list.ts';
import { obstacles } from './obstacles.ts';
import { askForAnother, canAsk } from './renew.ts';

const { username, name, firstName, lastName, organization } = userFields;

/** The address, the profile and all else are the invitation's: whatever the form says of them is not read. */
const shape = {
  username: username.refine((word) => !isReserved(word), 'This word is reserved; choose another.'),
  name,
  firstName,
  lastName,
  organization,
  ...newPasswordFields,
};

export const openInvitation = openLink('invitation');

/** The form that makes the account; showing it changes nothing. */
export const showAccept = async (req: Request, res: Response) => {
  if ('sent' in req.query) return page(req, res, 'invitations/asked', { title: 'A new mail is on its way' });
  const held = await holdOpen(req, res);
  if (held) await form(req, res, held.invitation, { name: held.invitation.name });
};

/** Makes the account and goes on signed in. */
export const postAccept = async (req: Request, res: Response) => {
  const held = await holdOpen(req, res);
  if (!held) return;
  try {
    const { passwordConfirmation, ...typed } = readForm(req.body, shape);
    assertSame({ password: typed.password, passwordConfirmation });
    await acceptInvitation(dbOf(req), held.link, typed, { requestId: req.requestId, address: req.ip ?? '' });
    await comeIn(req, res, typed);
  } catch (error) {
    const values = typedAgain(req.body);
    if (error instanceof Refused) return form(req, res.status(409), held.invitation, values, { '': error.message });
    if (!(error instanceof Invalid)) throw error;
    await form(req, res.status(422), held.invitation, values, error.fields);
  }
};

/** Where signing in has to wait, the account is there all the same: it can be signed in to later. */
async function comeIn(
  req: Request,
  res: Response,
  { username, password }: { username: string; password: string },
): Promise<void> {
  forgetLink(req, res);
  try {
    await enterConsole(req, res, { identifier: username, password });
  } catch (error) {
    if (!(error instanceof TryLater)) throw error;
    return res.redirect(303, '/sign-in');
  }
  await done(req, res, '/', 'Your account is ready, and you are signed in.');
}

/** Sends another link to the address of an invitation that has waited too long. */
export const postAsk = async (req: Request, res: Response) => {
  const found = await linkOf(req, ['invitation']);
  if (found?.state !== 'expired') return showOver(req, res, found, null);
  await askForAnother(dbOf(req), found.link, { requestId: req.requestId, address: req.ip ?? '' });
  forgetLink(req, res);
  res.redirect(303, '/invitations/accept?sent');
};

/** The invitation whose link is open before somebody who can use it; else answers with the page that says why not, and is null. */
async function holdOpen(req: Request, res: Response): Promise<{ link: Link; invitation: Shown } | null> {
  const found = await linkOf(req, ['invitation']);
  if (!found) return nothing(showOver(req, res, null, null));
  const invitation = await findShown(dbOf(req), found.link.invitationId);
  if (stateOf(invitation) === 'revoked') return nothing(over(req, res, revoked));
  if (invitation.obstacle) return nothing(over(req, res, obstacles[invitation.obstacle].told));
  if (found.state !== 'open') {
    const offer = found.state === 'expired' && (await canAsk(dbOf(req))) ? ask : null;
    return nothing(showOver(req, res, found, offer));
  }
  if (req.actor) return nothing(elsewhere(req, res, invitation));
  return { link: found.link, invitation };
}

const nothing = async (answered: Promise<void>): Promise<null> => {
  await answered;
  return null;
};

const ask = { label: 'Ask for a new one', href: '/invitations/accept/again', isPost: true };
const revoked = 'This invitation was taken back. Ask whoever invited you for another.';

const over = (req: Request, res: Response, says: string) =>
  page(req, res.status(410), 'links/over', { title: 'This link does not work', says, offer: null });

/** An account is made for oneself, not beside the one in which somebody sits. */
const elsewhere = (req: Request, res: Response, { email }: Shown) =>
  page(req, res.status(req.method === 'POST' ? 409 : 200), 'invitations/elsewhere', { title: 'You are signed in', email });

async function form(
  req: Request,
  res: Response,
  invitation: Shown,
  values: Typed,
  errors: Record<string, string> = {},
): Promise<void> {
  const { email, note, inviterName, profile } = invitation;
  const locals = { email, note, inviterName, profileName: profileNames[profile], values, errors };
  await page(req, res, 'invitations/accept', { title: 'Sign Up', ...locals });
}
