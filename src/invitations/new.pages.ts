import type { Request, Response } from 'express';
import { Invalid, Refused } from '../ground/errors.ts';
import { idOrNull, line, text, tick } from '../ground/fields.ts';
import { readSettings } from '../settings/settings.ts';
import { formChoices } from '../users/choices.ts';
import { readPlaces } from '../users/limit.ts';
import { undoOf } from '../users/undo.pages.ts';
import { actorOf, dbOf } from '../web/context.ts';
import { readForm, type Typed, typedAgain } from '../web/form.ts';
import { done, page } from '../web/page.ts';
import { saidOfSending } from './acts.pages.ts';
import { mostDays, type Terms, termsShape, usualDays } from './fields.ts';
import { findInvitation, type Invitation } from './invitation.ts';
import { type Invited, invite } from './invite.ts';
import { type Judged, judge, mostLines } from './judge.ts';
import { type Line, readLines } from './lines.ts';
import { digestOf, makesAdministrator, summaryOf, verdictsOf } from './verdicts.ts';

/** A hundred letters to a line and more: beyond that it is no list of addresses. */
const mostLetters = 200_000;

const shape = { email: text(mostLetters), ...termsShape, resends: tick, step: line(20), checked: line(64) };

export const showNew = async (req: Request, res: Response) => {
  const again = idOrNull(req.query.again);
  await form(req, res, { values: again ? valuesOf(await findInvitation(dbOf(req), again)) : untouched });
};

const untouched = { profile: 'customer', link_days: String(usualDays) };

const valuesOf = ({ email, name, profile, expiresAt, linkDays, note }: Invitation): Typed => ({
  email: name ? `"${name.replaceAll('"', '')}" <${email}>` : email,
  profile,
  expires_at: expiresAt?.toISOString().slice(0, 10),
  link_days: String(linkDays),
  note,
});

/** Invites one address at once; of several lines it first shows what would become of each, and invites when that was seen. */
export const postNew = (confirmIdentity: (req: Request) => Promise<void>) => async (req: Request, res: Response) => {
  let judged: Judged[] = [];
  try {
    const typed = readForm(req.body, shape);
    const lines = readLines(typed.email, typed.profile);
    judged = await judge(dbOf(req), lines);
    assertWorth(judged);
    if (lines.length > 1 && !isSeen(typed, lines)) return await form(req, res, { values: typedAgain(req.body), judged });
    if (judged.some(makesAdministrator)) await confirmIdentity(req);
    const resends = typed.resends || typed.step === 'resend';
    await answer(req, res, typed, await invite(dbOf(req), actorOf(req), { lines, terms: typed, resends }));
  } catch (error) {
    const values = typedAgain(req.body);
    if (error instanceof Refused) return form(req, res.status(409), { values, judged, errors: { '': error.message } });
    if (!(error instanceof Invalid)) throw error;
    await form(req, res.status(422), { values, judged, errors: error.fields });
  }
};

/** One line that cannot be is a field to mend. */
function assertWorth(judged: Judged[]): void {
  const [first, ...more] = judged;
  if (!first) throw new Invalid({ email: 'An email address is needed.' });
  if (more.length === 0 && first.verdict !== 'ready' && first.verdict !== 'invited') throw new Invalid({ email: first.says });
}

/** Whether the button was pressed below the verdicts on just these lines. */
const isSeen = ({ step, checked }: { step: string; checked: string }, lines: Line[]) =>
  ['invite', 'resend'].includes(step) && checked === digestOf(lines);

/** Back to the list; or the form with the lines of which nothing came. */
async function answer(
  req: Request,
  res: Response,
  { profile }: Terms,
  { sent, historyIds, resent, left }: Invited,
): Promise<void> {
  const [one, ...more] = [...sent, ...resent];
  const text = summaryOf(sent.length, resent.length);
  if (left.length > 0) return mend(req, res, { left, profile, text: one ? text : '' });
  if (!one || more.length > 0) return done(req, res, '/invitations', text);
  const [says, secret] = await saidOfSending(req, one, sent.length > 0 ? 'invited' : 'invited again');
  await done(req, res, '/invitations', says, { ...secret, ...undoOf(historyIds[0] ?? null) });
}

type Mending = { left: Judged[]; profile: Terms['profile']; text: string };

/** What was left is judged as it stands in the box now; why it was left is said with it. */
async function mend(req: Request, res: Response, { left, profile, text }: Mending): Promise<void> {
  const email = left.map((line) => line.text).join('\n');
  const reasons = new Map(left.map((line) => [line.email, line.says]));
  const again = await judge(dbOf(req), readLines(email, profile));
  const judged = again.map((line) =>
    line.verdict === 'invited' ? { ...line, says: reasons.get(line.email) ?? line.says } : line,
  );
  const values = { ...typedAgain(req.body), email };
  if (text) return form(req, res, { values, judged, text });
  await form(req, res.status(422), { values, judged, errors: { email: left[0]?.says ?? '' } });
}

type Shown = { values: Typed; judged?: Judged[]; errors?: Record<string, string>; text?: string };

async function form(req: Request, res: Response, { values, judged = [], errors = {}, text = '' }: Shown): Promise<void> {
  const [places, { outgoingMail }] = await Promise.all([readPlaces(dbOf(req)), readSettings(dbOf(req))]);
  await page(req, res, 'invitations/new', {
    title: 'Invite',
    section: 'invitations',
    values,
    errors,
    text,
    list: judged.length > 0 ? verdictsOf(judged) : null,
    places,
    outgoingMail,
    mostLines,
    mostDays,
    ...formChoices,
  });
}
