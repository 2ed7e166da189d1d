import type { Request, RequestHandler, Response } from 'express';
import { contextOf, dbOf } from '../web/context.ts';
import { readCookie } from '../web/cookies.ts';
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

/** As long as somebody may take to fill in the page of a link. */
const hourMs = 3_600_000;

/**
 * Takes the token of a mailed link out of the address: it goes on in a cookie, so that it stands in no history of the browser, no
 * log of a proxy and no Referer. Opening a link does nothing else, as programs that scan mail open links too.
 */
function keepLinkToken(req: Request, res: Response, token: string): void {
  const flags = { httpOnly: true, sameSite: 'lax', secure: contextOf(req).config.isSecure, path: '/' } as const;
  res.cookie(cookieName(req), token.slice(0, longest), { ...flags, maxAge: hourMs });
}

/** The token of the link that this browser opened last, or ''. */
const linkTokenOf = (req: Request): string => readCookie(req, cookieName(req), /^[\w.-]{1,80}$/) ?? '';

/** The link has done its work: this browser forgets it. */
export function forgetLink(req: Request, res: Response): void {
  res.clearCookie(cookieName(req), { path: '/', secure: contextOf(req).config.isSecure, httpOnly: true, sameSite: 'lax' });
}

const longest = 80;
const cookieName = (req: Request) => (contextOf(req).config.isSecure ? '__Host-roster-link' : 'roster-link');
