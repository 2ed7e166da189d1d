import type { Request, Response } from 'express';
import { stateNames } from '../access/standing.ts';
import { Invalid } from '../ground/errors.ts';
import { passwordField, tick } from '../ground/fields.ts';
import { seal } from '../ground/secrets.ts';
import { readSettings } from '../settings/settings.ts';
import { actorOf, type Context, contextOf, dbOf } from '../web/context.ts';
import { readForm, typedAgain } from '../web/form.ts';
import { done, page } from '../web/page.ts';
import type { Flash } from '../web/session.ts';
import { assertResettable, giveSingleUsePassword, singleUseHours } from './credentials.ts';
import { generatePassword } from './password.ts';
import { sendResetLink } from './resetlink.ts';
import { findUser, isToActivate, type User } from './user.ts';

type Confirm = (req: Request) => Promise<void>;

/** Whoever has the password of an administrator is one: not by a borrowed session. */
const asksProof = ({ profile }: User) => profile === 'administrator';

export const showReset = (req: Request, res: Response) => form(req, res);

/** Sends a link; while outgoing mail is off, replaces the password by a single-use one. */
export const postReset = (confirmIdentity: Confirm) => async (req: Request, res: Response) => {
  const { outgoingMail } = await readSettings(dbOf(req));
  if (outgoingMail) return sendLink(req, res);
  try {
    await replacePassword(req, res, confirmIdentity);
  } catch (error) {
    if (!(error instanceof Invalid)) throw error;
    await form(req, res.status(422), error.fields);
  }
};

/** A password in this form would be somebody else's choice: it is not read. */
async function sendLink(req: Request, res: Response): Promise<void> {
  const { stopsNow } = readForm(req.body, { stopsNow: tick });
  const user = await sendResetLink(dbOf(req), actorOf(req), String(req.params.username), { isStopped: stopsNow });
  const stopped = stopsNow ? ' The old password no longer works, and every session has ended.' : '';
  await done(req, res, `/users/${user.username}`, `A mail with a link for a new password goes to ${user.email}.${stopped}`);
}

/** The next page shows the single-use password this once. */
async function replacePassword(req: Request, res: Response, confirmIdentity: Confirm): Promise<void> {
  const { password } = readForm(req.body, { password: passwordField });
  if (asksProof(await findUser(dbOf(req), String(req.params.username)))) await confirmIdentity(req);
  const chosen = password || generatePassword();
  const user = await giveSingleUsePassword(dbOf(req), actorOf(req), String(req.params.username), chosen);
  const secret = sealedPassword(contextOf(req), chosen);
  await done(req, res, `/users/${user.username}`, `The old password of ${user.name} no longer works.`, secret);
}

/** The part of a flash that shows a single-use password once and keeps it encrypted until then. */
export const sealedPassword = ({ secrets }: Context, password: string): Pick<Flash, 'sealed' | 'label'> => ({
  label: `Single-use password. It is shown this once, works for one sign-in within ${singleUseHours} hours, and must then be replaced.`,
  sealed: seal(secrets[0], password),
});

async function form(req: Request, res: Response, errors: Record<string, string> = {}): Promise<void> {
  const user = await findUser(dbOf(req), String(req.params.username));
  const { outgoingMail } = await readSettings(dbOf(req));
  assertResettable(actorOf(req), user);
  const title = `Reset user password of ${user.name}`;
  const stateName = stateNames[user.state];
  const locals = {
    user,
    stateName,
    outgoingMail,
    values: typedAgain(req.body),
    errors,
    generated: generatePassword(),
    singleUseHours,
    asksProof: !outgoingMail && asksProof(user),
  };
  // Where a mail can bring it, the link that activates an account is the one that its user needs.
  const view = outgoingMail && isToActivate(user) ? 'users/reset-first' : 'users/reset';
  await page(req, res, view, { title, section: 'users', ...locals });
}
