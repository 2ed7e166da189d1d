import type { Request, Response } from 'express';
import { Invalid } from '../ground/errors.ts';
import { line, passwordField } from '../ground/fields.ts';
import { readSettings } from '../settings/settings.ts';
import type { Belonging } from '../users/belongings.ts';
import { actorOf, contextOf, dbOf } from '../web/context.ts';
import { money } from '../web/figures.ts';
import { readForm, typedAgain } from '../web/form.ts';
import { page } from '../web/page.ts';
import { renewSession } from '../web/session.ts';
import { deleteOwnAccount, foreseeOwnRemoval } from './remove.ts';

const fields = { yourPassword: passwordField, typedUsername: line(36) };

/** The pages of deleting the own account, for what belongs to users in the whole application. */
export function ownRemovalPages({ belongings }: { belongings: readonly Belonging[] }) {
  return {
    showDelete: (req: Request, res: Response) => form(req, res, belongings),

    /** The session has ended with the account, so the browser goes on as a visitor. */
    postDelete: async (req: Request, res: Response) => {
      try {
        const { yourPassword, typedUsername } = readForm(req.body, fields);
        await deleteOwnAccount(dbOf(req), actorOf(req), { password: yourPassword, username: typedUsername }, belongings);
        await renewSession(req);
        res.setHeader('Clear-Site-Data', '"cache"');
        res.redirect(303, '/account-deleted');
      } catch (error) {
        if (!(error instanceof Invalid)) throw error;
        await form(req, res.status(422), belongings, error.fields);
      }
    },
  };
}

/** What is left to say to who has just deleted the own account; it tells nothing about anybody. */
export const showDeleted = async (req: Request, res: Response) => {
  if (req.actor) return res.redirect(303, '/');
  const { restoreDays } = await readSettings(dbOf(req));
  await page(req, res, 'account/deleted', { title: 'Your account is deleted', restoreDays });
};

async function form(
  req: Request,
  res: Response,
  belongings: readonly Belonging[],
  errors: Record<string, string> = {},
): Promise<void> {
  const { user, ...foreseen } = await foreseeOwnRemoval(dbOf(req), actorOf(req), belongings);
  const { currency } = contextOf(req).config;
  const balance = user.balanceMinor === 0 ? null : money(user.balanceMinor, currency);
  const locals = { title: 'Delete my account', section: 'account', user, balance, errors, values: typedAgain(req.body) };
  await page(req, res, 'account/delete', { ...locals, ...foreseen });
}
