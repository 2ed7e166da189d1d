import type { Request, RequestHandler } from 'express';
import session from 'express-session';
import type { Actor } from '../access/actor.ts';
import { keyed, randomToken } from '../ground/secrets.ts';
import { type Context, contextOf } from './context.ts';

/** A message for the next page; `undo` is where its button posts to, for one `row` of a list; `sealed` is shown once and lies encrypted until then. */
export type Flash = { text: string; tone?: 'ok' | 'bad'; undo?: string; row?: string; label?: string; sealed?: string };

export type SignedIn = {
  actor: Actor;
  /** The connection that has ended since the last request: of itself, or because one of both may no more. */
  lostConnection: { id: number; name: string } | null;
  secondsIdle: number;
  theme: string;
  timeZone: string;
  listColumns: string[] | null;
  /** What can prove who it is beside the password. */
  hasApp: boolean;
  hasPasskeys: boolean;
  /** Whether there is any saved view, an own one or a shared one: most lists have none to ask for. */
  hasViews: boolean;
  /** How many notifications the actor has not read, and while connected the subject; counted no further than the bell shows. */
  unread: number;
  subjectUnread: number | null;
  /** The notification that stands above the page until it is read. */
  banner: { id: number; title: string } | null;
};

declare module 'express-session' {
  interface SessionData {
    csrfSecret: string;
    signedIn?: SignedIn;
    flash?: Flash | null;
  }
}

/** Where signed-in sessions live. Nothing here can create a session: only signing in does, in its own transaction. */
export type SessionKeeper = {
  find(sid: string): Promise<{ signedIn: SignedIn; flash: Flash | null } | null>;
  saveFlash(sid: string, flash: Flash | null): Promise<void>;
  markSeen(sid: string): Promise<void>;
  end(sid: string): Promise<void>;
};

/** How long a session may go unmarked: one write a minute, not one a request. */
const secondsBetweenMarks = 60;

/**
 * The session of express-session over rows that only signing in makes. A visitor who is not signed in has no row at all:
 * the signed cookie alone carries the id from which the CSRF secret is derived, so a flood of visits leaves nothing behind.
 */
export function sessions(context: Context, keeper: SessionKeeper): RequestHandler[] {
  const { isSecure } = context.config;
  const handler = session({
    name: isSecure ? '__Host-roster' : 'roster',
    secret: [...context.secrets],
    store: storeOver(keeper, context.secrets[0]),
    genid: (req) => (req as Request).nextSid ?? newSid(),
    resave: false,
    saveUninitialized: false,
    rolling: false,
    proxy: isSecure || undefined,
    cookie: { httpOnly: true, sameSite: 'lax', path: '/', secure: isSecure },
  });
  return isSecure ? [encryptedByProxy, handler] : [handler];
}

/** express-session sends no Secure cookie over what looks plain; BASE_URL, not a proxy's header, says what browsers see. */
const encryptedByProxy: RequestHandler = (req, _res, next) => {
  req.headers['x-forwarded-proto'] = 'https';
  next();
};

/** Gives every session the CSRF secret that belongs to its id. */
export const csrfSecrets =
  (context: Context): RequestHandler =>
  (req, _res, next) => {
    req.session.csrfSecret ??= csrfSecret(context.secrets[0], req.sessionID);
    next();
  };

/** The same person continues under another session id, whose row the caller has just written; the old id is dead. */
export async function adoptSession(req: Request, sid: string): Promise<void> {
  const { signedIn } = req.session;
  await renewSession(req, sid);
  req.session.signedIn = signedIn;
}

/** Continues under a new id, as a visitor unless its row has just been written; a signed-in session's old row is gone. */
export async function renewSession(req: Request, sid = newSid()): Promise<void> {
  req.nextSid = sid;
  await new Promise<void>((resolve, reject) => req.session.regenerate((error) => (error ? reject(error) : resolve())));
  req.session.csrfSecret = csrfSecret(contextOf(req).secrets[0], req.sessionID);
}

/** Writes the session now: a browser follows a redirect before express-session has saved at the end of the answer. */
export const saveSession = (req: Request): Promise<void> =>
  new Promise((resolve, reject) => req.session.save((error) => (error ? reject(error) : resolve())));

export const newSid = randomToken;

const csrfSecret = (secret: string, sid: string) => keyed(secret, 'csrf', sid).toString('base64url');

function storeOver(keeper: SessionKeeper, secret: string): session.Store {
  const store: Pick<session.Store, 'get' | 'set' | 'touch' | 'destroy'> = {
    get: (sid, done) => answer(done, async () => inflate(sid, await keeper.find(sid))),
    set: (sid, { flash }, done) => answer(done, async () => void (flash !== undefined && (await keeper.saveFlash(sid, flash)))),
    touch: (sid, data, done) => answer(done, async () => void (isDue(data) && (await keeper.markSeen(sid)))),
    destroy: (sid, done) => answer(done, () => keeper.end(sid)),
  };
  const inflate = (sid: string, found: Awaited<ReturnType<SessionKeeper['find']>>) =>
    ({
      cookie: { path: '/', httpOnly: true, originalMaxAge: null },
      csrfSecret: csrfSecret(secret, sid),
      ...found,
    }) as session.SessionData;
  const base: session.Store = Reflect.construct(session.Store, []); // Abstract by its types alone; it has no methods but those that we bring.
  return Object.assign(base, store);
}

const isDue = (data: session.SessionData) => (data.signedIn?.secondsIdle ?? 0) >= secondsBetweenMarks;

function answer<T>(done: ((error?: unknown, value?: T) => void) | undefined, work: () => Promise<T>): void {
  work().then(
    (value) => done?.(null, value),
    (error) => done?.(error),
  );
}
