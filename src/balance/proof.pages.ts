import type { Request, Response } from 'express';
import { actorOf, dbOf } from '../web/context.ts';
import { done } from '../web/page.ts';
import { askForProof } from './proof.ts';

/** Has the books proved before the night comes. */
export const postProof = async (req: Request, res: Response) => {
  await askForProof(dbOf(req), actorOf(req));
  await done(
    req,
    res,
    '/settings#currency',
    'The worker proves the books now. What comes of it stands here and on the Overview.',
  );
};
