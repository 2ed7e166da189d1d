import type { Db, Trx } from '../ground/database.ts';
import { endOf, type Placed } from './period.ts';

/** What renews itself: paid until when, and the price of its next periods in minor units. */
export type Renewing = Placed & { endsAt: Date; priceMinor: number };

/** Farther ahead nobody knows what things cost. */
const mostYears = 10;

/**
 * Until when a balance, in minor units, pays what renews itself: the end of the first period after which it does not suffice any
 * more. Null where nothing renews, and where it suffices for ten years.
 */
export function lastsUntil(balanceMinor: number, renewing: readonly Renewing[]): Date | null {
  const next = renewing.map((one) => ({ ...one }));
  let left = balanceMinor;
  let horizon: number | null = null;
  for (;;) {
    const first = next.toSorted((a, b) => a.endsAt.getTime() - b.endsAt.getTime())[0];
    if (!first) return null;
    horizon ??= new Date(first.endsAt).setUTCFullYear(first.endsAt.getUTCFullYear() + mostYears);
    if (first.endsAt.getTime() > horizon) return null;
    left -= first.priceMinor;
    if (left < 0) return first.endsAt;
    first.nth += 1;
    first.endsAt = endOf(first);
  }
}

/**
 * Keeps `users.lasts_until` right: for whoever has changed a balance, a renewal or its price, in the same transaction, with the user
 * held.
 */
export async function reckonLasting(trx: Trx, userId: number): Promise<void> {
  const user = await trx('users').where({ id: userId }).first('balanceMinor', 'lastsUntil');
  if (!user) return;
  const until = lastsUntil(user.balanceMinor, await renewingOf(trx, userId));
  if (until?.getTime() !== user.lastsUntil?.getTime()) await trx('users').where({ id: userId }).update({ lastsUntil: until });
}

const renewingOf = (db: Db, userId: number): Promise<Renewing[]> =>
  db('renewals')
    .join('tariffs', 'tariffs.id', 'renewals.tariffId')
    .where({ userId })
    .orderBy('renewals.tariffId')
    .select('renewals.endsAt', 'renewals.anchorAt', 'renewals.nth', 'renewals.priceMinor', 'tariffs.period');
