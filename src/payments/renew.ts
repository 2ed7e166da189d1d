import { system } from '../access/actor.ts';
import type { Db, Trx } from '../ground/database.ts';
import { enqueueLetter } from '../mail/letters.ts';
import { putRenewal } from '../tariffs/renewals.ts';
import { keepTariff } from '../tariffs/tariff.ts';
import { holdUser } from '../users/user.ts';
import { money } from '../web/figures.ts';
import { momentIn } from '../web/time.ts';
import { inChunks, type Work } from './chunks.ts';
import { type Due, dueOf, type Reason } from './due.ts';
import { nextKey } from './next.ts';
import { buy } from './pay.ts';
import { steps } from './steps.ts';

const clock = system('renewals');

/**
 * Does what is due with renewals: ends those of what is not offered any more, tells of prices, gives notice, pays, and tells whom the
 * balance fails. May run as often and in as many processes as you like: a chunk is one transaction that holds its users, and what a
 * killed process had begun is begun again by the next. `currency` as amounts in letters are written. What fails is thrown at the end, when
 * all the others are done.
 */
export async function renewTariffs(db: Db, currency: string): Promise<void> {
  const { off, unfit, price, soon, failed, stale } = steps(currency);
  const payment: Work = (trx, due) => payAll(trx, due, currency);
  const failures: unknown[] = [];
  for (const [reason, work] of Object.entries({ off, unfit, price, soon, payment, failed, stale }))
    failures.push(...(await inChunks(db, reason as Reason, work)));
  if (failures.length > 0) throw new AggregateError(failures, `Some renewals failed, the first one: ${failures[0]}`);
}

/** One after the other: what the first payment leaves of a balance decides on the next. */
async function payAll(trx: Trx, due: Due[], currency: string): Promise<void> {
  for (const { userId, tariffId } of due) {
    const still = (await dueOf(trx, 'payment', [userId])).find((one) => one.tariffId === tariffId);
    if (still) await renew(trx, still, currency);
  }
}

/** Pays the next period at the price that was told; once for each period, whoever comes. */
async function renew(trx: Trx, due: Due, currency: string): Promise<void> {
  const { userId, tariffId, priceMinor } = due;
  const of = { userId, tariffId };
  const [user, tariff] = [await holdUser(trx, due.username), await keepTariff(trx, tariffId)];
  const key = await nextKey(trx, 'renew', of);
  const { startsAt, endsAt } = await buy(trx, clock, user, { tariff, priceMinor, key, act: 'tariff.renewed' });
  await putRenewal(trx, of, priceMinor);
  const moment = momentIn(user.timeZone);
  await enqueueLetter(trx, {
    kind: 'renewed',
    user,
    data: {
      tariff: tariff.name,
      price: money(priceMinor, currency),
      from: moment(startsAt),
      until: moment(endsAt),
      balance: money(user.balanceMinor - priceMinor, currency),
    },
  });
}
