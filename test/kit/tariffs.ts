import { randomUUID } from 'node:crypto';
import type { Actor } from '../../src/access/actor.ts';
import type { Db } from '../../src/ground/database.ts';
import { payTariff } from '../../src/payments/pay.ts';
import { renewTariffs } from '../../src/payments/renew.ts';
import type { Tariff } from '../../src/tariffs/tariff.ts';

/** Puts a tariff there: €5.00 a month unless told otherwise. */
export async function giveTariff(db: Db, values: Partial<Tariff> = {}): Promise<Tariff> {
  const [tariff] = await db('tariffs')
    .insert({ name: 'Fleet', priceMinor: 500, period: 'month', ...values })
    .returning('*');
  return tariff;
}

/** Pays one period, by a form that is sent once. */
export const pay = (db: Db, by: Actor, tariff: Pick<Tariff, 'id'>, more: { renews?: boolean; idempotencyKey?: string } = {}) =>
  payTariff(db, by, {
    username: by.connection?.user.username ?? by.username,
    tariffId: tariff.id,
    idempotencyKey: randomUUID(),
    ...more,
  });

/** Moves all that was paid into the past, as if so much time had gone by. The books of a story can be altered; those of a console cannot. */
export async function letTimePass(db: Db, span: string): Promise<void> {
  const back = (...names: string[]) =>
    Object.fromEntries(
      names.map((name) => [
        name,
        db.raw('?? - ?::interval', [name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`), span]),
      ]),
    );
  await db.raw('alter table payments disable trigger payments_are_kept');
  await db('payments').update(back('startsAt', 'endsAt', 'anchorAt'));
  await db.raw('alter table payments enable trigger payments_are_kept');
  await db('renewals').update(back('endsAt', 'anchorAt', 'noticedFor', 'failedFor'));
}

/** The worker comes by. */
export const renew = (db: Db) => renewTariffs(db, 'EUR');

/** The periods of a user as days from now, those taken back left out. */
export async function periodsOf(db: Db, userId: number): Promise<{ startsAt: Date; endsAt: Date }[]> {
  return db('payments')
    .where({ userId })
    .whereNotExists(db('transactions as c').whereRaw('c.cancels = payments.transaction_id'))
    .orderBy('startsAt')
    .select('startsAt', 'endsAt');
}
