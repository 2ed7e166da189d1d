import type { Request, Response } from 'express';
import { Invalid, Refused } from '../ground/errors.ts';
import { line } from '../ground/fields.ts';
import { readSettings } from '../settings/settings.ts';
import { actorOf, contextOf, dbOf } from '../web/context.ts';
import { readForm, typedAgain } from '../web/form.ts';
import { done, page } from '../web/page.ts';
import { wayBack } from './back.pages.ts';
import { email } from './fields.ts';
import { readPlaces } from './limit.ts';
import { consequencesOf, deleteUser, purgeUser, restoreUser } from './remove.ts';
import { findUser } from './user.ts';

type Act = 'delete' | 'restore' | 'purge';
const verbs = { delete: 'Delete', restore: 'Restore', purge: 'Purge' };

/** The page that says in exact counts what goes (or comes back), with the button that does it. */
export const showRemoval = (act: Act) => (req: Request, res: Response) => form(req, res, act);

export const postDelete = async (req: Request, res: Response) => {
  const { name } = await deleteUser(dbOf(req), actorOf(req), String(req.params.username));
  const { restoreDays } = await readSettings(dbOf(req));
  const back = wayBack(req, '/users');
  await done(req, res, back, `${name} has been deleted and can be restored for ${restoreDays} days.`);
};

export const postRestore = async (req: Request, res: Response) => {
  try {
    const typed = req.body?.email ? readForm(req.body, { email }).email : '';
    const user = await restoreUser(dbOf(req), actorOf(req), String(req.params.username), typed);
    await done(req, res, `/users/${user.username}`, `${user.name} has been restored.`);
  } catch (error) {
    if (error instanceof Refused) return form(req, res.status(409), 'restore', { '': error.message });
    if (!(error instanceof Invalid)) throw error;
    await form(req, res.status(422), 'restore', error.fields);
  }
};

/** Erases for good: asks for the username and for a fresh proof of identity. */
export const postPurge =
  (confirmIdentity: (req: Request) => Promise<void>) =>
  async (req: Request, res: Response): Promise<void> => {
    const { username } = req.params;
    try {
      const { typedUsername } = readForm(req.body, { typedUsername: line(36) });
      if (typedUsername !== username) throw new Invalid({ typed_username: `Type ${username} to confirm.` });
      await confirmIdentity(req);
      await purgeUser(contextOf(req).owner, actorOf(req), typedUsername);
      await done(req, res, '/users/deleted', `${username} has been purged. The username is free again.`);
    } catch (error) {
      if (!(error instanceof Invalid)) throw error;
      await form(req, res.status(422), 'purge', error.fields);
    }
  };

async function form(req: Request, res: Response, act: Act, errors: Record<string, string> = {}): Promise<void> {
  const db = dbOf(req);
  const user = await findUser(db, String(req.params.username));
  if (act === 'delete' && user.deletedAt) throw new Refused(`${user.name} is deleted already.`);
  if (act !== 'delete' && !user.deletedAt) throw new Refused(`${user.name} is not deleted.`);
  const [consequences, { restoreDays }, places] = await Promise.all([
    consequencesOf(db, user.id),
    readSettings(db),
    readPlaces(db),
  ]);
  const returnTo = wayBack(req, act === 'delete' ? '/users' : '/users/deleted');
  const locals = {
    user,
    consequences,
    restoreDays,
    places,
    errors,
    returnTo,
    backAfter: returnTo.startsWith(`/users/${user.username}`) ? '/users' : returnTo,
    values: typedAgain(req.body),
    isSelf: user.id === actorOf(req).id,
  };
  await page(req, res, `users/${act}`, { title: `${verbs[act]} ${user.name}`, section: 'users', ...locals });
}
