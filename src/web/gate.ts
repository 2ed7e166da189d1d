import type { Request, RequestHandler } from 'express';
import type { Config } from '../ground/config.ts';
import { Forbidden } from '../ground/errors.ts';

const loopbackNames = ['localhost', '127.0.0.1', '[::1]'];
const harmless = ['GET', 'HEAD', 'OPTIONS'];

/** Only the public address of BASE_URL is answered; while that is a loopback address, every loopback name is. */
export function knownHost(config: Config): RequestHandler {
  const base = new URL(config.baseUrl);
  return (req, res, next) => {
    const host = hostOf(req);
    if (host && (host.host === base.host || (isLoopback(base) && isLoopback(host)))) return next();
    res.status(421).type('text').send('This address is not served here.\n');
  };
}

/** The host as a URL, or null when the header holds more than a name and a port. */
function hostOf({ headers: { host = '' } }: Request): URL | null {
  return /^[\w.:[\]-]+$/.test(host) && URL.canParse(`http://${host}`) ? new URL(`http://${host}`) : null;
}

/** A change comes from our own pages: refused when the browser says that it comes from elsewhere, token or not. */
export function sameOrigin(config: Config): RequestHandler {
  return (req, _res, next) => {
    if (harmless.includes(req.method) || isOurs(req, config)) return next();
    next(new Forbidden('This form was sent from another site, so nothing was changed.'));
  };
}

/**
 * Other sites may lead people here (a link, a typed address), but not ask in their name: pages fetched, framed or drawn into another
 * site would tell it by status, size or time what somebody may see. Before anything is looked up, so every address answers alike.
 */
export const notFromElsewhere: RequestHandler = (req, res, next) => {
  const [site, mode, dest] = ['site', 'mode', 'dest'].map((name) => req.get(`sec-fetch-${name}`));
  const isOwn = !site || site === 'same-origin' || site === 'none';
  const isLedHere = mode === 'navigate' && (dest === 'document' || !dest);
  if (isOwn || isLedHere || !['GET', 'HEAD'].includes(req.method)) return next();
  res.status(403).type('text').send('Open this address by itself: another site cannot ask for it.\n');
};

function isOurs(req: Request, config: Config): boolean {
  const site = req.get('sec-fetch-site');
  if (site && site !== 'same-origin') return false;
  const from = req.get('origin') ?? req.get('referer');
  if (!from) return true; // An old browser or a program: the token decides alone.
  if (!URL.canParse(from)) return false;
  const { origin, hostname, host } = new URL(from);
  return origin === new URL(config.baseUrl).origin || (loopbackNames.includes(hostname) && host === req.headers.host);
}

const isLoopback = (url: URL) => loopbackNames.includes(url.hostname);
