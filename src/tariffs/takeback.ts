import { clock, type Trx } from '../ground/database.ts';
import { enqueueLetter } from '../mail/letters.ts';
import type { User } from '../users/user.ts';
import { momentIn } from '../web/time.ts';
import { dropRenewal, lastPeriodOrNull } from './renewals.ts';

/**
 * What follows when a payment is taken back, whose transaction has this number: its period is gone with it, the renewal ends (it would
 * buy the period again), and the user is told. The user is held. Says the tariff, for the history; nothing where no period was bought.
 */
export async function takeBackPeriod(trx: Trx, user: User, transactionId: number): Promise<{ name?: string }> {
  const period = await trx('payments')
    .join('tariffs', 'tariffs.id', 'payments.tariffId')
    .where({ transactionId })
    .first('tariffId', 'name');
  if (!period) return {};
  const of = { userId: user.id, tariffId: period.tariffId };
  const renewed = await dropRenewal(trx, of);
  const left = await lastPeriodOrNull(trx, of);
  const until = left && left.endsAt > (await clock(trx)) ? momentIn(user.timeZone)(left.endsAt) : '';
  await enqueueLetter(trx, {
    kind: 'tariff-payment-cancelled',
    user,
    data: { tariff: period.name, until, renewed: renewed ? 'yes' : '' },
  });
  return { name: period.name };
}
