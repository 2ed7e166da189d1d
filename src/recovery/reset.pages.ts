import type { Request, Response } from 'express';
import { Invalid } from '../ground/errors.ts';
import { assertSame, newPasswordFields } from '../ground/fields.ts';
import { forgetLink, openLink, showOver } from '../links/links.pages.ts';
import { dbOf } from '../web/context.ts';
import { readForm } from '../web/form.ts';
import { page } from '../web/page.ts';
import { renewSession } from '../web/session.ts';
import type { InHand } from './bearer.ts';
import { fromOf, inHandOf } from './inhand.pages.ts';
import { recoverPassword } from './reset.ts';

export const openReset = openLink('reset');

const askAgain = { label: 'Ask for a new link', href: '/forgot-password', isPost: false };

/** The page on which the holder of a link chooses a password. Opening it changes nothing. */
export const showReset = async (req: Request, res: Response) => {
  const inHand = await inHandOf(req, 'reset');
  if (inHand?.found.state !== 'open') return showOver(req, res, inHand?.found ?? null, askAgain);
  await form(req, res, inHand);
};

/** Sets the password and leads on to signing in, where a second factor is asked for as ever. */
export const postReset = async (req: Request, res: Response) => {
  const inHand = await inHandOf(req, 'reset');
  if (inHand?.found.state !== 'open') return showOver(req, res, inHand?.found ?? null, askAgain);
  try {
    const typed = readForm(req.body, newPasswordFields);
    assertSame(typed);
    await recoverPassword(dbOf(req), inHand, typed.password, fromOf(req));
    forgetLink(req, res);
    await renewSession(req); // Whoever was signed in here is not any more: the account, or its owner, may be another.
    res.redirect(303, '/sign-in?recovered');
  } catch (error) {
    if (!(error instanceof Invalid)) throw error;
    await form(req, res.status(422), inHand, error.fields);
  }
};

function form(req: Request, res: Response, { user }: InHand, errors: Record<string, string> = {}): Promise<void> {
  return page(req, res, 'recovery/reset', { title: 'Choose a new password', user, errors });
}
