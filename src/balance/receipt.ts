import type { Trx } from '../ground/database.ts';
import { enqueueLetter } from '../mail/letters.ts';
import { readSettings } from '../settings/settings.ts';
import type { User } from '../users/user.ts';
import { money } from '../web/figures.ts';
import type { Transaction } from './ledger.ts';
import { seesOwnBalance } from './low.ts';

/** Writes to a user what was added to its balance. */
export async function mailReceipt(
  trx: Trx,
  user: User,
  { id, amountMinor, balanceAfterMinor }: Transaction,
  words: { note: string; reference: string },
): Promise<void> {
  if (!seesOwnBalance(user.profile)) return;
  const { currency } = await readSettings(trx);
  const amounts = { amount: money(amountMinor, currency), balance: money(balanceAfterMinor, currency) };
  await enqueueLetter(trx, { kind: 'balance-refilled', user, data: { ...amounts, ...words, number: String(id) } });
}

/** Writes to a user that a transaction was taken back, and what the balance is again. */
export async function mailCancellation(
  trx: Trx,
  user: User,
  named: Transaction,
  { balanceAfterMinor }: Transaction,
): Promise<void> {
  if (!seesOwnBalance(user.profile)) return;
  const { currency } = await readSettings(trx);
  const amounts = { amount: money(Math.abs(named.amountMinor), currency), balance: money(balanceAfterMinor, currency) };
  await enqueueLetter(trx, { kind: 'balance-cancelled', user, data: { ...amounts, what: named.kind, number: String(named.id) } });
}
