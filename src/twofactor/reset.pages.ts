import type { Request, Response } from 'express';
import { Invalid } from '../ground/errors.ts';
import { findUser } from '../users/user.ts';
import { actorOf, dbOf } from '../web/context.ts';
import { done, page } from '../web/page.ts';
import { assertTwoFactorResettable, resetTwoFactor } from './reset.ts';
import { readSecondFactor } from './twofactor.ts';

type Parts = { confirmIdentity(req: Request): Promise<void> };

/** The page on which an administrator takes away a second factor that its user has lost. */
export function resetPages({ confirmIdentity }: Parts) {
  const showReset = (req: Request, res: Response) => form(req, res);

  const postReset = async (req: Request, res: Response) => {
    try {
      await confirmIdentity(req);
      const user = await resetTwoFactor(dbOf(req), actorOf(req), String(req.params.username));
      const text = `The second factor of ${user.name} has been reset. The password alone lets in until another is set up.`;
      await done(req, res, `/users/${user.username}`, text);
    } catch (error) {
      if (!(error instanceof Invalid)) throw error;
      await form(req, res.status(422), error.fields);
    }
  };

  return { showReset, postReset };
}

async function form(req: Request, res: Response, errors: Record<string, string> = {}): Promise<void> {
  const user = await findUser(dbOf(req), String(req.params.username));
  assertTwoFactorResettable(actorOf(req), user);
  const factor = await readSecondFactor(dbOf(req), user.id);
  const locals = { user, factor, errors, section: 'users' };
  await page(req, res, 'twofactor/reset', { title: `Reset two-factor of ${user.name}`, ...locals });
}
