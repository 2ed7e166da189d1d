import type { Request, Response } from 'express';
import { can } from '../access/can.ts';
import { stateNames } from '../access/standing.ts';
import { Invalid } from '../ground/errors.ts';
import { passwordField } from '../ground/fields.ts';
import { snake } from '../ground/names.ts';
import { readSettings } from '../settings/settings.ts';
import { assertOwnPassword } from '../signin/confirm.ts';
import { formChoices } from '../users/choices.ts';
import { beforeOf, conflictLocals, decided, goesOn } from '../users/conflict.pages.ts';
import { Conflict } from '../users/edit.ts';
import { personFields, version } from '../users/fields.ts';
import { details } from '../users/show.pages.ts';
import { findUser, type User } from '../users/user.ts';
import { formValues } from '../users/values.ts';
import { assertAddressesChange, pendingChangeOf } from '../verification/change.ts';
import { actorOf, dbOf } from '../web/context.ts';
import { readForm, type Typed, typedAgain } from '../web/form.ts';
import { ownPath } from '../web/guard.ts';
import { done, page } from '../web/page.ts';
import { saveOwnProfile } from './profile.ts';
import { chooseTheme, themeField } from './theme.ts';

export const showAccount = async (req: Request, res: Response) => {
  const user = await findUser(dbOf(req), actorOf(req).username);
  await form(req, res, user, { ...formValues(user), version: user.version });
};

const names = Object.keys(personFields).map(snake);

/**
 * Saves the own profile; a new address needs the password, because whoever holds the address can get in, and waits until it is
 * verified. Who saves after somebody else sees both versions and decides, as administrators do.
 */
export const postAccount = async (req: Request, res: Response) => {
  const actor = actorOf(req);
  const user = await findUser(dbOf(req), actor.username);
  const body: Typed = { ...req.body };
  try {
    const typed = decided(body, user, names);
    if (goesOn(body, user)) return await form(req, res, user, { ...typedAgain(typed), version: user.version });
    const fields = readForm(typed, { ...personFields, version });
    if (fields.email !== user.email) {
      await assertAddressesChange(dbOf(req));
      const { yourPassword } = readForm(req.body, { yourPassword: passwordField });
      await assertOwnPassword(dbOf(req), actor, { password: yourPassword });
    }
    const asked = await saveOwnProfile(dbOf(req), actor, fields);
    const says = asked
      ? `Profile saved. A mail is on its way to ${asked}; your address changes when it is verified.`
      : 'Profile saved.';
    await done(req, res, '/account', says);
  } catch (error) {
    if (error instanceof Conflict) return showConflict(req, res, error.current, body);
    if (!(error instanceof Invalid)) throw error;
    const { version: stale, ...errors } = error.fields;
    const typed = typedAgain(decided(body, user, names));
    await form(req, res.status(422), user, typed, { before: body.before, errors: stale ? { ...errors, '': stale } : errors });
  }
};

function showConflict(req: Request, res: Response, current: User, body: Typed): Promise<void> {
  const { errors, ...conflict } = conflictLocals(body, current, names);
  const asksPassword = [...conflict.both, ...conflict.mine].some(({ name }) => name === 'email');
  return form(req, res.status(409), current, typedAgain(body), { errors, conflict: { ...conflict, by: null }, asksPassword });
}

type Extra = { errors?: Record<string, string>; conflict?: object; before?: unknown; asksPassword?: boolean };

async function form(req: Request, res: Response, user: User, values: object, extra: Extra = {}): Promise<void> {
  const { outgoingMail } = await readSettings(dbOf(req));
  const locals = {
    title: 'My account',
    section: 'account',
    tab: 'profile',
    user,
    stateName: stateNames[user.state],
    // An address that cannot be changed is shown as it is, whatever was sent.
    values: outgoingMail ? values : { ...values, email: user.email },
    outgoingMail,
    pending: await pendingChangeOf(dbOf(req), user.id),
    errors: {},
    conflict: null,
    asksPassword: false,
    before: beforeOf(user, names),
    ...extra,
    mayChange: can(actorOf(req), 'change own profile'),
    mayDelete: can(actorOf(req), 'delete own account'),
    // Only customers have money of their own.
    facts: details(req, user).filter(({ label }) => label !== 'Balance' || can(actorOf(req), 'see own balance')),
  };
  await page(req, res, 'account/profile', { ...locals, ...formChoices });
}

export const postTheme = async (req: Request, res: Response) => {
  const chosen = readForm(req.body, { theme: themeField });
  if (req.actor) await chooseTheme(dbOf(req), req.actor, chosen.theme);
  res.redirect(303, ownPath(req, req.body.return_to, '/'));
};
