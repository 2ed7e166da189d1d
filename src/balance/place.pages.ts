import type { Request } from 'express';
import { subjectOf } from '../access/actor.ts';
import { can } from '../access/can.ts';
import { NotFound } from '../ground/errors.ts';
import { findUser, type User } from '../users/user.ts';
import { actorOf, dbOf } from '../web/context.ts';

/** Where a balance is shown: on a user's page, or under /my as the subject's own. */
export type Place = 'user' | 'my';

/** Whose balance it is. */
export const holderAt = (req: Request, place: Place): Promise<User> =>
  findUser(dbOf(req), place === 'my' ? subjectOf(actorOf(req)).username : String(req.params.username));

export const balancePath = (place: Place, user: Pick<User, 'username'>) =>
  place === 'my' ? '/my/balance' : `/users/${user.username}/balance`;

/** Where a transaction is taken back. */
export const cancelPathOf =
  (place: Place, { username }: Pick<User, 'username'>) =>
  (id: number) =>
    place === 'my' ? `/my/balance/transactions/${id}/cancel` : `/users/${username}/transactions/${id}/cancel`;

/** What the actor may do with this balance; while connected to look only nothing. */
export function mayWith(req: Request, user: User) {
  const actor = actorOf(req);
  const isLive = user.deletedAt === null;
  return { refill: isLive && can(actor, 'refill balance', user), cancel: isLive && can(actor, 'cancel transaction', user) };
}

export function idOf(value: number | null): number {
  if (value === null) throw new NotFound('There is no such transaction.');
  return value;
}
