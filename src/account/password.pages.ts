import type { Request, Response } from 'express';
import { z } from 'zod';
import { Invalid } from '../ground/errors.ts';
import { confirmSession } from '../sessions/sessions.ts';
import { assertOtherPassword, assertOwnPassword } from '../signin/confirm.ts';
import { changeOwnPassword } from '../users/credentials.ts';
import { actorOf, dbOf } from '../web/context.ts';
import { readForm } from '../web/form.ts';
import { done, page } from '../web/page.ts';
import { adoptSession, newSid } from '../web/session.ts';

const password = z.string().max(1000, 'This is longer than a password can be.').default('');

export const showPassword = (req: Request, res: Response) => form(req, res);

/** Changes the own password and goes on under a new session; all others end. After a single-use one the old is not asked. */
export const postPassword = async (req: Request, res: Response) => {
  const actor = actorOf(req);
  const db = dbOf(req);
  try {
    const typed = readForm(req.body, { currentPassword: password, password, passwordConfirmation: password });
    if (typed.password !== typed.passwordConfirmation) throw new Invalid({ password_confirmation: 'The two passwords differ.' });
    if (actor.mustChangePassword) await assertOtherPassword(db, actor, typed.password);
    else await assertOwnPassword(db, actor, typed.currentPassword, 'current_password');
    if (typed.password === typed.currentPassword) throw new Invalid({ password: 'This is the old password; choose a new one.' });
    await changeOwnPassword(db, actor, typed.password);
    const sid = newSid();
    await confirmSession(db, { sessionId: actor.sessionId as number, sid });
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
