import type { Doer } from '../access/actor.ts';
import { can } from '../access/can.ts';
import type { Db, Trx } from '../ground/database.ts';
import { Refused } from '../ground/errors.ts';
import type { User } from '../users/user.ts';

/** A payment whose transaction has been taken back. */
export const isCancelled = 'exists (select from transactions c where c.cancels = payments.transaction_id)';

/** A payment that holds. */
export const isPaid = `not ${isCancelled}`;

/** A period that a user has paid for and that runs at this moment, with its tariff's name. */
export type Running = { tariffId: number; name: string; startsAt: Date; endsAt: Date; mostThings: number | null };

/** The periods that run for a user at this moment, the one that ends first at the top. */
export const runningTariffs = (db: Db, userId: number): Promise<Running[]> =>
  db('payments')
    .join('tariffs', 'tariffs.id', 'payments.tariffId')
    .where({ userId })
    .whereRaw(`payments.starts_at <= now() and payments.ends_at > now() and ${isPaid}`)
    .orderBy('payments.endsAt')
    .select('payments.tariffId', 'tariffs.name', 'payments.startsAt', 'payments.endsAt', 'payments.mostThings');

/** How many things limits add up to; null where there is none, or one of them knows no limit. */
export function sumOf(limits: readonly (number | null)[]): number | null {
  if (limits.length === 0 || limits.includes(null)) return null;
  return limits.reduce<number>((sum, limit) => sum + (limit ?? 0), 0);
}

/** How many things a user may own: what its present tariffs add up to; null where none limits it, so also without any tariff. */
export const thingsAllowed = async (db: Db, userId: number): Promise<number | null> =>
  sumOf((await runningTariffs(db, userId)).map(({ mostThings }) => mostThings));

/**
 * Throws Refused when a user, who is held, would own more things than its tariffs allow. Who sees no money is told the number, and
 * not where it comes from.
 */
export async function assertAllowance(trx: Trx, by: Doer, user: Pick<User, 'id' | 'name'>, more: number): Promise<void> {
  const allowed = await thingsAllowed(trx, user.id);
  if (allowed === null) return;
  const { things } = await trx('users').where({ id: user.id }).first('things');
  if (things + more <= allowed) return;
  const isOwn = by.id === user.id;
  const seesMoney = isOwn || by.id === null || can(by, 'see balance', user);
  const whose = isOwn ? 'Your tariffs allow' : seesMoney ? `The tariffs of ${user.name} allow` : `${user.name} may have`;
  throw new Refused(`${whose} ${allowed} ${allowed === 1 ? 'thing' : 'things'} at most, and there are ${things} already.`);
}
