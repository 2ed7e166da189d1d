import type { Request, Response } from 'express';
import { subjectOf } from '../access/actor.ts';
import { can } from '../access/can.ts';
import { unseal } from '../ground/secrets.ts';
import { asset } from './assets.ts';
import { sendPage } from './compress.ts';
import { contextOf } from './context.ts';
import { few, figure } from './figures.ts';
import { menuFor, notificationsPath, ownTabsFor } from './menu.ts';
import { type Flash, saveSession } from './session.ts';
import { renderView } from './templates.ts';
import { ago, momentOf } from './time.ts';

type Locals = { title: string; section?: string } & Record<string, unknown>;

/** Answers with a page: the whole document, or without the layout when htmx asks for a part of it. */
export async function page(req: Request, res: Response, view: string, locals: Locals): Promise<void> {
  // Taken only where it is drawn: a failing poll or a HEAD must not swallow a password that is shown once.
  const flash = 'flash' in locals || req.method === 'HEAD' ? null : takeFlash(req);
  const all = { errors: {}, flash, ...locals };
  const options = { page: everyPage(req, res), isKept: contextOf(req).config.cachesViews };
  const body = renderView(view, all, options);
  res.vary('HX-Request, HX-Boosted, HX-History-Restore-Request');
  sendPage(req, res, renderView(isPart(req) ? 'layout/fragment' : 'layout/layout', { ...all, body }, options));
}

/** Ends a change: says what was done on the page that it changed. */
export async function done(
  req: Request,
  res: Response,
  path: string,
  text: string,
  more: Omit<Flash, 'text'> = {},
): Promise<void> {
  req.session.flash = { text, tone: 'ok', ...more };
  await saveSession(req);
  res.redirect(303, path);
}

/** htmx wants a part, unless it restores a whole page from the history or follows a boosted link. */
export const isPart = (req: Request) =>
  req.get('hx-request') === 'true' && req.get('hx-boosted') !== 'true' && req.get('hx-history-restore-request') !== 'true';

/** What every view may take of `page`. */
function everyPage(req: Request, res: Response) {
  const actor = req.actor ?? null;
  return {
    nonce: res.locals.nonce,
    csrf: req.session ? req.csrfToken() : '',
    asset,
    ago,
    figure,
    moment: momentOf(req),
    actor: actor && {
      username: actor.username,
      name: actor.name,
      email: actor.email,
      isAdministrator: can(actor, 'see users'),
      mayHaveTwoFactor: can(actor, 'change own two-factor'),
    },
    connection: connectionFor(req),
    subjectId: actor && subjectOf(actor).id,
    needsConfirmation: actor !== null && !actor.isConfirmed,
    hasApp: req.session?.signedIn?.hasApp ?? false,
    hasPasskeys: req.session?.signedIn?.hasPasskeys ?? false,
    theme: req.session?.signedIn?.theme ?? 'system',
    menu: menuFor(actor, unreadFor(req)),
    bell: actor && can(actor, 'see notifications') ? { href: notificationsPath(actor), unread: unreadFor(req).own } : null,
    banner: actor && can(actor, 'see notifications') ? (req.session?.signedIn?.banner ?? null) : null,
    few,
    ownTabs: ownTabsFor(actor),
    path: req.originalUrl,
  };
}

/** It came with the session: no page asks for it. */
function unreadFor(req: Request) {
  const { unread = 0, subjectUnread = null } = req.session?.signedIn ?? {};
  return { own: unread, subject: subjectUnread ?? unread };
}

/** While connected every page says so: on whose behalf, how far, and how much time is left. */
function connectionFor(req: Request) {
  const connection = req.actor?.connection;
  if (!connection) return null;
  const secondsLeft = Math.max(Math.round((connection.endsAt.getTime() - Date.now()) / 1000), 0);
  const { id, user, mode, endsAt } = connection;
  return { id, user, isLookingOnly: mode === 'read', endsAt, secondsLeft, minutesLeft: Math.ceil(secondsLeft / 60) };
}

/** The flash is shown once: what is read here is gone from the session. */
export function takeFlash(req: Request) {
  const flash = req.session?.flash;
  if (!flash) return null;
  req.session.flash = null;
  return { ...flash, secret: flash.sealed && unseal(contextOf(req).secrets[0], flash.sealed) };
}
