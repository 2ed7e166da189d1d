import type { Request, RequestHandler, Response } from 'express';
import { z } from 'zod';
import { Invalid } from '../ground/errors.ts';
import { oneOf, text } from '../ground/fields.ts';
import { readSettings } from '../settings/settings.ts';
import { wayBack } from '../users/back.pages.ts';
import { findUser } from '../users/user.ts';
import { actorOf, dbOf } from '../web/context.ts';
import { readForm, typedAgain } from '../web/form.ts';
import { done, page } from '../web/page.ts';
import { adoptSession, newSid } from '../web/session.ts';
import { assertConnectable, connect } from './connect.ts';
import { disconnect, endLostConnection } from './end.ts';

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
      const cameFrom = wayBack(req, `/users/${username}`);
      const user = await connect(dbOf(req), actorOf(req), { username, mode, reason, cameFrom, sid });
      await adoptSession(req, sid);
      await done(req, res, '/my', `You are connected to ${user.name}.`);
    } catch (error) {
      if (!(error instanceof Invalid)) throw error;
      await form(req, res.status(422), error.fields);
    }
  };

/** Ends the connection, from whatever page; whoever is not connected is told so. */
export const postDisconnect: RequestHandler = async (req, res) => {
  const sid = newSid();
  const ended = await disconnect(dbOf(req), actorOf(req), sid);
  if (!ended) return done(req, res, '/users', 'You were not connected any more.');
  await adoptSession(req, sid);
  await done(req, res, ended.cameFrom, `Disconnected from ${ended.user.username}.`);
};

/** A connection that has ended by itself is recorded, and the administrator told on the next page. */
export const noticeLostConnection: RequestHandler = async (req, _res, next) => {
  const lost = req.session.signedIn?.lostConnection;
  if (!lost) return next();
  await endLostConnection(dbOf(req), lost.id);
  req.session.flash ??= { text: `Your connection to ${lost.name} has ended.`, tone: 'bad' };
  next();
};

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
    returnTo: wayBack(req, `/users/${user.username}`),
    connectionReason,
    connectionMinutes,
    connectionProof,
    connectionTold,
    connectedTo: actorOf(req).connection?.user ?? null,
  });
}
