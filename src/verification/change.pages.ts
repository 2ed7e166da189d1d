import type { Request, Response } from 'express';
import { actorOf, dbOf } from '../web/context.ts';
import { done } from '../web/page.ts';
import { cancelEmailChange, resendEmailChange } from './change.ts';

export const postResendChange = async (req: Request, res: Response) => {
  const email = await resendEmailChange(dbOf(req), actorOf(req));
  await done(req, res, '/account', `A new link is on its way to ${email}.`);
};

export const postCancelChange = async (req: Request, res: Response) => {
  await cancelEmailChange(dbOf(req), actorOf(req));
  await done(req, res, '/account', 'Your address stays as it is.');
};
