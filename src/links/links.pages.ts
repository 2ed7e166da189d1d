import type { Request, RequestHandler, Response } from 'express';
import { contextOf, dbOf } from '../web/context.ts';
import { dropLinkToken, keepLinkToken, linkTokenOf } from '../web/link-cookie.ts';
import { page } from '../web/page.ts';
import { type Found, findLinkOrNull, type LinkState, linkPaths, type Purpose } from './links.ts';

/** GET of a link as it stands in a mail: goes on at the same page without the token in its address. */
export const openLink =
  (purpose: Purpose): RequestHandler =>
  (req, res) => {
    keepLinkToken(req, res, String(req.params.token));
    res.redirect(303, linkPaths[purpose]);
  };

/** The link that this browser came with, or null when it has none, or one that was never given. Changes nothing. */
export const linkOf = (req: Request, purposes: readonly Purpose[]): Promise<Found | null> =>
  findLinkOrNull(dbOf(req), contextOf(req).secrets, linkTokenOf(req), purposes);

/** What a page offers whose link cannot be used: a form that is posted, or a link. */
export type Offer = { label: string; href: string; isPost: boolean };

const sentences: Record<Exclude<LinkState, 'open'> | 'unknown', string> = {
  used: 'It has been used already; each link works once.',
  expired: 'It has waited too long; links work for a limited time only.',
  void: 'A newer link has replaced it, or it was taken back. Look for the latest mail.',
  unknown: 'It is not complete, or it was never given. Copy the whole link from the mail.',
};

/** The page of a link that cannot be used: why, and how to get on. */
export async function showOver(req: Request, res: Response, found: Found | null, offer: Offer | null): Promise<void> {
  const state = found?.state ?? 'unknown';
  const says = state === 'open' ? '' : sentences[state];
  await page(req, res.status(found ? 410 : 404), 'links/over', { title: 'This link does not work', says, offer });
}

/** The link has done its work: this browser forgets it. */
export const forgetLink = dropLinkToken;
