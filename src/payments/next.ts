import { keyFor } from '../balance/ledger.ts';
import type { Db } from '../ground/database.ts';
import { clock } from '../ground/database.ts';
import { endOf, type Period, type Placed } from '../tariffs/period.ts';
import { lastPeriodOrNull } from '../tariffs/renewals.ts';

/** A period to be paid: what follows one that has not ended keeps its place in the row, anything else begins a new one now. */
export type NextPeriod = Placed & { startsAt: Date; endsAt: Date };

/** The period that the next payment of a tariff buys. */
export async function nextPeriod(db: Db, userId: number, tariff: { id: number; period: Period }): Promise<NextPeriod> {
  const last = await lastPeriodOrNull(db, { userId, tariffId: tariff.id });
  const now = await clock(db);
  const follows = last !== null && last.endsAt > now && last.period === tariff.period;
  const placed = follows
    ? { anchorAt: last.anchorAt, nth: last.nth + 1, period: tariff.period }
    : { anchorAt: last && last.endsAt > now ? last.endsAt : now, nth: 1, period: tariff.period };
  return { ...placed, startsAt: follows ? last.endsAt : placed.anchorAt, endsAt: endOf(placed) };
}

/**
 * The key of the next payment of a tariff by a user: the same in every tab and for everybody who pays it, until one of them has. So
 * whatever is pressed twice pays once.
 */
export async function nextKey(db: Db, purpose: 'pay' | 'renew', of: { userId: number; tariffId: number }): Promise<string> {
  const last = await db('payments').where(of).max({ id: 'id' }).first();
  return keyFor(purpose, of.userId, of.tariffId, last?.id ?? 0);
}
