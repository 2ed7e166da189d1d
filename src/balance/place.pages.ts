import type { Request } from 'express';
import { can } from '../access/can.ts';
import { NotFound } from '../ground/errors.ts';
import type { Place } from '../users/holder.pages.ts';
import type { User } from '../users/user.ts';
import { actorOf } from '../web/context.ts';

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
