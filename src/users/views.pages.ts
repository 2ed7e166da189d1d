import type { Request, Response } from 'express';
import { Invalid, Refused } from '../ground/errors.ts';
import { idOrNull, line, text, tick } from '../ground/fields.ts';
import { actorOf, contextOf, dbOf } from '../web/context.ts';
import { readForm, type Typed, typedAgain } from '../web/form.ts';
import { done, page } from '../web/page.ts';
import { sortText } from '../web/sorting.ts';
import { addressOf, queryOf, readQuery, readView, usualSort } from './address.ts';
import { chipsOf } from './chips.ts';
import { orders } from './order.ts';
import { stripOf } from './strip.ts';
import {
  changeView,
  countViews,
  deleteView,
  findOwnView,
  listViews,
  longestName,
  mostViews,
  replaceQuery,
  type SavedView,
  saveView,
  viewOf,
} from './views.ts';

const naming = {
  name: line(longestName).refine((value) => value !== '', 'A name is needed.'),
  isShared: tick,
};
const queryField = text(4000);

/** Every saved view with what it shows and how many, to open, rename, share or delete. */
export const showViews = async (req: Request, res: Response) => {
  const { savedViews } = await counted(req);
  const { currency } = contextOf(req).config;
  const rows = savedViews.map((saved) => ({ ...saved, shows: saysOf(saved.query, currency) }));
  await page(req, res, 'users/views', { title: 'Saved views', section: 'users', rows, mostViews });
};

/** The row of saved views with its counts: what the row above the list asks for when it is there. */
export const showCounts = async (req: Request, res: Response) => {
  const title = 'How many users each view shows';
  await page(req, res, 'users/views-counted', { title, section: 'users', ...(await counted(req)) });
};

async function counted(req: Request) {
  const views = await listViews(dbOf(req), actorOf(req));
  return stripOf(readView(req.query), views, await countViews(dbOf(req), views));
}

/** What a view shows, in the words of its chips and its order. */
function saysOf(query: string, currency: string): string {
  const view = readQuery(query);
  const chips = chipsOf(view, currency).map(({ label }) => label);
  const { heading } = orders[view.sort.by];
  const isUsual = sortText(view.sort) === sortText(usualSort);
  const order = isUsual ? [] : [`by ${heading}${view.sort.isDescending ? ', downwards' : ''}`];
  return [...(chips.length > 0 ? chips : ['All users']), ...order].join(' · ');
}

export const showNewView = (req: Request, res: Response) => form(req, res, { query: queryOf(readView(req.query)) });

export const postView = async (req: Request, res: Response) => {
  try {
    const fields = readForm(req.body, { ...naming, query: queryField });
    const id = await saveView(dbOf(req), actorOf(req), fields);
    await done(req, res, addressOf(viewOf({ id, query: fields.query })), `The view “${fields.name}” has been saved.`);
  } catch (error) {
    await mend(req, res, error, null);
  }
};

export const showView = async (req: Request, res: Response) => {
  const saved = await find(req);
  await form(req, res, { name: saved.name, is_shared: saved.isShared }, saved);
};

export const postChange = async (req: Request, res: Response) => {
  const saved = await find(req);
  try {
    const fields = readForm(req.body, naming);
    await changeView(dbOf(req), actorOf(req), saved.id, fields);
    await done(req, res, '/users/views', `The view “${fields.name}” has been changed.`);
  } catch (error) {
    await mend(req, res, error, saved);
  }
};

/** Lets the open view show what the list shows now. */
export const postQuery = async (req: Request, res: Response) => {
  const { query } = readForm(req.body, { query: queryField });
  const saved = await replaceQuery(dbOf(req), actorOf(req), idOrNull(req.params.id), query);
  await done(req, res, addressOf(viewOf(saved)), `The changes of “${saved.name}” have been saved.`);
};

export const showDeleteView = async (req: Request, res: Response) => {
  const saved = await find(req);
  await page(req, res, 'users/view-delete', { title: `Delete the view ${saved.name}`, section: 'users', saved });
};

export const postDeleteView = async (req: Request, res: Response) => {
  const { name } = await deleteView(dbOf(req), actorOf(req), idOrNull(req.params.id));
  await done(req, res, '/users/views', `The view “${name}” has been deleted.`);
};

const find = (req: Request) => findOwnView(dbOf(req), actorOf(req), idOrNull(req.params.id));

async function mend(req: Request, res: Response, error: unknown, saved: SavedView | null): Promise<void> {
  const typed = typedAgain(req.body);
  if (error instanceof Refused) return form(req, res.status(409), typed, saved, { '': error.message });
  if (!(error instanceof Invalid)) throw error;
  await form(req, res.status(422), typed, saved, error.fields);
}

/** The form of a new view, or of one's own that is there. */
async function form(
  req: Request,
  res: Response,
  values: Typed,
  saved: SavedView | null = null,
  errors: Record<string, string> = {},
): Promise<void> {
  const { currency } = contextOf(req).config;
  const query = saved?.query ?? String(values.query ?? '');
  await page(req, res, 'users/view', {
    title: saved ? `Change the view ${saved.name}` : 'Save this view',
    section: 'users',
    saved,
    shows: saysOf(query, currency),
    action: saved ? `/users/views/${saved.id}` : '/users/views',
    backHref: saved ? '/users/views' : addressOf(readQuery(query)),
    values,
    errors,
    longestName,
  });
}
