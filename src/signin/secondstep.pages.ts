import type { Request, Response } from 'express';
import { Invalid, Refused } from '../ground/errors.ts';
import { codeField } from '../ground/fields.ts';
import { answerTo, askForPasskey, showingOf } from '../passkeys/ask.pages.ts';
import { credentialField } from '../passkeys/credential.ts';
import { readSecondFactor } from '../twofactor/twofactor.ts';
import { contextOf, dbOf } from '../web/context.ts';
import { readForm } from '../web/form.ts';
import { ownPath } from '../web/guard.ts';
import { done, page } from '../web/page.ts';
import { entryOf, goIn } from './entry.pages.ts';
import { pendingOrNull } from './pending.ts';
import { type LetIn, type Proof, StartOver, takeSecondStep } from './secondstep.ts';

const asked = { purpose: 'second step', isVerified: false } as const;
const again = '/sign-in?again';

/** Asks whoever knows the password for the second factor. */
export const showSecondStep = async (req: Request, res: Response) => {
  if (req.actor) return res.redirect(303, '/');
  await form(req, res);
};

export const postSecondStep = async (req: Request, res: Response) => {
  if (req.actor) return res.redirect(303, '/');
  try {
    const entry = entryOf(req);
    const step = { ...entry, pendingSid: req.sessionID, proof: proofOf(req) };
    const letIn = await takeSecondStep(dbOf(req), step);
    await goIn(req, res, entry);
    await goOn(req, res, letIn);
  } catch (error) {
    if (error instanceof StartOver) return res.redirect(303, again);
    if (!(error instanceof Invalid)) throw error;
    await form(req, res.status(422), error.fields);
  }
};

function proofOf(req: Request): Proof {
  const { code, passkey } = readForm(req.body, { code: codeField, passkey: credentialField });
  return passkey ? showingOf(req, passkey, asked) : { code, secrets: contextOf(req).secrets };
}

async function goOn(req: Request, res: Response, letIn: LetIn): Promise<void> {
  const next = ownPath(req, req.body?.next, '/');
  if (letIn.by !== 'recovery code') return res.redirect(303, next);
  const left = letIn.left === 1 ? '1 recovery code is left' : `${letIn.left || 'No'} recovery codes are left`;
  await done(req, res, next, `You are signed in. ${left}; make new ones under My account, Two-factor.`);
}

/** Asks the browser for one of the passkeys of whoever signs in here. */
export const postSecondStepChallenge = answerTo(async (req) => {
  const pending = await pendingOrNull(dbOf(req), req.sessionID);
  if (!pending) throw new Refused('This sign-in has waited too long. Start again.');
  return askForPasskey(req, { ...asked, userId: pending.userId });
});

async function form(req: Request, res: Response, errors: Record<string, string> = {}): Promise<void> {
  const pending = await pendingOrNull(dbOf(req), req.sessionID);
  if (!pending) return res.redirect(303, again);
  const { appSince, passkeys, codesLeft } = await readSecondFactor(dbOf(req), pending.userId);
  const isByRecovery = 'recovery' in req.query || req.body?.recovery === 'yes' || !appSince;
  await page(req, res, 'signin/second-step', {
    title: 'Second step',
    errors,
    next: ownPath(req, req.body?.next ?? req.query.next, '/'),
    hasApp: appSince !== null,
    hasPasskeys: passkeys > 0,
    codesLeft,
    isByRecovery,
  });
}
