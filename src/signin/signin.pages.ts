import type { Request, Response } from 'express';
import { Invalid } from '../ground/errors.ts';
import { line, passwordField } from '../ground/fields.ts';
import { endOwnSession } from '../sessions/sessions.ts';
import { dbOf } from '../web/context.ts';
import { browserToken, keepBrowserToken } from '../web/cookies.ts';
import { readForm, typedAgain } from '../web/form.ts';
import { ownPath } from '../web/guard.ts';
import { page } from '../web/page.ts';
import { newSid, renewSession } from '../web/session.ts';
import { needsSetup } from './setup.ts';
import { type Attempt, signIn } from './signin.ts';

export const showSignIn = async (req: Request, res: Response) => {
  if (req.actor) return res.redirect(303, '/');
  if (await needsSetup(dbOf(req))) return res.redirect(303, '/setup');
  await form(req, res);
};

export const postSignIn = async (req: Request, res: Response) => {
  try {
    await enterConsole(req, res, readForm(req.body, { identifier: line(254), password: passwordField }));
    res.redirect(303, ownPath(req, req.body.next, '/'));
  } catch (error) {
    if (!(error instanceof Invalid)) throw error;
    await form(req, res.status(422), error.fields);
  }
};

/** Signs in from this browser, which goes on under the new session. Throws as `signIn`. */
export async function enterConsole(req: Request, res: Response, typed: Pick<Attempt, 'identifier' | 'password'>): Promise<void> {
  const sid = newSid();
  const browser = browserToken(req);
  await signIn(dbOf(req), { ...typed, sid, browser, address: req.ip ?? '', agent: req.get('user-agent') ?? '' });
  keepBrowserToken(req, res, browser);
  await renewSession(req, sid);
}

function form(req: Request, res: Response, errors: Record<string, string> = {}): Promise<void> {
  const values = typedAgain(req.body);
  const next = ownPath(req, values.next ?? req.query.next, '/');
  return page(req, res, 'signin/sign-in', { title: 'Sign in', values, errors, next, hasSignedOut: 'out' in req.query });
}

export const postSignOut = async (req: Request, res: Response) => {
  if (req.actor) await endOwnSession(dbOf(req), req.actor);
  await renewSession(req);
  res.setHeader('Clear-Site-Data', '"cache"');
  res.redirect(303, ownPath(req, req.body?.next, '/sign-in?out'));
};
