import type { Request, Response } from 'express';
import { Invalid } from '../ground/errors.ts';
import { passwordField } from '../ground/fields.ts';
import { seal } from '../ground/secrets.ts';
import { actorOf, type Context, contextOf, dbOf } from '../web/context.ts';
import { readForm } from '../web/form.ts';
import { done, page } from '../web/page.ts';
import type { Flash } from '../web/session.ts';
import { assertResettable, giveSingleUsePassword, singleUseHours } from './credentials.ts';
import { generatePassword } from './password.ts';
import { findUser } from './user.ts';

export const showReset = (req: Request, res: Response) => form(req, res);

/** Replaces the password by the single-use one of the form, which the next page shows this once. */
export const postReset = async (req: Request, res: Response) => {
  try {
    const { password } = readForm(req.body, { password: passwordField });
    const chosen = password || generatePassword();
    const user = await giveSingleUsePassword(dbOf(req), actorOf(req), String(req.params.username), chosen);
    await done(
      req,
      res,
      `/users/${user.username}`,
      `The old password of ${user.name} no longer works.`,
      sealedPassword(contextOf(req), chosen),
    );
  } catch (error) {
    if (!(error instanceof Invalid)) throw error;
    await form(req, res.status(422), error.fields);
  }
};

/** The part of a flash that shows a single-use password once and keeps it encrypted until then. */
export const sealedPassword = ({ secrets }: Context, password: string): Pick<Flash, 'sealed' | 'label'> => ({
  label: `Single-use password. It is shown this once, works for one sign-in within ${singleUseHours} hours, and must then be replaced.`,
  sealed: seal(secrets[0], password),
});

async function form(req: Request, res: Response, errors: Record<string, string> = {}): Promise<void> {
  const user = await findUser(dbOf(req), String(req.params.username));
  assertResettable(actorOf(req), user);
  const locals = { user, errors, generated: generatePassword(), singleUseHours };
  await page(req, res, 'users/reset', { title: `Reset user password of ${user.name}`, section: 'users', ...locals });
}
