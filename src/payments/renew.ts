import { setTimeout } from 'node:timers/promises';
import { system } from '../access/actor.ts';
import type { Db, Trx } from '../ground/database.ts';
import { enqueueLetter } from '../mail/letters.ts';
import { putRenewal } from '../tariffs/renewals.ts';
import { keepTariff } from '../tariffs/tariff.ts';
import { holdUser } from '../users/user.ts';
import { money } from '../web/figures.ts';
import { momentIn } from '../web/time.ts';
import { type Due, dueOf, type Reason, takeDue } from './due.ts';
import { nextKey } from './next.ts';
import { buy } from './pay.ts';
import { steps } from './steps.ts';

const clock = system('renewals');

/** Between two chunks, so that whoever waits for one of their users gets it. */
const breathMs = 5;

/**
 * Does what is due with renewals: ends those of what is not offered any more, tells of prices, gives notice, pays, and tells whom the
 * balance fails. May run as often and in as many processes as you like: a chunk is one transaction that holds its users, and what a
 * killed process had begun is begun again by the next. `currency` as amounts in letters are written.
 */
export async function renewTariffs(db: Db, currency: string): Promise<void> {
  const toldOf = steps(currency);
  await inChunks(db, 'off', toldOf.off);
  await inChunks(db, 'unfit', toldOf.unfit);
  await inChunks(db, 'price', toldOf.price);
  await inChunks(db, 'soon', toldOf.soon);
  await inChunks(db, 'payment', (trx, due) => payAll(trx, due, currency));
  await inChunks(db, 'failed', toldOf.failed);
  await inChunks(db, 'stale', toldOf.stale);
}

/** Until nothing is due any more; each chunk ends what it was due for, so that it is not found again. */
async function inChunks(db: Db, reason: Reason, work: (trx: Trx, due: Due[]) => Promise<void>): Promise<void> {
  const once = async (trx: Trx) => {
    const due = await takeDue(trx, reason);
    if (due.length > 0) await work(trx, due);
    return due.length;
  };
  while ((await db.transaction(once)) > 0) await setTimeout(breathMs);
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
