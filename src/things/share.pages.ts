import type { Request, Response } from 'express';
import { z } from 'zod';
import type { ThingAct } from '../access/things.ts';
import { Invalid, NotFound } from '../ground/errors.ts';
import { endOfDay, idOrNull, line, oneOf } from '../ground/fields.ts';
import { actorOf, dbOf } from '../web/context.ts';
import { readForm, typedAgain } from '../web/form.ts';
import { done, page } from '../web/page.ts';
import { assertSameSubject, keyOf, type Place, pathOf, subjectAt, viewerAt } from './place.pages.ts';
import { endShare, sharesOf, shareThing } from './share.ts';
import { assertMay, findThing, type Thing } from './thing.ts';
import { transferThing } from './transfer.ts';

const shareShape = {
  with: line(254),
  may: z.preprocess((value) => value || 'view', oneOf(['view', 'manage'], 'To view, or to manage.')),
  endsAt: endOfDay,
};

/** The pages on which a thing is shared with others, taken back, and given to another owner. */
export function sharePages(place: Place) {
  const { section } = place;
  const path = pathOf(place);

  const showShare = async (req: Request, res: Response) => form(req, res, 'share');

  const postShare = async (req: Request, res: Response) => {
    try {
      assertSameSubject(req, place);
      const terms = readForm(req.body, shareShape);
      const id = (await found(req, 'share')).id;
      const thing = await shareThing(dbOf(req), actorOf(req), await viewerAt(req, place), { section, id, ...terms });
      await done(req, res, `${path}/${id}`, `${thing.name} is shared with ${terms.with}.`);
    } catch (error) {
      if (!(error instanceof Invalid)) throw error;
      await form(req, res.status(422), 'share', error.fields);
    }
  };

  const postUnshare = async (req: Request, res: Response) => {
    assertSameSubject(req, place);
    const share = idOrNull(req.body?.share);
    if (!share) throw new NotFound('There is no such share.');
    const id = (await found(req, 'share')).id;
    const thing = await endShare(dbOf(req), actorOf(req), await viewerAt(req, place), { section, id, share });
    await done(req, res, `${path}/${id}`, `The share of ${thing.name} has ended.`);
  };

  const showTransfer = async (req: Request, res: Response) => form(req, res, 'transfer');

  /** Whoever gives away its own thing may not see it any more: the list is shown then. */
  const postTransfer = async (req: Request, res: Response) => {
    try {
      assertSameSubject(req, place);
      const { to } = readForm(req.body, { to: line(254) });
      const id = (await found(req, 'transfer')).id;
      const thing = await transferThing(dbOf(req), actorOf(req), await viewerAt(req, place), { section, id, to });
      await done(req, res, path, `${thing.name} belongs to ${to} now.`);
    } catch (error) {
      if (!(error instanceof Invalid)) throw error;
      await form(req, res.status(422), 'transfer', error.fields);
    }
  };

  async function found(req: Request, act: ThingAct): Promise<Thing> {
    const viewer = await viewerAt(req, place);
    const thing = await findThing(dbOf(req), viewer, section, idOrNull(req.params.id));
    assertMay(viewer, act, thing);
    return thing;
  }

  async function form(
    req: Request,
    res: Response,
    act: 'share' | 'transfer',
    errors: Record<string, string> = {},
  ): Promise<void> {
    const thing = await found(req, act);
    await page(req, res, `things/${act}`, {
      title: `${act === 'share' ? 'Share' : 'Transfer'} ${thing.name}`,
      section: keyOf(place),
      thing,
      thingPath: `${path}/${thing.id}`,
      subject: place.isOwn ? subjectAt(req, place).id : null,
      values: typedAgain(req.body),
      errors,
      shares: act === 'share' ? await sharesOf(dbOf(req), thing.id) : [],
    });
  }

  return { showShare, postShare, postUnshare, showTransfer, postTransfer };
}
