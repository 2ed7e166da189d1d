import type { Request, Response } from 'express';
import { Invalid, Refused } from '../ground/errors.ts';
import { line } from '../ground/fields.ts';
import { viewerOf } from '../groups/viewer.ts';
import { headLocals } from '../users/show.pages.ts';
import { assertLive, findUser } from '../users/user.ts';
import { actorOf, dbOf } from '../web/context.ts';
import { figure } from '../web/figures.ts';
import { readForm, typedAgain } from '../web/form.ts';
import { done, page } from '../web/page.ts';
import { columnsOf } from './columns.ts';
import { kindWords, sectionWords } from './kinds.ts';
import { countOwned, readOwned } from './owned.ts';
import { viewerAt } from './place.pages.ts';
import { transferAll } from './transfer.ts';

/** So many of each list stand on the page; the others are in the list itself. */
const rowsShown = 10;

/** Everything that a user owns, list by list. */
export const showOwned = async (req: Request, res: Response) => {
  const db = dbOf(req);
  const user = await findUser(db, String(req.params.username));
  const owned = await readOwned(db, await viewerOf(db, actorOf(req)), user, rowsShown);
  await page(req, res, 'things/owned', {
    title: `Things of ${user.name}`,
    ...headLocals(req, user, 'things'),
    total: owned.reduce((sum, { count }) => sum + count, 0),
    lists: owned.map(({ section, count, rows }) => {
      const { path, ...words } = sectionWords[section];
      const owner = `owner=${user.username}`;
      return {
        ...words,
        path,
        count,
        rows,
        columns: columnsOf[section],
        allHref: `${path}?${owner}`,
        addHref: `${path}/new?${owner}`,
      };
    }),
  });
};

export const showTransferAll = (req: Request, res: Response) => transferForm(req, res);

/** Gives everything that a user owns to another. */
export const postTransferAll = async (req: Request, res: Response) => {
  const user = await found(req);
  try {
    const { to } = readForm(req.body, { to: line(254) });
    const viewer = await viewerAt(req, { section: 'object', isOwn: false });
    const counts = await transferAll(dbOf(req), actorOf(req), viewer, { from: user, to });
    const text = counts.map(({ kind, count }) => `${figure(count)} ${kindWords[kind][count === 1 ? 0 : 1]}`).join(', ');
    await done(req, res, `/users/${user.username}/things`, `Everything belongs to ${to} now: ${text}.`);
  } catch (error) {
    if (error instanceof Refused) return transferForm(req, res.status(409), { '': error.message });
    if (!(error instanceof Invalid)) throw error;
    await transferForm(req, res.status(422), error.fields);
  }
};

async function transferForm(req: Request, res: Response, errors: Record<string, string> = {}): Promise<void> {
  const user = await found(req);
  const counts = (await countOwned(dbOf(req), user.id)).map(({ kind, count }) => ({
    count,
    noun: kindWords[kind][count === 1 ? 0 : 1],
  }));
  const locals = { user, counts, values: typedAgain(req.body), errors };
  await page(req, res, 'things/transfer-all', { title: `Transfer the things of ${user.name}`, section: 'users', ...locals });
}

async function found(req: Request) {
  const user = await findUser(dbOf(req), String(req.params.username));
  assertLive(user);
  return user;
}
