import type { Doer } from '../access/actor.ts';
import { clock, type Db, type Trx } from '../ground/database.ts';
import { Refused } from '../ground/errors.ts';
import { record } from '../history/record.ts';
import { dropRenewal, isRenewing, lastPeriodOrNull, putRenewal } from '../tariffs/renewals.ts';
import { isFor, keepTariff, type Tariff } from '../tariffs/tariff.ts';
import { assertLive, holdUser, type User } from '../users/user.ts';
import { assertPays } from './payer.ts';

export type Choice = { username: string; tariffId: number; renews: boolean };

/**
 * Lets a tariff that runs renew itself, at its present price, or no longer. Choosing what is so already changes nothing. Throws
 * NotFound, and Refused to renew what does not run or is not offered any more: that is paid instead.
 */
export async function chooseRenewal(db: Db, by: Doer, { username, tariffId, renews }: Choice): Promise<Tariff> {
  return db.transaction(async (trx) => {
    const user = await holdUser(trx, username);
    assertPays(by, user);
    assertLive(user);
    const tariff = await keepTariff(trx, tariffId);
    if (renews === (await isRenewing(trx, { userId: user.id, tariffId }))) return tariff;
    if (renews) await assertRenewable(trx, user, tariff);
    await turnRenewal(trx, by, user, { tariff, renews });
    return tariff;
  });
}

/** Turns a renewal on, at the present price, or off, for whoever holds user and tariff and knows that it is the other way. */
export async function turnRenewal(trx: Trx, by: Doer, user: User, { tariff, renews }: { tariff: Tariff; renews: boolean }) {
  const of = { userId: user.id, tariffId: tariff.id };
  if (renews) await putRenewal(trx, of, tariff.priceMinor);
  else await dropRenewal(trx, of);
  await record(trx, by, renews ? 'tariff.renewal-on' : 'tariff.renewal-off', user, { facts: { name: tariff.name } });
}

async function assertRenewable(trx: Trx, user: User, tariff: Tariff): Promise<void> {
  if (!tariff.isActive || !isFor(tariff, user)) throw new Refused(`${tariff.name} is not offered any more.`);
  const last = await lastPeriodOrNull(trx, { userId: user.id, tariffId: tariff.id });
  if (!last || last.endsAt <= (await clock(trx))) throw new Refused(`${tariff.name} does not run: pay it first.`);
}
