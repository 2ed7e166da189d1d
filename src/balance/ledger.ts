import { createHash } from 'node:crypto';
import type { Doer } from '../access/actor.ts';
import type { Trx } from '../ground/database.ts';
import { Invalid, Refused } from '../ground/errors.ts';
import { reckonLasting } from '../tariffs/lasting.ts';
import type { User } from '../users/user.ts';
import { noticeBalance } from './low.ts';

/** A row of the books. Amounts in minor units (cents); nothing of it ever changes. */
export type Transaction = {
  id: number;
  userId: number;
  /** Its number among the user's own. */
  seq: number;
  kind: 'refill' | 'payment' | 'cancellation';
  amountMinor: number;
  balanceAfterMinor: number;
  /** The transaction that this one takes back. */
  cancels: number | null;
  idempotencyKey: string;
  actorId: number | null;
  subjectId: number | null;
  connectionId: number | null;
  at: Date;
};

export type Entry = {
  kind: Transaction['kind'];
  amountMinor: number;
  cancels?: number;
  note?: string;
  reference?: string;
  /** Any UUID; sent again for the same user it makes no second row. */
  key: string;
};

/** What came of an entry: the row, and whether it was there already. */
export type Posted = { transaction: Transaction; isRepeat: boolean };

/**
 * Writes a row into the books of a user who is held; the database gives it its number and moves the balance. The same key again is
 * the same row, untouched; with other contents Invalid. Whose balance becomes low by it is told. Refused when the balance would fall below zero, or grow beyond what is kept.
 */
export async function append(trx: Trx, by: Doer, user: User, entry: Entry): Promise<Posted> {
  const earlier = await trx('transactions').where({ userId: user.id, idempotencyKey: entry.key }).first();
  if (earlier) return { transaction: await same(trx, earlier, entry), isRepeat: true };
  const { kind, amountMinor, cancels = null, key, note = '', reference = '' } = entry;
  const who = { actorId: by.id, subjectId: by.connection?.user.id ?? by.id, connectionId: by.connection?.id ?? null };
  // Both are set by the database; they stand here because the columns want something.
  const computed = { seq: 0, balanceAfterMinor: 0 };
  const [transaction] = await trx('transactions')
    .insert({ userId: user.id, kind, amountMinor, cancels, idempotencyKey: key, ...who, ...computed })
    .returning('*')
    .catch(asRefusal);
  if (note || reference)
    await trx('transactionWords').insert({ transactionId: transaction.id, userId: user.id, note, reference });
  await noticeBalance(trx, user, transaction);
  await reckonLasting(trx, user.id);
  return { transaction, isRepeat: false };
}

/** A form that was sent twice says the same twice; what says something else under a used key is not a repetition. */
async function same(
  trx: Trx,
  earlier: Transaction,
  { kind, amountMinor, note = '', reference = '' }: Entry,
): Promise<Transaction> {
  const words = (await trx('transactionWords').where({ transactionId: earlier.id }).first()) ?? { note: '', reference: '' };
  const isSame =
    earlier.kind === kind && earlier.amountMinor === amountMinor && words.note === note && words.reference === reference;
  if (isSame) return earlier;
  throw new Invalid({ '': 'This form has been sent before with something else in it. Open it again, then send it.' });
}

function asRefusal(error: unknown): never {
  const { constraint } = error as { constraint?: string };
  if (constraint === 'transactions_floor') throw new Refused('The balance does not suffice: it would fall below zero.');
  if (constraint === 'transactions_balance_after_minor_check')
    throw new Refused('The balance would grow beyond what can be kept.');
  throw error;
}

/** A key for what has a natural one: the same purpose for the same thing gives the same key. */
export function keyFor(purpose: string, ...parts: (string | number)[]): string {
  const hex = createHash('sha256')
    .update([purpose, ...parts].join('\n'))
    .digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`;
}
