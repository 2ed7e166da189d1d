import type { Request, Response } from 'express';
import { can } from '../access/can.ts';
import { mayWithThings, type Viewer } from '../access/things.ts';
import { Forbidden, Invalid, NotFound } from '../ground/errors.ts';
import { idOrNull, idsIn, line } from '../ground/fields.ts';
import { findGroup } from '../groups/group.ts';
import { changeThings } from '../groups/things.ts';
import { actorOf, dbOf } from '../web/context.ts';
import { figure } from '../web/figures.ts';
import { readForm, typedAgain } from '../web/form.ts';
import { ownPath } from '../web/guard.ts';
import { done, page } from '../web/page.ts';
import { groupChoices } from './groups.ts';
import { sectionWords } from './kinds.ts';
import { deleteThings, transferThings } from './many.ts';
import { keyOf, type Place, pathOf, subjectAt, viewerAt } from './place.pages.ts';
import { findGroupable, findThings } from './thing.ts';

/** What can be done with all things that are ticked in a list. */
const acts = {
  'add-to-group': { button: 'Add to group', icon: 'layers', isDangerous: false },
  'take-out-of-group': { button: 'Take out of group', icon: 'minus', isDangerous: false },
  transfer: { button: 'Transfer', icon: 'arrow-right-left', isDangerous: true },
  delete: { button: 'Delete', icon: 'trash-2', isDangerous: true },
} as const;
type SelectedAct = keyof typeof acts;

/** As many as stand on the longest page of a list. */
const mostTicked = 100;

export type Choice = { act: string; button: string; icon: string; isDangerous: boolean };
/** The bar below a list: what can be done with what is ticked, and where that is asked; `posts` where it is done at once. */
export type Selecting = { action: string; choices: readonly Choice[]; groupId: number | null; posts?: true };

/** What a list offers for what is ticked; null where nothing can be done. */
export function selectingAt(req: Request, place: Place, viewer: Viewer, groupId: number | null = null): Selecting | null {
  const choices = (Object.keys(acts) as SelectedAct[])
    .filter((act) => isOffered(req, place, viewer, act))
    .map((act) => ({ act, ...acts[act] }));
  return choices.length > 0 ? { action: `${pathOf(place)}/selected`, choices, groupId } : null;
}

function isOffered(req: Request, place: Place, viewer: Viewer, act: SelectedAct): boolean {
  if (act === 'delete' || act === 'transfer') return mayWithThings(viewer, act);
  return !place.isOwn && can(actorOf(req), 'manage groups');
}

/** The page that asks once more before something is done with all that is ticked, and the doing. */
export const selectedPages = (place: Place) => ({
  showSelected: async (req: Request, res: Response) => {
    const { act, thing, group, from } = req.query;
    const ids = idsIn(thing);
    await form(req, res, place, { act: actNamed(act), ids, returnTo: ownPath(req, from, pathOf(place)), values: { group } });
  },

  postSelected: async (req: Request, res: Response) => {
    const act = actNamed(req.body?.act);
    const ids = idsIn(String(req.body?.things ?? '').split(' ')).slice(0, mostTicked);
    const returnTo = ownPath(req, req.body?.return_to, pathOf(place));
    try {
      await done(req, res, returnTo, await doIt(req, place, act, ids));
    } catch (error) {
      if (!(error instanceof Invalid)) throw error;
      await form(req, res.status(422), place, { act, ids, returnTo, values: typedAgain(req.body) }, error.fields);
    }
  },
});

/** Does it and says so. */
async function doIt(req: Request, place: Place, act: SelectedAct, ids: number[]): Promise<string> {
  const [db, by, viewer] = [dbOf(req), actorOf(req), await viewerAt(req, place)];
  const ticked = { section: place.section, ids };
  const says = (count: number, what: string) => `${countOf(place, count)} ${what}.`;
  if (act === 'delete') return says(await deleteThings(db, by, viewer, ticked), 'deleted');
  if (act === 'transfer') {
    const { to } = readForm(req.body, { to: line(254) });
    return says(await transferThings(db, by, viewer, { ...ticked, to }), `given to ${to}`);
  }
  const group = await findGroup(db, idOrNull(req.body?.group)).catch(() => {
    throw new Invalid({ group: 'Choose a group.' });
  });
  const seen = (await findGroupable(db, viewer, place.section, ids)).map(({ id }) => id);
  const isAdding = act === 'add-to-group';
  const count = await changeThings(db, by, group, isAdding ? { add: seen } : { remove: seen });
  return says(count, isAdding ? `put into ${group.name}` : `taken out of ${group.name}`);
}

type Asked = { act: SelectedAct; ids: number[]; returnTo: string; values: Record<string, unknown> };
type Errors = Record<string, string>;

async function form(req: Request, res: Response, place: Place, { act, ids, ...asked }: Asked, errors: Errors = {}) {
  const viewer = await viewerAt(req, place);
  if (!isOffered(req, place, viewer, act)) throw new Forbidden('You may not do this with many at once.');
  const things = await findThings(dbOf(req), viewer, place.section, ids.slice(0, mostTicked));
  if (things.length === 0) {
    const text = `Tick the ${sectionWords[place.section].many} first.`;
    return done(req, res, asked.returnTo, text, { tone: 'bad' });
  }
  await page(req, res, 'things/selected', {
    title: `${acts[act].button}: ${countOf(place, things.length)}`,
    section: keyOf(place),
    act: { name: act, ...acts[act] },
    ...asked,
    errors,
    counted: countOf(place, things.length),
    names: things.slice(0, namesShown).map(({ name }) => name),
    more: Math.max(0, things.length - namesShown),
    ids: things.map(({ id }) => id).join(' '),
    action: `${pathOf(place)}/selected`,
    subject: place.isOwn ? subjectAt(req, place).id : null,
    groups: act.endsWith('group') ? await groupChoices(dbOf(req), viewer) : [],
  });
}

const namesShown = 10;

function countOf({ section }: Place, count: number): string {
  const { one, many } = sectionWords[section];
  return `${figure(count)} ${count === 1 ? one : many}`;
}

function actNamed(act: unknown): SelectedAct {
  if (typeof act !== 'string' || !Object.hasOwn(acts, act)) throw new NotFound('There is no such act here.');
  return act as SelectedAct;
}
