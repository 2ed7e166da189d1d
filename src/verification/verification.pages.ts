import type { Request, Response } from 'express';
import { forgetLink, linkOf, type Offer, showOver } from '../links/links.pages.ts';
import { dbOf } from '../web/context.ts';
import { done, page } from '../web/page.ts';
import { sendAnew } from './resend.ts';
import { canBeHadAnew, type Presser, readUpon, type Upon, verifyingPurposes } from './upon.ts';
import { verifyAddress } from './verify.ts';

/** The page of a link: says what its button does. To open it changes nothing. */
export const showVerify = async (req: Request, res: Response) => {
  const upon = await uponOf(req);
  if (upon?.stand === 'done') return said(req, res, 'already');
  if (upon?.stand !== 'open' || !upon.user) return over(req, res, upon);
  const { link, user } = upon;
  const isChange = link.purpose === 'email-change';
  await page(req, res, 'verification/verify', { title: 'Verify your address', email: link.email, user, isChange });
};

/** Uses the link; once more is as once. */
export const postVerify = async (req: Request, res: Response) => {
  const upon = await uponOf(req);
  if (!upon || upon.stand === 'over') return over(req, res, upon);
  await verifyAddress(dbOf(req), presserOf(req), upon);
  forgetLink(req, res);
  if (upon.stand === 'open' && req.actor?.id === upon.user?.id)
    return done(req, res, '/account', `${upon.link.email} is verified.`);
  res.redirect(303, upon.stand === 'open' ? '/verify-email/done' : '/verify-email/already');
};

/** Sends whoever holds a link that is over a new one. */
export const postAgain = async (req: Request, res: Response) => {
  const upon = await uponOf(req);
  if (!upon) return over(req, res, upon);
  if (upon.stand === 'done') return res.redirect(303, '/verify-email/already');
  await sendAnew(dbOf(req), presserOf(req), upon);
  res.redirect(303, '/verify-email/sent');
};

const words = {
  done: { title: 'Your address is verified', says: 'Sign in to go on.' },
  already: { title: 'Your address is verified', says: 'It was verified already; there is nothing left to do. Sign in to go on.' },
  sent: {
    title: 'Check your mail',
    says: 'A new link is on its way. It works for 48 hours; the older ones work no more. If it does not come, look in your spam folder.',
  },
} as const;

/** What was done, for whoever is not signed in as the account that it was done to: the same words for everybody. */
export const showSaid = (what: keyof typeof words) => (req: Request, res: Response) => said(req, res, what);

const said = (req: Request, res: Response, what: keyof typeof words) => page(req, res, 'verification/said', words[what]);

async function uponOf(req: Request): Promise<Upon | null> {
  const found = await linkOf(req, verifyingPurposes);
  return found && readUpon(dbOf(req), found);
}

const presserOf = (req: Request): Presser => ({ actor: req.actor, address: req.ip ?? '', requestId: req.requestId });

/** A change of address is asked for anew where it was asked for: the old link may be one that was taken back. */
function over(req: Request, res: Response, upon: Upon | null): Promise<void> {
  if (!upon) return showOver(req, res, null, null);
  const again: Offer = { label: 'Send a new link', href: '/verify-email/again', isPost: true };
  const account: Offer = { label: 'My account', href: '/account', isPost: false };
  // What is open, but of an account that is deleted or has another address by now, was taken back by that.
  const found: Upon = upon.state === 'open' ? { ...upon, state: 'void' } : upon;
  return showOver(req, res, found, canBeHadAnew(upon) ? again : account);
}
