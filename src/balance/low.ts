import { ruleOf } from '../access/acts.ts';
import type { Profile } from '../access/profiles.ts';
import { now, type Trx } from '../ground/database.ts';
import { decimalsOf } from '../ground/money.ts';
import { enqueueLetter } from '../mail/letters.ts';
import { readSettings } from '../settings/settings.ts';
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
  const { lowBalance, currency } = await readSettings(trx);
  const lowMinor = lowBalance * 10 ** decimalsOf(currency);
  const { amountMinor, balanceAfterMinor } = moved;
  if (balanceAfterMinor >= lowMinor) return unmark(trx, id);
  if (amountMinor > 0) return;
  const isNews = await trx('users')
    .where({ id })
    .whereRaw('(balance_low_since is null or ?::bigint >= ?::bigint)', [balanceAfterMinor - amountMinor, lowMinor])
    .update({ balanceLowSince: now(trx) });
  if (!isNews || !seesOwnBalance(profile)) return;
  const data = { balance: money(balanceAfterMinor, currency), below: money(lowMinor, currency) };
  await enqueueLetter(trx, { kind: 'balance-low', user: { id, email }, data });
}

async function unmark(trx: Trx, id: number): Promise<void> {
  await trx('users').where({ id }).whereNotNull('balanceLowSince').update({ balanceLowSince: null });
}
