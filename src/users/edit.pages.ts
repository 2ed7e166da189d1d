import type { Request, Response } from 'express';
import { z } from 'zod';
import { Invalid, NotFound, Refused } from '../ground/errors.ts';
import { snake } from '../ground/names.ts';
import { actorOf, dbOf } from '../web/context.ts';
import { readForm, type Typed, typedAgain } from '../web/form.ts';
import { ownPath } from '../web/guard.ts';
import { done, page } from '../web/page.ts';
import { formChoices } from './choices.ts';
import { Conflict, editUser } from './edit.ts';
import { userFields } from './fields.ts';
import { findUser, type User } from './user.ts';
import { formValues } from './values.ts';

const { username: _, ...editable } = userFields;
const shape = {
  ...editable,
  version: z.coerce.number({ error: 'Reload the page and try again.' }).int('Reload the page and try again.'),
};

export const showEdit = async (req: Request, res: Response) => {
  const user = await findLive(req);
  await form(req, res, user, formValues(user));
};

/** Saves the form; who saves second sees both versions side by side and decides again. */
export const postEdit =
  (confirmIdentity: (req: Request) => Promise<void>) =>
  async (req: Request, res: Response): Promise<void> => {
    const user = await findLive(req);
    try {
      const fields = readForm(req.body, shape);
      if (fields.profile === 'administrator' && user.profile !== 'administrator') await confirmIdentity(req);
      await editUser(dbOf(req), actorOf(req), user.username, fields);
      await done(req, res, ownPath(req, req.body.return_to, `/users/${user.username}`), `${user.name} has been saved.`);
    } catch (error) {
      if (error instanceof Conflict) return showConflict(req, res, error.current);
      if (error instanceof Refused)
        return form(req, res.status(409), user, typedAgain(req.body), { errors: { '': error.message } });
      if (!(error instanceof Invalid)) throw error;
      await form(req, res.status(422), user, typedAgain(req.body), { errors: error.fields });
    }
  };

/** Both versions: the form holds what was typed, a table beside it what was saved meanwhile. Saving again decides. */
function showConflict(req: Request, res: Response, current: User): Promise<void> {
  const theirs = formValues(current);
  const mine: Typed = { ...typedAgain(req.body), email_verified: 'email_verified' in req.body };
  const differing = Object.keys(editable)
    .map(snake)
    .filter((name) => same(mine[name]) !== same(theirs[name]));
  const conflict = differing.map((name) => ({ name, mine: same(mine[name]), theirs: same(theirs[name]) }));
  return form(req, res.status(409), current, mine, { conflict });
}

const same = (value: unknown) =>
  typeof value === 'boolean' ? (value ? 'yes' : 'no') : String(value ?? '').replace(/\r\n?/g, '\n');

async function findLive(req: Request): Promise<User> {
  const user = await findUser(dbOf(req), String(req.params.username));
  if (user.deletedAt) throw new NotFound('This user is deleted; restore it before you change it.');
  return user;
}

type Extra = { errors?: Record<string, string>; conflict?: { name: string; mine: string; theirs: string }[] };

function form(req: Request, res: Response, user: User, values: Typed, { errors = {}, conflict = [] }: Extra = {}): Promise<void> {
  const returnTo = ownPath(req, req.body?.return_to ?? req.query.return_to, '');
  const locals = {
    title: `Edit ${user.name}`,
    section: 'users',
    user,
    values,
    errors,
    conflict,
    returnTo,
    isSelf: user.id === actorOf(req).id,
  };
  return page(req, res, 'users/edit', { ...locals, ...formChoices });
}
