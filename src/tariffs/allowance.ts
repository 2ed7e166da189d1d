import type { Db, Trx } from '../ground/database.ts';
import { Refused } from '../ground/errors.ts';

/** A payment that holds: its transaction has not been taken back. */
export const isPaid = 'not exists (select from transactions c where c.cancels = payments.transaction_id)';

/** The periods that a user has paid for and that run at this moment, with their tariffs' names. */
export type Running = { tariffId: number; name: string; startsAt: Date; endsAt: Date; mostThings: number | null };

export const runningTariffs = (db: Db, userId: number): Promise<Running[]> =>
  db('payments')
    .join('tariffs', 'tariffs.id', 'payments.tariffId')
    .where({ userId })
    .whereRaw(`payments.starts_at <= now() and payments.ends_at > now() and ${isPaid}`)
    .orderBy('payments.endsAt')
    .select('payments.tariffId', 'tariffs.name', 'payments.startsAt', 'payments.endsAt', 'payments.mostThings');

/** How many things a user may own: what its present tariffs add up to; null where none limits it. */
export async function thingsAllowed(db: Db, userId: number): Promise<number | null> {
  const limits = (await runningTariffs(db, userId)).map(({ mostThings }) => mostThings);
  if (limits.length === 0 || limits.includes(null)) return null;
  return limits.reduce<number>((sum, limit) => sum + (limit ?? 0), 0);
}

/** Throws Refused when a user, who is held, would own more than its tariffs allow. */
export async function assertAllowance(trx: Trx, user: { id: number; name: string; things: number }, more: number): Promise<void> {
  const allowed = await thingsAllowed(trx, user.id);
  if (allowed !== null && user.things + more > allowed)
    throw new Refused(`The tariff of ${user.name} allows ${allowed} things, and there are ${user.things} already.`);
}
