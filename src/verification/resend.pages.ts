import type { Request, Response } from 'express';
import { readSettings } from '../settings/settings.ts';
import { wayBack } from '../users/back.pages.ts';
import { findUser } from '../users/user.ts';
import { actorOf, dbOf } from '../web/context.ts';
import { done, page } from '../web/page.ts';
import { assertResendable, resendOwnVerification, resendVerification } from './resend.ts';

/** The page of “Resend Verification”, for whoever comes by a link. */
export const showResend = async (req: Request, res: Response) => {
  const user = await findUser(dbOf(req), String(req.params.username));
  assertResendable(actorOf(req), user);
  const { outgoingMail } = await readSettings(dbOf(req));
  const returnTo = wayBack(req, `/users/${user.username}`);
  const title = `Resend Verification to ${user.name}`;
  await page(req, res, 'verification/resend', { title, section: 'users', user, outgoingMail, returnTo });
};

export const postResend = async (req: Request, res: Response) => {
  const user = await resendVerification(dbOf(req), actorOf(req), String(req.params.username));
  const { outgoingMail } = await readSettings(dbOf(req));
  const says = outgoingMail
    ? `A verification mail is on its way to ${user.email}.`
    : `Outgoing mail is off, so no mail has left. The link for ${user.name} can be copied from the user’s mails.`;
  await done(req, res, wayBack(req, `/users/${user.username}`), says);
};

export const postOwnResend = async (req: Request, res: Response) => {
  const { email } = await resendOwnVerification(dbOf(req), actorOf(req));
  await done(req, res, '/account', `A verification mail is on its way to ${email}.`);
};
