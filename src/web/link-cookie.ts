import type { Request, Response } from 'express';
import { contextOf } from './context.ts';
import { readCookie } from './cookies.ts';

/** As long as somebody may take to fill in the page of a link. */
const hourMs = 3_600_000;

/**
 * Takes the token of a mailed link out of the address: it goes on in a cookie, so that it stands in no history of the browser, no
 * log of a proxy and no Referer. Opening a link does nothing else, as programs that scan mail open links too.
 */
export function keepLinkToken(req: Request, res: Response, token: string): void {
  const flags = { httpOnly: true, sameSite: 'lax', secure: contextOf(req).config.isSecure, path: '/' } as const;
  res.cookie(cookieName(req), token.slice(0, longest), { ...flags, maxAge: hourMs });
}

/** The token of the link that this browser opened last, or ''. */
export const linkTokenOf = (req: Request): string => readCookie(req, cookieName(req), /^[\w.-]{1,80}$/) ?? '';

/** Called when the link has done its work. */
export function dropLinkToken(req: Request, res: Response): void {
  res.clearCookie(cookieName(req), { path: '/', secure: contextOf(req).config.isSecure, httpOnly: true, sameSite: 'lax' });
}

const longest = 80;
const cookieName = (req: Request) => (contextOf(req).config.isSecure ? '__Host-roster-link' : 'roster-link');
