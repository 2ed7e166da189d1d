import type { Request, Response } from 'express';
import { mayWithThings, reachOf } from '../access/things.ts';
import { Forbidden, Invalid, Refused } from '../ground/errors.ts';
import { line } from '../ground/fields.ts';
import { findUser } from '../users/user.ts';
import { actorOf, dbOf } from '../web/context.ts';
import { readForm, type Typed, typedAgain } from '../web/form.ts';
import { done, page } from '../web/page.ts';
import { sharedAt } from './at.pages.ts';
import { attachable } from './attach.ts';
import { thingFields } from './fields.ts';
import { choices, groupsOf, valuesOf } from './form.ts';
import { groupChoices } from './groups.ts';
import { sectionWords } from './kinds.ts';
import { type Place, pathOf, subjectAt, viewerAt } from './place.pages.ts';
import { addThing } from './save.ts';

export const showAdd = (place: Place) => async (req: Request, res: Response) => {
  const viewer = await viewerAt(req, place);
  if (!mayWithThings(viewer, 'add')) throw new Forbidden(`You may not add ${sectionWords[place.section].many}.`);
  await addForm(req, res, place, { kind: 'device', owner: req.query.owner ?? '' });
};

export const postAdd = (place: Place) => async (req: Request, res: Response) => {
  try {
    const viewer = await viewerAt(req, place);
    const { owner } = readForm(req.body, { owner: line(36) });
    const values = valuesOf(place.section, readForm(req.body, thingFields[place.section]));
    const thing = await addThing(dbOf(req), actorOf(req), viewer, {
      ...values,
      owner: place.isOwn && reachOf(viewer) === 'own' ? subjectAt(req, place).username : owner || actorOf(req).username,
      groupIds: groupsOf(req.body),
    });
    await done(req, res, `${pathOf(place)}/${thing.id}`, `${thing.name} has been added.`);
  } catch (error) {
    if (error instanceof Refused) return addForm(req, res.status(409), place, typedAgain(req.body), { '': error.message });
    if (!(error instanceof Invalid)) throw error;
    await addForm(req, res.status(422), place, typedAgain(req.body), error.fields);
  }
};

async function addForm(
  req: Request,
  res: Response,
  place: Place,
  values: Typed,
  errors: Record<string, string> = {},
): Promise<void> {
  const viewer = await viewerAt(req, place);
  const isOwn = reachOf(viewer) === 'own';
  const username = String(values.owner ?? '');
  const owner = isOwn ? subjectAt(req, place) : username ? await findUser(dbOf(req), username).catch(() => null) : null;
  await page(req, res, 'things/form', {
    title: `Add ${sectionWords[place.section].one}`,
    ...sharedAt(req, place),
    ...choices,
    thing: null,
    action: `${pathOf(place)}/new`,
    values,
    errors,
    now: null,
    asksOwner: !isOwn,
    attachChoices: owner ? await attachable(dbOf(req), place.section, owner.id) : [],
    groupChoices: await groupChoices(dbOf(req), viewer),
    chosenGroups: groupsOf(req.body ?? {}),
  });
}
