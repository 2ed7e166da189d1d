import type { Request } from 'express';
import { subjectOf } from '../access/actor.ts';
import { actorOf, dbOf } from '../web/context.ts';
import { findUser, type User } from './user.ts';

/** Where something of a user's is shown: among its pages, or under /my as the subject's own. */
export type Place = 'user' | 'my';

/** Whose it is. */
export const holderAt = (req: Request, place: Place): Promise<User> =>
  findUser(dbOf(req), place === 'my' ? subjectOf(actorOf(req)).username : String(req.params.username));
