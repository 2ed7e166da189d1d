import { countRows, type Db, type Trx } from '../ground/database.ts';
import type { Belonging } from '../users/belongings.ts';
import { idsOf } from '../users/user.ts';
import { isPaid } from './allowance.ts';
import { reckonLasting } from './lasting.ts';
import type { Placed } from './period.ts';

/** The last period of a tariff that a user has paid, over or not; null when none is. */
export async function lastPeriodOrNull(db: Db, of: Of): Promise<(Placed & { id: number; startsAt: Date; endsAt: Date }) | null> {
  const last = await db('payments').where(of).whereRaw(isPaid).orderBy('endsAt', 'desc').first();
  return last ?? null;
}

export type Of = { userId: number; tariffId: number };

/** Whether a tariff renews itself for a user. */
export const isRenewing = async (db: Db, of: Of): Promise<boolean> =>
  (await db('renewals').where(of).first('userId')) !== undefined;

/** Lets the last paid period of a tariff renew itself at this price, or moves the renewal there; the user is held. */
export async function putRenewal(trx: Trx, of: Of, priceMinor: number): Promise<void> {
  const last = await lastPeriodOrNull(trx, of);
  if (!last) return;
  const { endsAt, anchorAt, nth } = last;
  await trx('renewals')
    .insert({ ...of, endsAt, anchorAt, nth, priceMinor })
    .onConflict(['userId', 'tariffId'])
    .merge(['endsAt', 'anchorAt', 'nth', 'priceMinor']);
  await reckonLasting(trx, of.userId);
}

/** Ends a renewal of a user who is held; says whether there was one. */
export async function dropRenewal(trx: Trx, of: Of): Promise<boolean> {
  const dropped = await trx('renewals').where(of).delete();
  await reckonLasting(trx, of.userId);
  return dropped > 0;
}

/** What renews itself for a user ends when it is deleted, and does not come back: it is asked again. */
export const renewalBelonging: Belonging = {
  noun: ['renewal of a tariff', 'renewals of tariffs'],
  count: (db, users) => countRows(db('renewals').whereRaw('user_id = any(?)', [idsOf(users)])),
  end: async (trx, users) => {
    await trx('renewals')
      .whereRaw('user_id = any(?)', [idsOf(users)])
      .delete();
    await trx('users')
      .whereRaw('id = any(?) and lasts_until is not null', [idsOf(users)])
      .update({ lastsUntil: null });
  },
};
