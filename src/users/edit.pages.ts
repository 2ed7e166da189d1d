import type { Request, Response } from 'express';
import { assertCan } from '../access/can.ts';
import type { Profile } from '../access/profiles.ts';
import { Invalid, Refused } from '../ground/errors.ts';
import { snake } from '../ground/names.ts';
import { readHistory } from '../history/timeline.ts';
import { whoWords } from '../history/words.ts';
import { actorOf, dbOf } from '../web/context.ts';
import { readForm, type Typed, typedAgain } from '../web/form.ts';
import { done, page } from '../web/page.ts';
import { wayBack } from './back.pages.ts';
import { formChoices } from './choices.ts';
import { beforeOf, conflictLocals, decided, goesOn } from './conflict.pages.ts';
import { Conflict, editUser, opensConsole } from './edit.ts';
import { userFields, version } from './fields.ts';
import { groupChoices, groupsField, holdsGroups, joinGroups } from './groups.ts';
import { undoOf } from './undo.pages.ts';
import { assertLive, findUser, type User } from './user.ts';
import { formValues } from './values.ts';

const { username: _, ...person } = userFields;
const editable = { ...person, groups: groupsField };
const shape = { ...editable, version };
const names = Object.keys(editable).map(snake);

export const showEdit = async (req: Request, res: Response) => {
  const user = await findLive(req);
  assertCan(actorOf(req), 'edit user', user);
  await form(req, res, user, formValues(user));
};

/** Saves the form; who saves second sees both versions side by side and decides again. */
export const postEdit =
  (confirmIdentity: (req: Request) => Promise<void>) =>
  async (req: Request, res: Response): Promise<void> => {
    const user = await findLive(req);
    const body: Typed = joinGroups({ ...req.body, profile: req.body?.profile || user.profile });
    try {
      const typed = decided(body, user, names);
      if (goesOn(body, user)) return await form(req, res, user, typedAgain(typed));
      const fields = readForm(typed, shape);
      if (opensConsole(user, fields)) await confirmIdentity(req);
      const { historyId } = await editUser(dbOf(req), actorOf(req), user.username, fields);
      const text = `${user.name} has been saved.${saysCleared(user, fields)}`;
      await done(req, res, wayBack(req, `/users/${user.username}`), text, undoOf(historyId));
    } catch (error) {
      if (error instanceof Conflict) return showConflict(req, res, error.current, body);
      if (error instanceof Refused) return again(req, res.status(409), user, body, { '': error.message });
      if (!(error instanceof Invalid)) throw error;
      const { version: stale, ...errors } = error.fields;
      await again(req, res.status(422), user, body, stale ? { ...errors, '': stale } : errors);
    }
  };

/** A profile that holds no groups leaves them: said once it is done. */
const saysCleared = (user: User, { profile }: { profile: Profile }) =>
  user.groups && !holdsGroups(profile) ? ` With this profile it is in no group any more; it was in ${user.groups}.` : '';

/** The form as it was sent, with the version it was opened at: what others saved since is still found out. */
const again = (req: Request, res: Response, user: User, body: Typed, errors: Record<string, string>) =>
  form(req, res, user, typedAgain(decided(body, user, names)), { errors, version: body.version, before: body.before });

/** Both versions, field by field; saving again decides, and is checked against the newest version again. */
async function showConflict(req: Request, res: Response, current: User, body: Typed): Promise<void> {
  const { errors, ...conflict } = conflictLocals(body, current, names);
  const by = await whoSaved(req, current);
  await form(req, res.status(409), current, typedAgain(body), { errors, conflict: { ...conflict, by } });
}

/** Whoever changed this user last, as far as the history tells. */
async function whoSaved(req: Request, { id }: User): Promise<string | null> {
  const lately = await readHistory(dbOf(req), { userId: id }, { limit: 20 });
  const last = lately.find(({ changes }) => Object.keys(changes).length > 0);
  return last ? whoWords(last.actor, last.actorId) : null;
}

async function findLive(req: Request): Promise<User> {
  const user = await findUser(dbOf(req), String(req.params.username));
  assertLive(user);
  return user;
}

type Extra = { errors?: Record<string, string>; conflict?: object; version?: unknown; before?: unknown };

async function form(req: Request, res: Response, user: User, values: Typed, extra: Extra = {}): Promise<void> {
  const returnTo = wayBack(req, '');
  const locals = {
    title: `Edit ${user.name}`,
    section: 'users',
    user,
    values,
    errors: {},
    conflict: null,
    version: user.version,
    before: beforeOf(user, names),
    ...extra,
    returnTo,
    needsProof: opensConsole(user, values),
    isSelf: user.id === actorOf(req).id,
  };
  await page(req, res, 'users/edit', { ...locals, ...formChoices, ...(await groupChoices(dbOf(req))) });
}
