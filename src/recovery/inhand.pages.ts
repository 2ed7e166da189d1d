import type { Request } from 'express';
import { linkOf } from '../links/links.pages.ts';
import { dbOf } from '../web/context.ts';
import type { From } from './activate.ts';
import { type InHand, type Opening, withUser } from './bearer.ts';

/** The link that this browser came with, and whose it is; null when there is none, or one that was never given. */
export async function inHandOf(req: Request, purpose: Opening): Promise<InHand | null> {
  const found = await linkOf(req, [purpose]);
  return found && withUser(dbOf(req), found);
}

/** Where a request came from. */
export const fromOf = (req: Request): From => ({ requestId: req.requestId, address: req.ip ?? '' });
