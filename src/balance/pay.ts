import type { Doer } from '../access/actor.ts';
import { assertCan } from '../access/can.ts';
import type { Db, Trx } from '../ground/database.ts';
import { Refused } from '../ground/errors.ts';
import { record } from '../history/record.ts';
import { isPaid } from '../tariffs/allowance.ts';
import { findTariff, type Tariff } from '../tariffs/tariff.ts';
import { assertLive, holdUser, type User } from '../users/user.ts';
import { append } from './ledger.ts';

export type Payment = {
  username: string;
  tariffId: number;
  /** Any UUID, made with the form. */
  idempotencyKey: string;
};

/** A period that was bought. */
export type Bought = { tariff: Tariff; user: User; startsAt: Date; endsAt: Date };

/**
 * Buys one period of a tariff from the user's balance: from now, or from where the period that runs ends. The same key again buys
 * nothing. Throws Refused when the balance does not suffice, the tariff is not for this user, or it owns more things than it allows.
 */
export async function payTariff(db: Db, by: Doer, { username, tariffId, idempotencyKey }: Payment): Promise<Bought> {
  return db.transaction(async (trx) => {
    const user = await holdUser(trx, username);
    if (by.id !== user.id) assertCan(by, 'pay tariffs');
    assertLive(user);
    return buy(trx, by, user, { tariff: await findTariff(trx, tariffId), key: idempotencyKey });
  });
}

/** The same within a transaction that holds the user. */
export async function buy(trx: Trx, by: Doer, user: User, { tariff, key }: { tariff: Tariff; key: string }): Promise<Bought> {
  const entry = { kind: 'payment', amountMinor: -tariff.priceMinor, note: tariff.name, key } as const;
  const earlier = await trx('transactions').where({ userId: user.id, idempotencyKey: key }).first('id');
  if (!earlier) await assertBuyable(trx, user, tariff);
  const { transaction, isRepeat } = await append(trx, by, user, entry);
  if (isRepeat) return { tariff, user, ...(await trx('payments').where({ transactionId: transaction.id }).first()) };
  const [period] = await trx('payments')
    .insert({
      transactionId: transaction.id,
      userId: user.id,
      tariffId: tariff.id,
      mostThings: tariff.mostThings,
      startsAt: trx.raw('greatest(now(), ?::timestamptz)', [await endOfRunning(trx, user.id, tariff.id)]),
      endsAt: trx.raw('greatest(now(), ?::timestamptz) + ?::interval', [
        await endOfRunning(trx, user.id, tariff.id),
        `1 ${tariff.period}`,
      ]),
    })
    .returning('*');
  const facts = { transaction: transaction.id, tariff: tariff.name, priceMinor: tariff.priceMinor, until: period.endsAt };
  await record(trx, by, 'tariff.paid', user, { facts });
  return { tariff, user, startsAt: period.startsAt, endsAt: period.endsAt };
}

async function assertBuyable(trx: Trx, user: User, tariff: Tariff): Promise<void> {
  if (!tariff.isActive) throw new Refused(`${tariff.name} is not offered any more.`);
  if (tariff.forType !== 'everybody' && tariff.forType !== user.userType)
    throw new Refused(`${tariff.name} is not for this kind of user.`);
  const { things } = await trx('users').where({ id: user.id }).first('things');
  if (tariff.mostThings !== null && things > tariff.mostThings)
    throw new Refused(`${tariff.name} allows ${tariff.mostThings} things; ${user.name} owns ${things}.`);
}

/** Where the last paid period of a tariff ends, or null when none is paid. */
async function endOfRunning(trx: Trx, userId: number, tariffId: number): Promise<Date | null> {
  const row = await trx('payments').where({ userId, tariffId }).whereRaw(isPaid).max({ endsAt: 'endsAt' }).first();
  return row?.endsAt ?? null;
}
