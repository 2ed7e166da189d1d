import type { Request, Response } from 'express';
import { Invalid } from '../ground/errors.ts';
import { assertSame, newPasswordFields, passwordField } from '../ground/fields.ts';
import { actorOf, dbOf } from '../web/context.ts';
import { browserToken } from '../web/cookies.ts';
import { readForm } from '../web/form.ts';
import { done, page } from '../web/page.ts';
import { adoptSession, newSid } from '../web/session.ts';
import { changeOwnPassword } from './password.ts';

const fields = { currentPassword: passwordField, ...newPasswordFields };

export const showPassword = (req: Request, res: Response) => form(req, res);

/** Changes the own password and goes on under a new session; all others end. After a single-use one the old is not asked. */
export const postPassword = async (req: Request, res: Response) => {
  try {
    const typed = readForm(req.body, fields);
    assertSame(typed);
    const sid = newSid();
    const { currentPassword: current, password } = typed;
    await changeOwnPassword(dbOf(req), actorOf(req), { current, password, sid, browser: browserToken(req) });
    await adoptSession(req, sid);
    await done(req, res, '/account', 'Password changed. Every other session has been ended.');
  } catch (error) {
    if (!(error instanceof Invalid)) throw error;
    await form(req, res.status(422), error.fields);
  }
};

function form(req: Request, res: Response, errors: Record<string, string> = {}): Promise<void> {
  const locals = {
    title: 'Change password',
    section: 'account',
    tab: 'password',
    errors,
    isFirst: actorOf(req).mustChangePassword,
  };
  return page(req, res, 'account/password', locals);
}
