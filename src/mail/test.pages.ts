import type { Request, Response } from 'express';
import { Invalid } from '../ground/errors.ts';
import { email } from '../ground/fields.ts';
import { readSettings } from '../settings/settings.ts';
import { actorOf, contextOf, dbOf } from '../web/context.ts';
import { readForm, typedAgain } from '../web/form.ts';
import { done, page } from '../web/page.ts';
import { sendTestMail } from './test.ts';

export const showTestMail = (req: Request, res: Response) => form(req, res);

/** Sends a test mail at once; the server's answer follows on the next page, or beside the field. */
export const postTestMail = async (req: Request, res: Response) => {
  try {
    const { address } = readForm(req.body, { address: email });
    const answer = await sendTestMail(contextOf(req), actorOf(req), address);
    await done(req, res, '/settings#mail', `The mail server has taken it for ${address}: ${answer}`);
  } catch (error) {
    if (!(error instanceof Invalid)) throw error;
    await form(req, res.status(422), error.fields);
  }
};

async function form(req: Request, res: Response, errors: Record<string, string> = {}): Promise<void> {
  const { outgoingMail } = await readSettings(dbOf(req));
  const { config } = contextOf(req);
  await page(req, res, 'mail/test', {
    title: 'Send a test mail',
    section: 'settings',
    errors,
    outgoingMail,
    mailFrom: config.mailFrom,
    values: { address: actorOf(req).email, ...typedAgain(req.body) },
  });
}
