import type { Request, RequestHandler, Response } from 'express';
import type { Act } from '../access/acts.ts';
import { assertCan, can } from '../access/can.ts';
import { contextOf } from './context.ts';
import { isPart } from './page.ts';

/** Reads who is signed in from the session that the store has just joined with the account. */
export const identify: RequestHandler = (req, _res, next) => {
  const found = req.session.signedIn?.actor;
  req.actor = found ? { ...found, address: req.ip ?? '', requestId: req.requestId } : null;
  next();
};

/** Lets through who may do the act; visitors are sent to sign in, others to what they must do before anything else. */
export const guard =
  (act: Act): RequestHandler =>
  (req, res, next) => {
    if (can(req.actor, act)) next();
    else if (!req.actor) askToSignIn(req, res);
    else if (req.actor.mustChangePassword) res.redirect(303, '/account/password');
    else if (req.actor.needsSecondFactor) res.redirect(303, '/account/two-factor');
    else assertCan(req.actor, act);
  };

/** Encoded it grows threefold, and has to fit into the headers that proxies and browsers take. */
const longestNext = 2000;

function askToSignIn(req: Request, res: Response): void {
  const isWorthwhile = req.method === 'GET' && req.originalUrl !== '/' && req.originalUrl.length <= longestNext;
  const next = isWorthwhile ? `?next=${encodeURIComponent(req.originalUrl)}` : '';
  // A redirect would bring the sign-in page into the middle of the one that asked for a part.
  if (isPart(req)) res.status(401).setHeader('HX-Redirect', '/sign-in').end();
  else res.redirect(303, `/sign-in${next}`);
}

/** The page from which the reader came, as a path of this site; or `otherwise`. */
export function pageBefore(req: Request, otherwise: string): string {
  const referer = req.get('referer') ?? '';
  if (!URL.canParse(referer)) return otherwise;
  const { pathname, search } = new URL(referer);
  return ownPath(req, pathname + search, otherwise);
}

/** A path on this site, or `otherwise`: what came in a form or a query is never followed elsewhere. */
export function ownPath(req: Request, path: unknown, otherwise: string): string {
  const base = contextOf(req).config.baseUrl;
  if (typeof path !== 'string' || !path.startsWith('/') || /[\\\p{Cc}]/u.test(path) || !URL.canParse(path, base))
    return otherwise;
  const url = new URL(path, base);
  const isSafe = url.origin === new URL(base).origin && !url.pathname.includes('//');
  return isSafe ? url.pathname + url.search : otherwise;
}
