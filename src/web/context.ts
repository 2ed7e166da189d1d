import type { Request } from 'express';
import type { Actor } from '../access/actor.ts';
import type { Config } from '../ground/config.ts';
import type { Db } from '../ground/database.ts';
import type { Log } from '../ground/log.ts';

/** What the application is made of; `owner` is the owning role's database, the same as `db` where there is one role. */
export type Context = {
  config: Config;
  db: Db;
  owner: Db;
  log: Log;
  /** Newest first: the first signs, all are accepted. */
  secrets: readonly [string, ...string[]];
};

declare global {
  namespace Express {
    interface Locals {
      nonce: string;
    }
    interface Request {
      actor: Actor | null;
      requestId: string;
      /** The id that the session gets when it is renewed. */
      nextSid?: string;
    }
  }
}

export const contextOf = (req: Request): Context => req.app.locals.context;
export const dbOf = (req: Request): Db => contextOf(req).db;

/** The signed-in user; only behind routes whose act is not open to visitors. */
export function actorOf(req: Request): Actor {
  if (!req.actor) throw new Error(`${req.path} has no actor`);
  return req.actor;
}
