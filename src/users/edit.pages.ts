import type { Request, Response } from 'express';
import { Invalid, Refused } from '../ground/errors.ts';
import { snake } from '../ground/names.ts';
import { actorOf, dbOf } from '../web/context.ts';
import { readForm, type Typed, typedAgain } from '../web/form.ts';
import { done, page } from '../web/page.ts';
import { wayBack } from './back.pages.ts';
import { formChoices } from './choices.ts';
import { Conflict, editUser } from './edit.ts';
import { fieldLabels, userFields, version } from './fields.ts';
import { undoOf } from './undo.pages.ts';
import { assertLive, findUser, type User } from './user.ts';
import { formValues } from './values.ts';

const { username: _, ...editable } = userFields;
const shape = { ...editable, version };

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
      const fields = readForm({ ...req.body, profile: req.body?.profile || user.profile }, shape);
      if (needsProof(req, user, fields)) await confirmIdentity(req);
      const { historyId } = await editUser(dbOf(req), actorOf(req), user.username, fields);
      await done(req, res, wayBack(req, `/users/${user.username}`), `${user.name} has been saved.`, undoOf(historyId));
    } catch (error) {
      if (error instanceof Conflict) return showConflict(req, res, error.current);
      if (error instanceof Refused) return again(req, res.status(409), user, { '': error.message });
      if (!(error instanceof Invalid)) throw error;
      const { version: stale, ...errors } = error.fields;
      await again(req, res.status(422), user, stale ? { ...errors, '': stale } : errors);
    }
  };

/** Making an administrator, and a new address of one's own, open the console to whoever has them: not by a borrowed session. */
function needsProof(req: Request, user: User, next: { profile?: unknown; email?: unknown }): boolean {
  const isPromoted = next.profile === 'administrator' && user.profile !== 'administrator';
  return isPromoted || (user.id === actorOf(req).id && next.email !== user.email);
}

/** The form as it was sent, with the version it was opened at: what others saved since is still found out. */
const again = (req: Request, res: Response, user: User, errors: Record<string, string>) =>
  form(req, res, user, typedAgain(req.body), { errors, version: req.body?.version });

/** Both versions: the form holds what was typed, a table beside it what was saved meanwhile. Saving again decides. */
function showConflict(req: Request, res: Response, current: User): Promise<void> {
  const theirs = formValues(current);
  const mine: Typed = { ...typedAgain(req.body), email_verified: 'email_verified' in req.body };
  const differing = Object.keys(editable)
    .map(snake)
    .filter((name) => same(mine[name]) !== same(theirs[name]));
  const conflict = differing.map((name) => ({
    name,
    label: fieldLabels[name] ?? name,
    mine: same(mine[name]),
    theirs: same(theirs[name]),
  }));
  return form(req, res.status(409), current, mine, { conflict });
}

const same = (value: unknown) =>
  typeof value === 'boolean' ? (value ? 'yes' : 'no') : String(value ?? '').replace(/\r\n?/g, '\n');

async function findLive(req: Request): Promise<User> {
  const user = await findUser(dbOf(req), String(req.params.username));
  assertLive(user);
  return user;
}

type Difference = { name: string; label: string; mine: string; theirs: string };
type Extra = { errors?: Record<string, string>; conflict?: Difference[]; version?: unknown };

function form(req: Request, res: Response, user: User, values: Typed, extra: Extra = {}): Promise<void> {
  const returnTo = wayBack(req, '');
  const locals = {
    title: `Edit ${user.name}`,
    section: 'users',
    user,
    values,
    errors: {},
    conflict: null,
    version: user.version,
    ...extra,
    returnTo,
    needsProof: needsProof(req, user, values),
    isSelf: user.id === actorOf(req).id,
  };
  return page(req, res, 'users/edit', { ...locals, ...formChoices });
}
