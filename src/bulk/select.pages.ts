import type { Request, Response } from 'express';
import { z } from 'zod';
import { can } from '../access/can.ts';
import { Invalid } from '../ground/errors.ts';
import { idOrNull, text, tick } from '../ground/fields.ts';
import { applyFilter, readFilter, type UserFilter } from '../users/filter.ts';
import { readPlaces } from '../users/limit.ts';
import { tabs } from '../users/list.pages.ts';
import type { OfferSelection } from '../users/selectbar.pages.ts';
import { actorOf, contextOf, dbOf } from '../web/context.ts';
import { readForm, typedAgain } from '../web/form.ts';
import { ownPath } from '../web/guard.ts';
import { done, page } from '../web/page.ts';
import type { BulkAct, BulkActs } from './acts.ts';
import { beginBulk, type Whom } from './begin.ts';
import { daysKept, listBulks, type Upon } from './bulk.ts';
import { findNamed, mostNames, readNames } from './names.ts';
import { patiently, runBulk, runSome } from './run.ts';
import { keepSelection, readSelection, selectedIds } from './selection.ts';
import { addressOf, stateOf } from './shown.ts';

/** Chunks that are checked before the answer: some hundreds of users are. */
const chunksAtOnce = 3;

/** What the bar of a list offers for what is ticked in it. */
export const offerSelection =
  (acts: BulkActs): OfferSelection =>
  async (db, by, { selection, shown, upon }) => {
    const selected = await readSelection(db, by, selection, shown);
    const choices = [...acts.values()].filter((act) => act.upon === upon && can(by, act.act));
    return { id: null, ticked: new Set(), elsewhere: 0, ...selected, choices };
  };

/** Where users are selected by a list of their names, and where one's latest acts upon many stand. */
export const showBulks = (acts: BulkActs) => (req: Request, res: Response) => form(req, res, acts);

/** From a list: keeps what is ticked and goes on to other rows, or begins an act. From a pasted list of names: begins an act. */
export const postBulk = (acts: BulkActs) => async (req: Request, res: Response) => {
  if (req.body?.names === undefined) return fromList(req, res, acts);
  try {
    const { names, act } = readForm(req.body, { names: z.string(), act: z.string() });
    await begin(req, res, acts, act, await named(req, names, chosen(acts, act).upon));
  } catch (error) {
    if (!(error instanceof Invalid)) throw error;
    await form(req, res.status(422), acts, error.fields);
  }
};

async function form(req: Request, res: Response, acts: BulkActs, errors: Record<string, string> = {}): Promise<void> {
  const db = dbOf(req);
  await page(req, res, 'bulk/form', {
    title: 'In bulk',
    section: 'users',
    tabs: tabs('bulk', await readPlaces(db)),
    bulks: (await listBulks(db, actorOf(req).id)).map((bulk) => ({ ...bulk, button: acts.get(bulk.act)?.button ?? bulk.act })),
    choices: [...acts.values()]
      .filter(({ act, upon }) => upon && can(actorOf(req), act))
      .map(({ act, button }) => ({ value: act, label: button })),
    values: typedAgain(req.body),
    errors,
    stateOf,
    addressOf,
    daysKept,
    mostNames,
  });
}

const ids = z
  .union([z.string(), z.array(z.string())])
  .default('')
  .transform((given) => [given].flat().flatMap((text) => text.split(' ').flatMap((word) => idOrNull(word) ?? [])));

const listForm = {
  act: text(40),
  go: text(4000),
  from: text(4000),
  all: tick,
  page: tick,
  selection: text(20),
  shown: ids,
  user: ids,
};

async function fromList(req: Request, res: Response, acts: BulkActs): Promise<void> {
  const sent = readForm(req.body, listForm);
  const { address, ...list } = listOf(ownPath(req, sent.from, '/users'));
  if (sent.all && !isList(sent.from)) throw new Invalid({ '': 'Say which list is meant.' });
  if (sent.act && sent.all) return begin(req, res, acts, sent.act, { ...list, returnTo: address });
  const ticked = sent.page ? sent.shown : sent.user;
  const ticks = { selection: idOrNull(sent.selection), upon: list.upon, shown: sent.shown, ticked };
  const selection = await keepSelection(dbOf(req), actorOf(req), ticks);
  if (!sent.act) return res.redirect(303, withSelection(ownPath(req, sent.go, address), selection));
  const ids = await selectedIds(dbOf(req), selection);
  if (ids.length === 0) return done(req, res, address, 'Tick the users first.', { tone: 'bad' });
  await begin(req, res, acts, sent.act, { upon: list.upon, ids, returnTo: withSelection(address, selection) });
}

/** All of a list that is not named must not come to mean everybody. */
const isList = (address: string) => /^\/users(\/deleted)?(\?|$)/.test(address);

/** The list as its address says it. */
function listOf(address: string) {
  const { pathname, searchParams } = new URL(address, 'http://roster');
  const upon: Upon = pathname === '/users/deleted' ? 'deleted' : 'live';
  return { address, upon, filter: upon === 'live' ? readFilter(Object.fromEntries(searchParams)) : { q: '' } };
}

/** An address of a list with the number of the selection; any other address is the list. */
function withSelection(address: string, selection: number): string {
  const { pathname, searchParams } = new URL(address, 'http://roster');
  searchParams.set('selection', String(selection));
  return `${/^\/users(\/deleted)?$/.test(pathname) ? pathname : '/users'}?${searchParams}`;
}

function chosen(acts: BulkActs, name: string): BulkAct & { upon: Upon } {
  const act = acts.get(name);
  if (!act?.upon) throw new Invalid({ act: 'Choose what is to be done.' });
  return { ...act, upon: act.upon };
}

async function named(req: Request, names: string, upon: Upon): Promise<Whom> {
  return { upon, ...(await findNamed(dbOf(req), readNames(names), upon)) };
}

async function begin(req: Request, res: Response, acts: BulkActs, act: string, whom: Whom): Promise<void> {
  if ('filter' in whom) assertKnown(req, whom.filter);
  const id = await beginBulk(dbOf(req), actorOf(req), chosen(acts, act), whom);
  await work(req, acts, id);
  res.redirect(303, addressOf({ id }));
}

/** A word that no filter knows narrows nothing: it must not come to mean everybody. */
function assertKnown(req: Request, filter: UserFilter): void {
  const problems = applyFilter(dbOf(req).queryBuilder(), filter);
  if (Object.keys(problems).length > 0) throw new Invalid(problems);
}

/** Checks some hundreds before the answer; the others behind it, while the page shows how far it is. */
export async function work(req: Request, acts: BulkActs, id: number): Promise<void> {
  const { log, ...works } = { ...contextOf(req), acts };
  for (let chunk = 0; chunk < chunksAtOnce; chunk += 1) if (!(await patiently(() => runSome(works, id)))) return;
  runBulk(works, id).catch((error) =>
    log.error({ err: error, bulkId: id }, 'bulk act broke off; a worker continues it within a minute'),
  );
}
