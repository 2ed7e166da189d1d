import type { Request, Response } from 'express';
import { Invalid, TryLater } from '../ground/errors.ts';
import { assertSame, passwordField } from '../ground/fields.ts';
import { forgetLink, openLink, showOver } from '../links/links.pages.ts';
import { readSettings } from '../settings/settings.ts';
import { enterConsole } from '../signin/signin.pages.ts';
import { hasOwnPassword } from '../users/user.ts';
import { dbOf } from '../web/context.ts';
import { readForm } from '../web/form.ts';
import { done, page } from '../web/page.ts';
import { activateAccount, assertNotExpired, sendActivationAgain } from './activate.ts';
import type { InHand } from './bearer.ts';
import { mayAsk } from './forgotten.ts';
import { fromOf, inHandOf } from './inhand.pages.ts';

export const openActivation = openLink('activation');

/** Whose account it is, and the button that activates it. Opening it changes nothing. */
export const showActivate = async (req: Request, res: Response) => {
  const inHand = await inHandOf(req, 'activation');
  if (inHand?.found.state !== 'open') return over(req, res, inHand);
  assertNotExpired(inHand.user);
  await form(req, res, inHand);
};

/** Activates the account and signs in with the password just chosen; who has had one before signs in with that. */
export const postActivate = async (req: Request, res: Response) => {
  const inHand = await inHandOf(req, 'activation');
  if (inHand?.found.state !== 'open') return over(req, res, inHand);
  try {
    const typed = readForm(req.body, { password: passwordField, passwordConfirmation: passwordField });
    if (!hasOwnPassword(inHand.user)) assertSame(typed);
    const { username } = await activateAccount(dbOf(req), inHand, typed.password, fromOf(req));
    forgetLink(req, res);
    if (hasOwnPassword(inHand.user)) return res.redirect(303, '/sign-in?activated');
    await enter(req, res, { identifier: username, password: typed.password });
  } catch (error) {
    if (!(error instanceof Invalid)) throw error;
    await form(req, res.status(422), inHand, error.fields);
  }
};

/** As from the sign-in page, with all that is asked there, a second factor too; what stands against it is said there. */
async function enter(req: Request, res: Response, typed: { identifier: string; password: string }): Promise<void> {
  try {
    const next = await enterConsole(req, res, typed);
    if (next !== '/') return res.redirect(303, next);
    await done(req, res, '/', 'Your account is active.');
  } catch (error) {
    if (!(error instanceof Invalid || error instanceof TryLater)) throw error;
    res.redirect(303, '/sign-in?activated');
  }
}

/** Sends another link to the address of the account, for one that was genuine; says the same whether it did. */
export const postAgain = async (req: Request, res: Response) => {
  const inHand = await inHandOf(req, 'activation');
  if (!inHand) return over(req, res, null);
  if (await mayAsk(dbOf(req), req.ip ?? '')) await sendActivationAgain(dbOf(req), inHand.found.link, fromOf(req));
  res.redirect(303, '/activate/sent');
};

export const showSent = async (req: Request, res: Response) => {
  const says = 'If the account still waits to be activated, a mail with a new link is on its way to its address.';
  await page(req, res, 'recovery/sent', { title: 'Check your mail', says });
};

async function over(req: Request, res: Response, inHand: InHand | null): Promise<void> {
  const { outgoingMail } = await readSettings(dbOf(req));
  const mayHaveAnother = outgoingMail && inHand?.user.state === 'STATE_INVITED';
  const offer = mayHaveAnother ? { label: 'Send a new link', href: '/activate/again', isPost: true } : null;
  await showOver(req, res, inHand?.found ?? null, offer);
}

function form(req: Request, res: Response, { user }: InHand, errors: Record<string, string> = {}): Promise<void> {
  const locals = { title: 'Activate my account', user, asksPassword: !hasOwnPassword(user), errors };
  return page(req, res, 'recovery/activate', locals);
}
