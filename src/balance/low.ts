import type { Knex } from 'knex';
import { ruleOf } from '../access/acts.ts';
import type { Profile } from '../access/profiles.ts';
import { now, type Trx } from '../ground/database.ts';
import { decimalsOf } from '../ground/money.ts';
import { enqueueLetter } from '../mail/letters.ts';
import { money } from '../web/figures.ts';

/** Whether a balance is shown to users of this profile at all: nobody else is written to about it. */
export const seesOwnBalance = (profile: Profile) => ruleOf('see own balance').who.includes(profile);

type Owner = { id: number; email: string; profile: Profile };
type Moved = { amountMinor: number; balanceAfterMinor: number };

/**
 * Called after each row of the books: when it has brought the balance below what the settings call low, that is noted and its user
 * is told; once, until the balance has been above again.
 */
export async function noticeBalance(trx: Trx, { id, email, profile }: Owner, moved: Moved): Promise<void> {
  const { lowBalance, currency, lowSince } = await readLow(trx, id);
  const lowMinor = lowBalance * 10 ** decimalsOf(currency);
  const { amountMinor, balanceAfterMinor } = moved;
  if (balanceAfterMinor >= lowMinor) return lowSince ? mark(trx, id, null) : undefined;
  const wasAbove = balanceAfterMinor - amountMinor >= lowMinor;
  if (amountMinor > 0 || (lowSince && !wasAbove)) return;
  await mark(trx, id, now(trx));
  if (!seesOwnBalance(profile)) return;
  const data = { balance: money(balanceAfterMinor, currency), below: money(lowMinor, currency) };
  await enqueueLetter(trx, { kind: 'balance-low', user: { id, email }, data });
}

/** The mark as it is now: of several rows in one transaction the second sees what the first has done. */
const readLow = (trx: Trx, userId: number): Promise<{ lowBalance: number; currency: string; lowSince: Date | null }> =>
  trx('settings').first(
    'lowBalance',
    'currency',
    trx.raw('(select balance_low_since from users where id = ?) as low_since', [userId]),
  );

async function mark(trx: Trx, id: number, balanceLowSince: Knex.Raw | null): Promise<void> {
  await trx('users').where({ id }).update({ balanceLowSince });
}
