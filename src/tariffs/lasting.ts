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
  const rows: Row[] = await withRenewals(trx, userId);
  if (!rows[0]) return;
  const { balanceMinor, lastsUntil: known } = rows[0];
  const until = lastsUntil(balanceMinor, rows.filter(isRenewing));
  if (until?.getTime() !== known?.getTime()) await trx('users').where({ id: userId }).update({ lastsUntil: until });
}

/** The user beside each of its renewals, or beside none. */
type Row = { balanceMinor: number; lastsUntil: Date | null } & (Renewing | { endsAt: null });

const isRenewing = (row: Row): row is Row & Renewing => row.endsAt !== null;

const withRenewals = (db: Db, userId: number) =>
  db('users as u')
    .leftJoin('renewals as r', 'r.userId', 'u.id')
    .leftJoin('tariffs as t', 't.id', 'r.tariffId')
    .where('u.id', userId)
    .orderBy('r.tariffId')
    .select('u.balanceMinor', 'u.lastsUntil', 'r.endsAt', 'r.anchorAt', 'r.nth', 'r.priceMinor', 't.period');
