import type { Request, Response } from 'express';
import { can } from '../access/can.ts';
import { mayWithThing, mayWithThings, reachOf, type ThingAct, thingActs } from '../access/things.ts';
import { Forbidden, Invalid, Refused } from '../ground/errors.ts';
import { idOrNull, line } from '../ground/fields.ts';
import { snake } from '../ground/names.ts';
import { version } from '../users/fields.ts';
import { findUser } from '../users/user.ts';
import { actorOf, dbOf } from '../web/context.ts';
import { readForm, type Typed, typedAgain } from '../web/form.ts';
import { done, page } from '../web/page.ts';
import { attachable } from './attach.ts';
import { columnsOf } from './columns.ts';
import { assetKinds, type ThingValues, thingFields, thingLabels } from './fields.ts';
import { groupChoices, groupNames } from './groups.ts';
import { genericKinds, type Kind, kindWords, sectionWords } from './kinds.ts';
import { assertSameSubject, keyOf, type Place, pathOf, subjectAt, viewerAt } from './place.pages.ts';
import { deleteThing } from './remove.ts';
import { addThing, editThing } from './save.ts';
import { sharesOf } from './share.ts';
import { assertMay, findThing, type Thing } from './thing.ts';

/** The pages of one thing: seen, added, edited and deleted, in one of the lists. */
export function thingPages(place: Place) {
  const { section } = place;
  const words = sectionWords[section];
  const path = pathOf(place);
  const shape = thingFields[section];

  /** One thing with everything that is known of it, and what the viewer may do with it. */
  const show = async (req: Request, res: Response) => {
    const viewer = await viewerAt(req, place);
    const thing = await findThing(dbOf(req), viewer, section, idOrNull(req.params.id));
    const may = Object.fromEntries(thingActs.map((act) => [act, mayWithThing(viewer, act, thing)])) as Record<ThingAct, boolean>;
    await page(req, res, 'things/show', {
      title: thing.name,
      ...shared(req),
      thing,
      thingPath: `${path}/${thing.id}`,
      may,
      facts: factsOf(req, thing, reachOf(viewer) === 'own' && thing.ownerId === viewer.id),
      groups: await groupNames(dbOf(req), viewer, thing.groupIds),
      shares: may.share ? await sharesOf(dbOf(req), thing.id) : [],
    });
  };

  const showAdd = async (req: Request, res: Response) => {
    const viewer = await viewerAt(req, place);
    if (!mayWithThings(viewer, 'add')) throw new Forbidden(`You may not add ${words.many}.`);
    await addForm(req, res, { kind: 'device', owner: req.query.owner ?? '' });
  };

  const postAdd = async (req: Request, res: Response) => {
    try {
      assertSameSubject(req, place);
      const viewer = await viewerAt(req, place);
      const { owner } = readForm(req.body, { owner: line(36) });
      const values = valuesOf(readForm(req.body, shape));
      const thing = await addThing(dbOf(req), actorOf(req), viewer, {
        ...values,
        owner: place.isOwn && reachOf(viewer) === 'own' ? subjectAt(req, place).username : owner || actorOf(req).username,
        groupIds: groupsOf(req.body),
      });
      await done(req, res, `${path}/${thing.id}`, `${thing.name} has been added.`);
    } catch (error) {
      if (!(error instanceof Invalid)) throw error;
      await addForm(req, res.status(422), typedAgain(req.body), error.fields);
    }
  };

  const showEdit = async (req: Request, res: Response) => {
    const thing = await editable(req, 'edit');
    await editForm(req, res, thing, formValues(thing));
  };

  const postEdit = async (req: Request, res: Response) => {
    const thing = await editable(req, 'edit');
    try {
      assertSameSubject(req, place);
      const { version: openedAt, ...fields } = readForm(req.body, { ...shape, version });
      const edit = { section, id: thing.id, version: openedAt, values: valuesOf(fields) };
      const saved = await editThing(dbOf(req), actorOf(req), await viewerAt(req, place), edit);
      await done(req, res, `${path}/${thing.id}`, `${saved.name} has been saved.`);
    } catch (error) {
      if (error instanceof Refused) return editForm(req, res.status(409), thing, typedAgain(req.body), { '': error.message });
      if (!(error instanceof Invalid)) throw error;
      await editForm(req, res.status(422), thing, typedAgain(req.body), error.fields);
    }
  };

  const showDelete = async (req: Request, res: Response) => {
    const thing = await editable(req, 'delete');
    const shares = await sharesOf(dbOf(req), thing.id);
    const locals = { ...shared(req), thing, thingPath: `${path}/${thing.id}`, shares };
    await page(req, res, 'things/delete', { title: `Delete ${thing.name}`, ...locals });
  };

  const postDelete = async (req: Request, res: Response) => {
    assertSameSubject(req, place);
    const id = (await editable(req, 'delete')).id;
    const thing = await deleteThing(dbOf(req), actorOf(req), await viewerAt(req, place), { section, id });
    await done(req, res, path, `${thing.name} has been deleted.`);
  };

  /** What every page of a place is drawn with. */
  const shared = (req: Request) => ({
    section: keyOf(place),
    words,
    path,
    subject: place.isOwn ? subjectAt(req, place).id : null,
    ownerPath: can(actorOf(req), 'see users') ? '/users' : null,
  });

  async function editable(req: Request, act: ThingAct): Promise<Thing> {
    const viewer = await viewerAt(req, place);
    const thing = await findThing(dbOf(req), viewer, section, idOrNull(req.params.id));
    assertMay(viewer, act, thing);
    return thing;
  }

  async function addForm(req: Request, res: Response, values: Typed, errors: Record<string, string> = {}): Promise<void> {
    const viewer = await viewerAt(req, place);
    const isOwn = reachOf(viewer) === 'own';
    const username = String(values.owner ?? '');
    const owner = isOwn ? subjectAt(req, place) : username ? await findUser(dbOf(req), username).catch(() => null) : null;
    await page(req, res, 'things/form', {
      title: `Add ${words.one}`,
      ...shared(req),
      ...choices,
      thing: null,
      action: `${path}/new`,
      values,
      errors,
      asksOwner: !isOwn,
      attachChoices: owner ? await attachable(dbOf(req), section, owner.id) : [],
      groupChoices: await groupChoices(dbOf(req), viewer),
      chosenGroups: groupsOf(req.body ?? {}),
    });
  }

  async function editForm(req: Request, res: Response, thing: Thing, values: Typed, errors: Record<string, string> = {}) {
    await page(req, res, 'things/form', {
      title: `Edit ${thing.name}`,
      ...shared(req),
      ...choices,
      thing,
      action: `${path}/${thing.id}/edit`,
      values: { version: thing.version, ...values },
      errors,
      asksOwner: false,
      attachChoices: await attachable(dbOf(req), section, thing.ownerId, thing),
      groupChoices: [],
      chosenGroups: [],
    });
  }

  const valuesOf = (fields: object): ThingValues => ({ kind: section as Kind, ...fields }) as ThingValues;

  /** Everything that is known of a thing, line by line. */
  function factsOf(req: Request, thing: Thing, isMine: boolean) {
    const seesUsers = can(actorOf(req), 'see users');
    const owner = { label: 'Owner', value: thing.owner, href: seesUsers ? `/users/${thing.ownerUsername}` : undefined };
    return [
      ...columnsOf[section].map(({ heading, text }) => ({ label: heading, value: text(thing) })),
      { label: thingLabels.description as string, value: thing.description },
      ...(isMine ? [] : [owner]),
    ];
  }

  return { show, showAdd, postAdd, showEdit, postEdit, showDelete, postDelete };
}

const choices = {
  assetChoices: Object.entries(assetKinds).map(([value, label]) => ({ value, label })),
  kindChoices: genericKinds.map((value) => ({ value, label: kindWords[value][0] })),
  labels: thingLabels,
};

/** The boxes that are ticked: a browser sends each under the same name. */
const groupsOf = (body: Record<string, unknown>): number[] =>
  [body.groups ?? []].flat().flatMap((value) => idOrNull(value) ?? []);

/** The fields of a form as they are stored. */
function formValues(thing: Thing): Typed {
  const names = Object.keys(thingFields[thing.section]);
  return Object.fromEntries(names.map((name) => [snake(name), String(thing[name as keyof Thing] ?? '')]));
}
