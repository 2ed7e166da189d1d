import type { Doer } from '../access/actor.ts';
import { append, type Transaction } from '../balance/ledger.ts';
import type { Db, Trx } from '../ground/database.ts';
import { Invalid, Refused } from '../ground/errors.ts';
import { record } from '../history/record.ts';
import { runningTariffs, sumOf } from '../tariffs/allowance.ts';
import { isRenewing, putRenewal } from '../tariffs/renewals.ts';
import { isFor, keepTariff, type Tariff } from '../tariffs/tariff.ts';
import { assertLive, holdUser, type User } from '../users/user.ts';
import { nextPeriod } from './next.ts';
import { assertPays } from './payer.ts';
import { turnRenewal } from './renewal.ts';

export type Payment = {
  username: string;
  tariffId: number;
  /** The tariff's number of saves when its price was shown; absent where nobody was shown one. */
  version?: number;
  /** Whether it renews itself from now on; absent: as it was. */
  renews?: boolean;
  /** Any UUID, made with the form. */
  idempotencyKey: string;
};

/** A period that was bought, now or before under the same key. */
export type Bought = { tariff: Tariff; user: User; startsAt: Date; endsAt: Date; isRepeat: boolean };

/** The balance does not suffice; by how much. */
export class Short extends Refused {
  missingMinor: number;
  constructor(missingMinor: number) {
    super('The balance does not suffice.');
    this.missingMinor = missingMinor;
  }
}

/**
 * Buys one period of a tariff from the user's balance: from now, or from where what is paid already ends. The same key again buys
 * nothing. Throws Short, and Refused when the tariff was changed since, is not for this user, or allows fewer things than it owns.
 */
export async function payTariff(
  db: Db,
  by: Doer,
  { username, tariffId, version, renews, idempotencyKey }: Payment,
): Promise<Bought> {
  return db.transaction(async (trx) => {
    const user = await holdUser(trx, username);
    assertPays(by, user);
    assertLive(user);
    const tariff = await keepTariff(trx, tariffId);
    const earlier = await trx('transactions').where({ userId: user.id, idempotencyKey }).first();
    if (earlier) return boughtBefore(trx, earlier, { tariff, user });
    if (version !== undefined && version !== tariff.version)
      throw new Refused(`${tariff.name} has been changed since this page was opened. This is how it is now.`);
    await assertBuyable(trx, user, tariff);
    const bought = await buy(trx, by, user, { tariff, priceMinor: tariff.priceMinor, key: idempotencyKey, act: 'tariff.paid' });
    await settleRenewal(trx, by, user, { tariff, renews });
    return bought;
  });
}

/** The first time counted, whatever has become of the price since; a payment that was taken back is not made again unasked. */
async function boughtBefore(trx: Trx, { id }: Transaction, { tariff, user }: { tariff: Tariff; user: User }): Promise<Bought> {
  const period = await trx('payments').where({ transactionId: id, tariffId: tariff.id }).first();
  if (!period)
    throw new Invalid({ '': 'This form has been sent before with something else in it. Open it again, then send it.' });
  const isCancelled = await trx('transactions').where({ cancels: id }).first('id');
  if (isCancelled) throw new Refused('This payment has been made and cancelled since this page was opened.');
  return { tariff, user, startsAt: period.startsAt, endsAt: period.endsAt, isRepeat: true };
}

async function assertBuyable(trx: Trx, user: User, tariff: Tariff): Promise<void> {
  if (!tariff.isActive) throw new Refused(`${tariff.name} is not offered any more.`);
  if (!isFor(tariff, user)) throw new Refused(`${tariff.name} is not for this kind of user.`);
  const others = (await runningTariffs(trx, user.id)).filter(({ tariffId }) => tariffId !== tariff.id);
  const allowed = sumOf([...others.map(({ mostThings }) => mostThings), tariff.mostThings]);
  if (allowed !== null && user.things > allowed)
    throw new Refused(`With ${tariff.name} ${allowed} things are allowed, and there are ${user.things}. Delete some first.`);
}

type Purchase = { tariff: Tariff; priceMinor: number; key: string; act: 'tariff.paid' | 'tariff.renewed' };

/** Buys the next period at a price, within a transaction that holds user and tariff. Throws Short. */
export async function buy(trx: Trx, by: Doer, user: User, { tariff, priceMinor, key, act }: Purchase): Promise<Bought> {
  if (user.balanceMinor < priceMinor) throw new Short(priceMinor - user.balanceMinor);
  const period = await nextPeriod(trx, user.id, tariff);
  const { transaction } = await append(trx, by, user, { kind: 'payment', amountMinor: -priceMinor, note: tariff.name, key });
  const { id: tariffId, mostThings } = tariff;
  await trx('payments').insert({ transactionId: transaction.id, userId: user.id, tariffId, mostThings, ...period });
  const facts = { transaction: transaction.id, name: tariff.name, priceMinor, from: period.startsAt, until: period.endsAt };
  await record(trx, by, act, user, { facts });
  return { tariff, user, startsAt: period.startsAt, endsAt: period.endsAt, isRepeat: false };
}

/** What renews itself goes on from the new end, at the price that was just paid; what was chosen with the payment is part of it. */
async function settleRenewal(
  trx: Trx,
  by: Doer,
  user: User,
  { tariff, renews }: { tariff: Tariff; renews: boolean | undefined },
) {
  const of = { userId: user.id, tariffId: tariff.id };
  const wasOn = await isRenewing(trx, of);
  if ((renews ?? wasOn) !== wasOn) await turnRenewal(trx, by, user, { tariff, renews: !wasOn });
  else if (wasOn) await putRenewal(trx, of, tariff.priceMinor);
}
