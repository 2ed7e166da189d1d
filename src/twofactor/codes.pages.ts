import type { Request, Response } from 'express';
import { z } from 'zod';
import { Invalid } from '../ground/errors.ts';
import { seal } from '../ground/secrets.ts';
import { actorOf, contextOf, dbOf } from '../web/context.ts';
import { readForm } from '../web/form.ts';
import { done, page, takeFlash } from '../web/page.ts';
import { renewCodes } from './app.ts';
import { codesMade } from './recovery.ts';
import { readSecondFactor } from './twofactor.ts';

const path = '/account/two-factor/codes';

/** Says what was done on the page that shows new recovery codes, this once. */
export const showCodesOnce = (req: Request, res: Response, codes: string[], text: string): Promise<void> =>
  done(req, res, path, text, { sealed: seal(contextOf(req).secrets[0], codes.join('\n')) });

type Parts = { confirmIdentity(req: Request): Promise<void> };

/** The page of the recovery codes: new ones need a fresh proof of identity. */
export function codePages({ confirmIdentity }: Parts) {
  const postCodes = async (req: Request, res: Response) => {
    try {
      await confirmIdentity(req);
      const codes = await renewCodes(dbOf(req), actorOf(req));
      await showCodesOnce(req, res, codes, 'These are your new recovery codes. The old ones work no more.');
    } catch (error) {
      if (!(error instanceof Invalid)) throw error;
      await form(req, res.status(422), error.fields);
    }
  };

  return { showCodes: (req: Request, res: Response) => form(req, res), postCodes };
}

async function form(req: Request, res: Response, errors: Record<string, string> = {}): Promise<void> {
  const flash = req.method === 'HEAD' ? null : takeFlash(req);
  await page(req, res, 'twofactor/codes', {
    title: 'Recovery codes',
    section: 'account',
    flash: flash && { ...flash, secret: null },
    codes: flash?.secret?.split('\n') ?? null,
    factor: await readSecondFactor(dbOf(req), actorOf(req).id),
    codesMade,
    errors,
  });
}

const given = z
  .string()
  .regex(/^([a-z0-9]{4}-){3}[a-z0-9]{4}(\r?\n([a-z0-9]{4}-){3}[a-z0-9]{4}){0,9}$/, 'These are no recovery codes.');

/** The codes that the page shows as a file to keep: the form brings them, as the server has them nowhere. */
export const postCodesFile = (req: Request, res: Response) => {
  const { codes } = readForm(req.body, { codes: given });
  const { username } = actorOf(req);
  const { host } = new URL(contextOf(req).config.baseUrl);
  const lines = [`Recovery codes of ${username} for Roster at ${host}`, 'Each works once, in place of the code of the app.', ''];
  res.attachment(`roster-recovery-codes-${username}.txt`);
  res.type('text/plain').send(`${[...lines, ...codes.split(/\r?\n/)].join('\r\n')}\r\n`);
};
