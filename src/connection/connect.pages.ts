import type { Request, RequestHandler, Response } from 'express';
import { z } from 'zod';
import { subjectOf } from '../access/actor.ts';
import { Invalid, Refused } from '../ground/errors.ts';
import { oneOf, text } from '../ground/fields.ts';
import { readSettings } from '../settings/settings.ts';
import { wayBack } from '../users/back.pages.ts';
import { findUser } from '../users/user.ts';
import { actorOf, dbOf } from '../web/context.ts';
import { readForm, typedAgain } from '../web/form.ts';
import { done, isPart, page } from '../web/page.ts';
import { adoptSession, newSid } from '../web/session.ts';
import { assertConnectable, connect } from './connect.ts';
import { disconnect, leaveLostConnection } from './end.ts';

type ConfirmIdentity = (req: Request) => Promise<void>;

const shape = {
  reason: text(500),
  mode: z.preprocess((value) => value || 'full', oneOf(['full', 'read'], 'Full, or look only.')),
};

/** Asks for the reason and how far; the button on it connects. */
export const showConnect = (req: Request, res: Response) => form(req, res);

/** Connects to the user and goes to its start page; the browser goes there as a whole, as its session is a new one. */
export const postConnect =
  (confirmIdentity: ConfirmIdentity): RequestHandler =>
  async (req, res) => {
    try {
      const { reason, mode } = readForm(req.body, shape);
      const { connectionProof } = await readSettings(dbOf(req));
      if (connectionProof) await confirmIdentity(req);
      const sid = newSid();
      const username = String(req.params.username);
      const cameFrom = cameFromAt(req, username);
      const user = await connect(dbOf(req), actorOf(req), { username, mode, reason, cameFrom, sid });
      await adoptSession(req, sid);
      await done(req, res, '/my', `You are connected to ${user.name}.`);
    } catch (error) {
      if (!(error instanceof Invalid)) throw error;
      await form(req, res.status(422), error.fields);
    }
  };

const longestPath = 2000;

/** Where a disconnect comes back to: the page one came from, unless it is closed by then or only a form. */
function cameFromAt(req: Request, username: string): string {
  const otherwise = `/users/${username}`;
  const path = wayBack(req, otherwise);
  const isNoPlace = /^\/(my|disconnect)(\/|\?|$)|\/connect(\?|$)/.test(path) || path.length > longestPath;
  return isNoPlace ? otherwise : path;
}

/** Ends the connection, from whatever page; whoever is not connected is told so. */
export const postDisconnect: RequestHandler = async (req, res) => {
  const sid = newSid();
  const ended = await disconnect(dbOf(req), actorOf(req), sid);
  if (!ended) return done(req, res, '/users', 'You were not connected any more.');
  await adoptSession(req, sid);
  await done(req, res, ended.cameFrom, `Disconnected from ${ended.user.username}.`);
};

/**
 * A connection that has ended by itself is recorded, and the administrator told. A page of the user's leads back to where it
 * connected from; a form of the user's changes nothing; everything else goes on.
 */
export const noticeLostConnection: RequestHandler = async (req, res, next) => {
  const lost = req.session.signedIn?.lostConnection;
  if (!lost) return next();
  const cameFrom = await leaveLostConnection(dbOf(req), lost.id);
  const text = `Your connection to ${lost.name} has ended.`;
  const isForm = req.method === 'POST' && isOfSubject(req);
  if (isForm) throw new Refused(`${text} Nothing was changed.`);
  if (!isOfSubject(req) && req.path !== '/disconnect') {
    req.session.flash ??= { text, tone: 'bad' };
    return next();
  }
  if (!isPart(req)) return done(req, res, cameFrom, text, { tone: 'bad' });
  req.session.flash = { text, tone: 'bad' };
  res.setHeader('HX-Redirect', cameFrom);
  res.status(200).end();
};

/**
 * A form under /my says whose it is: Refused when the administrator who sends it is connected to somebody else since it was opened,
 * or to nobody, or is none any more. Asked before its token, which is a new one after every connecting: this says what has happened.
 */
export const sameSubject: RequestHandler = (req, _res, next) => {
  const { actor } = req;
  if (req.method !== 'POST' || !isOfSubject(req) || !actor) return next();
  const subject = req.body?.subject;
  const isAdministrator = actor.profile === 'administrator';
  if (isAdministrator && !actor.connection)
    throw new Refused('You are not connected to a user any more, so nothing was changed. Connect again to go on.');
  const isSame = subject === String(subjectOf(actor).id) || (!isAdministrator && subject === undefined);
  if (isSame) return next();
  const now = actor.connection ? ` Now you are connected to ${actor.connection.user.name}.` : '';
  throw new Refused(
    `This form belongs to somebody else’s sections: the connection has changed since it was opened.${now} Nothing was changed.`,
  );
};

/**
 * A page that was opened under another connection, or under none, is asked for as a whole when it wants a part: else a list of one
 * user's would stand below the name of another.
 */
export const sameConnection: RequestHandler = (req, res, next) => {
  const { actor } = req;
  const shown = req.get('roster-connection');
  const isChanged = actor && shown && shown !== String(actor.connection?.id ?? 'none');
  if (!isChanged || req.method !== 'GET' || !isPart(req)) return next();
  res.setHeader('HX-Refresh', 'true');
  res.status(200).end();
};

const isOfSubject = ({ path }: Request) => /^\/my(\/|$)/.test(path);

async function form(req: Request, res: Response, errors: Record<string, string> = {}): Promise<void> {
  const user = await findUser(dbOf(req), String(req.params.username));
  assertConnectable(actorOf(req), user);
  const { connectionReason, connectionMinutes, connectionProof, connectionTold } = await readSettings(dbOf(req));
  await page(req, res, 'connection/connect', {
    title: `Connect to ${user.name}`,
    section: 'users',
    user,
    errors,
    values: typedAgain(req.body),
    returnTo: cameFromAt(req, user.username),
    connectionReason,
    connectionMinutes,
    connectionProof,
    connectionTold,
    connectedTo: actorOf(req).connection?.user ?? null,
  });
}
