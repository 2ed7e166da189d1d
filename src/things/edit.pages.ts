import type { Request, Response } from 'express';
import { Changed, Invalid, Refused } from '../ground/errors.ts';
import { snake } from '../ground/names.ts';
import { version } from '../users/fields.ts';
import { actorOf, dbOf } from '../web/context.ts';
import { readForm, type Typed, typedAgain, typedUpon } from '../web/form.ts';
import { done, page } from '../web/page.ts';
import { sharedAt, thingAt } from './at.pages.ts';
import { attachable } from './attach.ts';
import { knownOf } from './columns.ts';
import { thingFields, thingLabels } from './fields.ts';
import { choices, valuesOf } from './form.ts';
import { type Place, pathOf, viewerAt } from './place.pages.ts';
import { editThing } from './save.ts';
import type { Thing } from './thing.ts';

export const showEdit = (place: Place) => async (req: Request, res: Response) => {
  const thing = await thingAt(req, place, 'edit');
  await editForm(req, res, place, { thing, values: formValues(thing) });
};

export const postEdit = (place: Place) => async (req: Request, res: Response) => {
  const thing = await thingAt(req, place, 'edit');
  try {
    const { version: openedAt, ...fields } = readForm(req.body, { ...thingFields[place.section], version });
    const edit = { section: place.section, id: thing.id, version: openedAt, values: valuesOf(place.section, fields) };
    const saved = await editThing(dbOf(req), actorOf(req), await viewerAt(req, place), edit);
    await done(req, res, `${pathOf(place)}/${thing.id}`, `${saved.name} has been saved.`);
  } catch (error) {
    if (error instanceof Changed) return changed(req, res, place, error);
    if (error instanceof Refused)
      return editForm(req, res.status(409), place, { thing, values: typedAgain(req.body), errors: { '': error.message } });
    if (!(error instanceof Invalid)) throw error;
    await editForm(req, res.status(422), place, { thing, values: typedAgain(req.body), errors: error.fields });
  }
};

async function changed(req: Request, res: Response, place: Place, { message }: Changed): Promise<void> {
  const thing = await thingAt(req, place, 'edit');
  const values = typedUpon(req.body, thing);
  const now = [{ label: thingLabels.name as string, value: thing.name }, ...knownOf(thing)];
  await editForm(req, res.status(409), place, { thing, values, errors: { '': message }, now });
}

async function editForm(req: Request, res: Response, place: Place, { thing, values, errors = {}, now = null }: Filled) {
  await page(req, res, 'things/form', {
    title: `Edit ${thing.name}`,
    ...sharedAt(req, place),
    ...choices,
    thing,
    action: `${pathOf(place)}/${thing.id}/edit`,
    values: { version: thing.version, ...values },
    errors,
    now,
    asksOwner: false,
    attachChoices: await attachable(dbOf(req), place.section, thing.ownerId, thing),
    groupChoices: [],
    chosenGroups: [],
  });
}

type Filled = { thing: Thing; values: Typed; errors?: Record<string, string>; now?: { label: string; value: string }[] | null };

/** The fields of a form as they are stored. */
function formValues(thing: Thing): Typed {
  const names = Object.keys(thingFields[thing.section]);
  return Object.fromEntries(names.map((name) => [snake(name), String(thing[name as keyof Thing] ?? '')]));
}
