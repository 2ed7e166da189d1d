import type { Request, Response } from 'express';
import { can } from '../access/can.ts';
import { Changed, Invalid, Refused } from '../ground/errors.ts';
import { idOrNull, lineIn } from '../ground/fields.ts';
import { readSettings } from '../settings/settings.ts';
import { actorOf, dbOf } from '../web/context.ts';
import { readForm, type Typed, typedAgain, typedUpon } from '../web/form.ts';
import { done, page } from '../web/page.ts';
import {
  countIn,
  createGroup,
  deleteGroup,
  editGroup,
  findGroup,
  type Group,
  groupFields,
  groupVersion,
  listGroups,
} from './group.ts';
import { seenGroups, viewerOf } from './viewer.ts';

type Errors = Record<string, string>;

/** The groups that the actor sees; who manages them finds here how to. */
export const showGroups = async (req: Request, res: Response) => {
  const db = dbOf(req);
  const within = seenGroups(await viewerOf(db, actorOf(req)));
  const q = lineIn(req.query.q, 100);
  await page(req, res, 'groups/list', {
    title: 'Groups',
    section: 'groups',
    q,
    groups: await listGroups(db, { q, within }),
    isRestricted: within !== null,
    ...(await shared(req)),
  });
};

export const showNewGroup = (req: Request, res: Response) => form(req, res, null, {});

export const postNewGroup = async (req: Request, res: Response) => {
  try {
    const group = await createGroup(dbOf(req), actorOf(req), readForm(req.body, groupFields));
    await done(req, res, `/groups/${group.id}`, `${group.name} has been created.`);
  } catch (error) {
    if (!(error instanceof Invalid)) throw error;
    await form(req, res.status(422), null, typedAgain(req.body), error.fields);
  }
};

export const showEditGroup = async (req: Request, res: Response) => {
  const group = await found(req);
  await form(req, res, group, { ...group });
};

/** Saves name and description; who saves second sees both versions. */
export const postEditGroup = async (req: Request, res: Response) => {
  const group = await found(req);
  try {
    const { version, ...values } = readForm(req.body, { ...groupFields, version: groupVersion });
    const saved = await editGroup(dbOf(req), actorOf(req), { id: group.id, version, values });
    await done(req, res, `/groups/${group.id}`, `${saved.name} has been saved.`);
  } catch (error) {
    if (error instanceof Changed) return changed(req, res, error);
    if (!(error instanceof Invalid)) throw error;
    await form(req, res.status(422), group, typedAgain(req.body), error.fields);
  }
};

async function changed(req: Request, res: Response, { message }: Changed): Promise<void> {
  const now = await found(req);
  await form(req, res.status(409), now, typedUpon(req.body, now), { '': message }, now);
}

export const showDeleteGroup = async (req: Request, res: Response) => deleteForm(req, res);

export const postDeleteGroup = async (req: Request, res: Response) => {
  try {
    const group = await deleteGroup(dbOf(req), actorOf(req), (await found(req)).id);
    await done(req, res, '/groups', `${group.name} has been deleted. Its things are still there.`);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    await deleteForm(req, res.status(409), { '': error.message });
  }
};

async function deleteForm(req: Request, res: Response, errors: Errors = {}): Promise<void> {
  const group = await found(req);
  const counts = await countIn(dbOf(req), group.id);
  await page(req, res, 'groups/delete', { title: `Delete ${group.name}`, section: 'groups', group, counts, errors });
}

async function form(
  req: Request,
  res: Response,
  group: Group | null,
  values: Typed,
  errors: Errors = {},
  now: Group | null = null,
): Promise<void> {
  const title = group ? `Edit ${group.name}` : 'Create group';
  await page(req, res, 'groups/form', { title, section: 'groups', group, values, errors, now });
}

const found = (req: Request) => findGroup(dbOf(req), idOrNull(req.params.id));

/** What every page about groups says: whether they restrict anybody at present, and what this actor may do with them. */
export async function shared(req: Request) {
  const { restrictions } = await readSettings(dbOf(req));
  const actor = actorOf(req);
  return { restrictsNobody: !restrictions, mayManage: can(actor, 'manage groups'), seesUsers: can(actor, 'see users') };
}
