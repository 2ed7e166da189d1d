import type { Request, Response } from 'express';
import { can } from '../access/can.ts';
import { line } from '../ground/fields.ts';
import { headLocals } from '../users/show.pages.ts';
import { actorOf, dbOf } from '../web/context.ts';
import { readForm } from '../web/form.ts';
import { done, page } from '../web/page.ts';
import { momentOf } from '../web/time.ts';
import { checkSignIn, type Outcome } from './check.ts';
import { clearTries } from './waits.ts';

type Words = {
  tone: 'ok' | 'info' | 'warn' | 'bad' | 'off';
  badge: string;
  icon: string;
  verdict: [before: string, after: string];
};

const words: Record<Outcome, Words> = {
  stops: { tone: 'bad', badge: 'Stops', icon: 'circle-x', verdict: ['', 'cannot sign in'] },
  partly: { tone: 'warn', badge: 'Stops some', icon: 'triangle-alert', verdict: ['', 'can sign in, but not from everywhere'] },
  limits: { tone: 'warn', badge: 'Limits', icon: 'triangle-alert', verdict: ['', 'can sign in, but not use everything'] },
  passes: { tone: 'ok', badge: 'Passes', icon: 'circle-check', verdict: ['Nothing keeps', 'from signing in'] },
  note: { tone: 'info', badge: 'Note', icon: 'info', verdict: ['', ''] },
  unasked: { tone: 'off', badge: 'Not asked', icon: 'info', verdict: ['', ''] },
};

/** Why this user cannot sign in: every check in the order of signing in, with what mends it. */
export const showCheck = async (req: Request, res: Response) => {
  const found = await checkSignIn(dbOf(req), actorOf(req), String(req.params.username), momentOf(req));
  await page(req, res, 'signin/check', {
    title: `Sign-in check of ${found.user.name}`,
    ...headLocals(req, found.user, 'check'),
    ...found,
    words,
    mayReset: can(actorOf(req), 'reset password', found.user),
    failing: found.checks.filter(({ outcome }) => !['passes', 'unasked', 'note'].includes(outcome)).length,
    returnTo: `/users/${found.user.username}/sign-in-check`,
  });
};

/** Clears the tries of the user, or of the network that the form names, and shows the check again. */
export const postClearTries = async (req: Request, res: Response) => {
  const { network } = readForm(req.body, { network: line(64) });
  const user = await clearTries(dbOf(req), actorOf(req), String(req.params.username), network);
  const whose = network ? `of everybody in that network` : `of ${user.name}`;
  await done(req, res, `/users/${user.username}/sign-in-check`, `The failed tries ${whose} are forgotten.`);
};
