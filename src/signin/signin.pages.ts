import type { Request, Response } from 'express';
import { Invalid } from '../ground/errors.ts';
import { line, passwordField } from '../ground/fields.ts';
import { answerTo, askForPasskey, showingOf } from '../passkeys/ask.pages.ts';
import { credentialField } from '../passkeys/credential.ts';
import { whyNoPasskeys } from '../passkeys/party.pages.ts';
import { endOwnSession } from '../sessions/sessions.ts';
import { readSettings } from '../settings/settings.ts';
import { dbOf } from '../web/context.ts';
import { readForm, typedAgain } from '../web/form.ts';
import { ownPath } from '../web/guard.ts';
import { page } from '../web/page.ts';
import { renewSession } from '../web/session.ts';
import { entryOf, goIn } from './entry.pages.ts';
import { signInByPasskey } from './passkey.ts';
import { pendingOrNull } from './pending.ts';
import { needsSetup } from './setup.ts';
import { type Attempt, signIn } from './signin.ts';
import { limitNetwork } from './tries.ts';

/** Whoever has not shown the second factor yet is led there, unless it is to be somebody else (`?over`). */
export const showSignIn = async (req: Request, res: Response) => {
  if (req.actor) return res.redirect(303, '/');
  if (await needsSetup(dbOf(req))) return res.redirect(303, '/setup');
  const isOver = 'over' in req.query || 'again' in req.query || 'out' in req.query;
  if (!isOver && (await pendingOrNull(dbOf(req), req.sessionID)))
    return res.redirect(303, secondStepOf(ownPath(req, req.query.next, '/')));
  await form(req, res);
};

export const postSignIn = async (req: Request, res: Response) => {
  const next = ownPath(req, req.body?.next, '/');
  try {
    const { passkey } = readForm(req.body, { passkey: credentialField });
    if (passkey) {
      await enterByPasskey(req, res, passkey);
      return res.redirect(303, next);
    }
    res.redirect(303, await enterConsole(req, res, readForm(req.body, { identifier: line(254), password: passwordField }), next));
  } catch (error) {
    if (!(error instanceof Invalid)) throw error;
    await form(req, res.status(422), error.fields);
  }
};

/**
 * Signs in from this browser, which goes on under the new session; says where: at `next`, or, with a second factor, first at the page
 * that asks for it (whoever goes on elsewhere is led there too). Throws as `signIn`.
 */
export async function enterConsole(
  req: Request,
  res: Response,
  typed: Pick<Attempt, 'identifier' | 'password'>,
  next = '/',
): Promise<string> {
  const entry = entryOf(req);
  const passed = await signIn(dbOf(req), { ...typed, ...entry });
  if (passed === 'in') {
    await goIn(req, res, entry);
    return next;
  }
  await renewSession(req, entry.sid);
  return secondStepOf(next);
}

const secondStepOf = (next: string) => (next === '/' ? '/two-factor' : `/two-factor?next=${encodeURIComponent(next)}`);

async function enterByPasskey(req: Request, res: Response, passkey: string): Promise<void> {
  const entry = entryOf(req);
  await signInByPasskey(dbOf(req), entry, showingOf(req, passkey, asked));
  await goIn(req, res, entry);
}

const asked = { purpose: 'sign in', isVerified: true } as const;

/** Asks the browser for whichever passkey of this console it has. */
export const postSignInChallenge = answerTo(async (req) => {
  await limitNetwork(dbOf(req), req.ip ?? '');
  return askForPasskey(req, asked);
});

async function form(req: Request, res: Response, errors: Record<string, string> = {}): Promise<void> {
  const values = typedAgain(req.body);
  const next = ownPath(req, values.next ?? req.query.next, '/');
  const says = Object.keys(said).find((name) => name in req.query);
  const { registration } = await readSettings(dbOf(req));
  const maySignUp = registration === 'listed' || registration === 'open';
  const locals = { values, errors, next, maySignUp, says: says && said[says], offersPasskeys: whyNoPasskeys(req) === null };
  await page(req, res, 'signin/sign-in', { title: 'Sign in', ...locals });
}

/** What has just been done, by the word that a redirect brings along: a visitor has no session to keep a message. */
const said: Record<string, string> = {
  out: 'You have signed out.',
  again: 'Your sign-in has waited too long, or was tried too often. Start again.',
  activated: 'Your account is active. Sign in with your password.',
  recovered: 'Your password has been changed, and every session has ended. Sign in with the new one.',
};

export const postSignOut = async (req: Request, res: Response) => {
  if (req.actor) await endOwnSession(dbOf(req), req.actor);
  await renewSession(req);
  res.setHeader('Clear-Site-Data', '"cache"');
  res.redirect(303, ownPath(req, req.body?.next, '/sign-in?out'));
};
