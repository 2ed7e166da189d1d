import type { Request, Response } from 'express';
import { Invalid, NotFound } from '../ground/errors.ts';
import { assertSame, newPasswordFields } from '../ground/fields.ts';
import { userFields } from '../users/fields.ts';
import { contextOf, dbOf } from '../web/context.ts';
import { readForm, typedAgain } from '../web/form.ts';
import { page } from '../web/page.ts';
import { createFirstAdministrator, isSetupToken, needsSetup } from './setup.ts';
import { enterConsole } from './signin.pages.ts';

export const showSetup = async (req: Request, res: Response) => {
  await assertOpen(req);
  await form(req, res);
};

/** Makes the first administrator and signs it in. */
export const postSetup = async (req: Request, res: Response) => {
  await assertOpen(req);
  if (!isSetupToken(contextOf(req).secrets[0], req.body?.token)) return form(req, res.status(403));
  try {
    const { username, email, name } = userFields;
    const typed = readForm(req.body, {
      username,
      email,
      name,
      ...newPasswordFields,
    });
    assertSame(typed);
    await createFirstAdministrator(dbOf(req), typed);
    await enterConsole(req, res, { identifier: typed.username, password: typed.password });
    res.redirect(303, '/');
  } catch (error) {
    if (!(error instanceof Invalid)) throw error;
    await form(req, res.status(422), error.fields);
  }
};

async function assertOpen(req: Request): Promise<void> {
  if (!(await needsSetup(dbOf(req)))) throw new NotFound('This console is set up already. Sign in instead.');
}

/** Without the token of the logged link the page only says where to find it. */
function form(req: Request, res: Response, errors: Record<string, string> = {}): Promise<void> {
  const token = req.body?.token ?? req.query.token;
  const isOpen = isSetupToken(contextOf(req).secrets[0], token);
  return page(req, res, 'signin/setup', {
    title: 'Set up Roster',
    values: typedAgain(req.body),
    errors,
    isOpen,
    token: isOpen ? token : '',
  });
}
