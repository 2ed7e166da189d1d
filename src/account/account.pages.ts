import type { Request, Response } from 'express';
import { can } from '../access/can.ts';
import { stateNames } from '../access/standing.ts';
import { Invalid } from '../ground/errors.ts';
import { oneOf, passwordField } from '../ground/fields.ts';
import { assertOwnPassword } from '../signin/confirm.ts';
import { formChoices } from '../users/choices.ts';
import { Conflict, editOwnProfile } from '../users/edit.ts';
import { personFields, version } from '../users/fields.ts';
import { findUser, type User } from '../users/user.ts';
import { formValues } from '../users/values.ts';
import { actorOf, dbOf } from '../web/context.ts';
import { readForm, typedAgain } from '../web/form.ts';
import { ownPath } from '../web/guard.ts';
import { done, page } from '../web/page.ts';
import { chooseTheme, themes } from './theme.ts';

export const showAccount = async (req: Request, res: Response) => {
  const user = await findUser(dbOf(req), actorOf(req).username);
  await form(req, res, user, { ...formValues(user), version: user.version });
};

const conflict = 'An administrator changed your profile in the meantime. What you typed stands below; save again to keep it.';

/** Saves the own profile; a new address needs the password, because whoever holds the address can get in. */
export const postAccount = async (req: Request, res: Response) => {
  const actor = actorOf(req);
  const user = await findUser(dbOf(req), actor.username);
  try {
    const fields = readForm(req.body, { ...personFields, version });
    if (fields.email !== user.email) {
      const { yourPassword } = readForm(req.body, { yourPassword: passwordField });
      await assertOwnPassword(dbOf(req), actor, { password: yourPassword });
    }
    await editOwnProfile(dbOf(req), actor, actor.username, fields);
    await done(req, res, '/account', 'Profile saved.');
  } catch (error) {
    const typed = typedAgain(req.body);
    if (error instanceof Conflict)
      return form(req, res.status(409), error.current, { ...typed, version: error.current.version }, { '': conflict });
    if (!(error instanceof Invalid)) throw error;
    const { version: stale, ...errors } = error.fields;
    await form(req, res.status(422), user, typed, stale ? { ...errors, '': stale } : errors);
  }
};

function form(req: Request, res: Response, user: User, values: object, errors: Record<string, string> = {}): Promise<void> {
  const locals = {
    title: 'My account',
    section: 'account',
    tab: 'profile',
    user,
    stateName: stateNames[user.state],
    values,
    errors,
    mayChange: can(actorOf(req), 'change own profile'),
  };
  return page(req, res, 'account/profile', { ...locals, ...formChoices });
}

const theme = oneOf(themes, 'system, light or dark.');

export const postTheme = async (req: Request, res: Response) => {
  const chosen = readForm(req.body, { theme });
  if (req.actor) await chooseTheme(dbOf(req), req.actor, chosen.theme);
  res.redirect(303, ownPath(req, req.body.return_to, '/'));
};
