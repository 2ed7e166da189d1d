import type { Request, Response } from 'express';
import { z } from 'zod';
import { Invalid, NotFound } from '../ground/errors.ts';
import { endOfDay, idOrNull, line, oneOf } from '../ground/fields.ts';
import { actorOf, dbOf } from '../web/context.ts';
import { readForm, typedAgain } from '../web/form.ts';
import { done, page } from '../web/page.ts';
import { thingAt } from './at.pages.ts';
import { keyOf, type Place, pathOf, subjectAt, viewerAt } from './place.pages.ts';
import { endShare, sharesOf, shareThing } from './share.ts';
import { transferThing } from './transfer.ts';

const shareShape = {
  with: line(254),
  may: z.preprocess((value) => value || 'view', oneOf(['view', 'manage'], 'To view, or to manage.')),
  endsAt: endOfDay,
};

export const showShare = (place: Place) => async (req: Request, res: Response) => form(req, res, place, { act: 'share' });

export const postShare = (place: Place) => async (req: Request, res: Response) => {
  try {
    const terms = readForm(req.body, shareShape);
    const id = (await thingAt(req, place, 'share')).id;
    const thing = await shareThing(dbOf(req), actorOf(req), await viewerAt(req, place), { section: place.section, id, ...terms });
    await done(req, res, `${pathOf(place)}/${id}`, `${thing.name} is shared with ${terms.with}.`);
  } catch (error) {
    if (!(error instanceof Invalid)) throw error;
    await form(req, res.status(422), place, { act: 'share', errors: error.fields });
  }
};

export const postUnshare = (place: Place) => async (req: Request, res: Response) => {
  const share = idOrNull(req.body?.share);
  if (!share) throw new NotFound('There is no such share.');
  const id = (await thingAt(req, place, 'share')).id;
  const thing = await endShare(dbOf(req), actorOf(req), await viewerAt(req, place), { section: place.section, id, share });
  await done(req, res, `${pathOf(place)}/${id}`, `The share of ${thing.name} has ended.`);
};

export const showTransfer = (place: Place) => async (req: Request, res: Response) => form(req, res, place, { act: 'transfer' });

/** Whoever gives away its own thing may not see it any more: the list is shown then. */
export const postTransfer = (place: Place) => async (req: Request, res: Response) => {
  try {
    const { to } = readForm(req.body, { to: line(254) });
    const id = (await thingAt(req, place, 'transfer')).id;
    const thing = await transferThing(dbOf(req), actorOf(req), await viewerAt(req, place), { section: place.section, id, to });
    await done(req, res, pathOf(place), `${thing.name} belongs to ${to} now.`);
  } catch (error) {
    if (!(error instanceof Invalid)) throw error;
    await form(req, res.status(422), place, { act: 'transfer', errors: error.fields });
  }
};

type Asked = { act: 'share' | 'transfer'; errors?: Record<string, string> };

async function form(req: Request, res: Response, place: Place, { act, errors = {} }: Asked): Promise<void> {
  const thing = await thingAt(req, place, act);
  await page(req, res, `things/${act}`, {
    title: `${act === 'share' ? 'Share' : 'Transfer'} ${thing.name}`,
    section: keyOf(place),
    thing,
    thingPath: `${pathOf(place)}/${thing.id}`,
    subject: place.isOwn ? subjectAt(req, place).id : null,
    values: typedAgain(req.body),
    errors,
    shares: act === 'share' ? await sharesOf(dbOf(req), thing.id) : [],
  });
}
