import type { Request, Response } from 'express';
import { Invalid, Refused } from '../ground/errors.ts';
import { line } from '../ground/fields.ts';
import { readSettings } from '../settings/settings.ts';
import { actorOf, contextOf, dbOf } from '../web/context.ts';
import { money } from '../web/figures.ts';
import { readForm, typedAgain } from '../web/form.ts';
import { done, page } from '../web/page.ts';
import { wayBack } from './back.pages.ts';
import { type Belonging, consequencesOf } from './belongings.ts';
import { email } from './fields.ts';
import { readPlaces } from './limit.ts';
import { assertDeletable, assertDeleted, deleteUser, purgeUser } from './remove.ts';
import { assertRestorable, restoreUser } from './restore.ts';
import { undoOf } from './undo.pages.ts';
import { findUser, type User } from './user.ts';

type Act = 'delete' | 'restore' | 'purge';
const verbs = { delete: 'Delete', restore: 'Restore', purge: 'Purge' };

type Parts = { belongings: readonly Belonging[]; confirmIdentity(req: Request): Promise<void> };

/** The pages of deleting, restoring and purging, for what belongs to users in the whole application. */
export function removalPages({ belongings, confirmIdentity }: Parts) {
  const form = removalForm(belongings);
  return {
    showDelete: (req: Request, res: Response) => form(req, res, 'delete'),
    showRestore: (req: Request, res: Response) => form(req, res, 'restore'),
    showPurge: (req: Request, res: Response) => form(req, res, 'purge'),

    /** Whoever owns things or money is only deleted by its name: they are hidden with it. */
    postDelete: async (req: Request, res: Response) => {
      const username = String(req.params.username);
      if (!(await isNamed(req, username))) {
        return form(req, res.status(422), 'delete', { typed_username: `Type ${username} to confirm.` });
      }
      const { user, historyId } = await deleteUser(dbOf(req), actorOf(req), username, belongings);
      const { restoreDays } = await readSettings(dbOf(req));
      const text = `${user.name} has been deleted and can be restored for ${restoreDays} days.`;
      await done(req, res, wayBack(req, '/users'), text, undoOf(historyId));
    },

    postRestore: async (req: Request, res: Response) => {
      try {
        const typed = req.body?.email ? readForm(req.body, { email }).email : '';
        const { user, historyId } = await restoreUser(dbOf(req), actorOf(req), {
          username: String(req.params.username),
          newEmail: typed,
          belongings,
        });
        await done(req, res, `/users/${user.username}`, `${user.name} has been restored.`, undoOf(historyId));
      } catch (error) {
        if (error instanceof Refused) return form(req, res.status(409), 'restore', { '': error.message });
        if (!(error instanceof Invalid)) throw error;
        await form(req, res.status(422), 'restore', error.fields);
      }
    },

    /** Erases for good: asks for the username and for a fresh proof of identity. */
    postPurge: async (req: Request, res: Response) => {
      const { username } = req.params;
      try {
        const { typedUsername } = readForm(req.body, { typedUsername: line(36) });
        if (typedUsername !== username) throw new Invalid({ typed_username: `Type ${username} to confirm.` });
        await confirmIdentity(req);
        await purgeUser(contextOf(req).owner, actorOf(req), typedUsername, belongings);
        await done(req, res, '/users/deleted', `${username} has been purged. The username is free again.`);
      } catch (error) {
        if (!(error instanceof Invalid)) throw error;
        await form(req, res.status(422), 'purge', error.fields);
      }
    },
  };
}

/** The page that says in exact counts what goes (or comes back), with the button that does it. */
const removalForm =
  (belongings: readonly Belonging[]) =>
  async (req: Request, res: Response, act: Act, errors: Record<string, string> = {}): Promise<void> => {
    const db = dbOf(req);
    const user = await findUser(db, String(req.params.username));
    await assertPossible(req, user, act);
    const { restoreDays } = await readSettings(db);
    const returnTo = wayBack(req, act === 'delete' ? '/users' : '/users/deleted');
    const locals = {
      user,
      asksName: asksName(user),
      balance: user.balanceMinor === 0 ? null : money(user.balanceMinor, contextOf(req).config.currency),
      consequences: await consequencesOf(db, [user], belongings),
      restoreDays,
      places: await readPlaces(db),
      errors,
      returnTo,
      backAfter: returnTo.startsWith(`/users/${user.username}`) ? '/users' : returnTo,
      values: typedAgain(req.body),
    };
    await page(req, res, `users/${act}`, { title: `${verbs[act]} ${user.name}`, section: 'users', ...locals });
  };

/** True where the username has been typed, or nothing is owned that would make typing it worth while. */
async function isNamed(req: Request, username: string): Promise<boolean> {
  const user = await findUser(dbOf(req), username);
  assertDeletable(actorOf(req), user);
  return !asksName(user) || typedAgain(req.body).typed_username === username;
}

const asksName = ({ things, balanceMinor }: User) => things > 0 || balanceMinor !== 0;

async function assertPossible(req: Request, user: User, act: Act): Promise<void> {
  if (act === 'delete') return assertDeletable(actorOf(req), user);
  assertDeleted(user);
  if (act === 'restore') await assertRestorable(dbOf(req), user);
}
