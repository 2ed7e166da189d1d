import type { Request, Response } from 'express';
import { Invalid, Refused } from '../ground/errors.ts';
import { line } from '../ground/fields.ts';
import { readSettings } from '../settings/settings.ts';
import { dbOf } from '../web/context.ts';
import { readForm, typedAgain } from '../web/form.ts';
import { page } from '../web/page.ts';
import { askForPassword } from './forgotten.ts';

const identifier = line(254).refine((value) => value !== '', 'Your username or your email address is needed.');

export const showForgotten = async (req: Request, res: Response) => {
  if (!('sent' in req.query)) return form(req, res);
  const says =
    'If there is an account with that name or address, a mail is on its way to the address of that account. Its link works for one hour.';
  await page(req, res, 'recovery/sent', { title: 'Check your mail', says });
};

/** Answers the same whoever is meant, and whether anybody is. */
export const postForgotten = async (req: Request, res: Response) => {
  try {
    const { outgoingMail } = await readSettings(dbOf(req));
    if (!outgoingMail) throw new Refused('Outgoing mail is off here. An administrator can reset your password.');
    const asked = readForm(req.body, { identifier });
    await askForPassword(dbOf(req), { ...asked, address: req.ip ?? '' });
    res.redirect(303, '/forgot-password?sent');
  } catch (error) {
    if (!(error instanceof Invalid)) throw error;
    await form(req, res.status(422), error.fields);
  }
};

async function form(req: Request, res: Response, errors: Record<string, string> = {}): Promise<void> {
  const { outgoingMail } = await readSettings(dbOf(req));
  const values = typedAgain(req.body);
  await page(req, res, 'recovery/forgotten', { title: 'Forgot password', outgoingMail, values, errors });
}
