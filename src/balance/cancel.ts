import type { Doer } from '../access/actor.ts';
import { assertCan } from '../access/can.ts';
import type { Db, Trx } from '../ground/database.ts';
import { NotFound, Refused } from '../ground/errors.ts';
import { record } from '../history/record.ts';
import { takeBackPeriod } from '../tariffs/takeback.ts';
import { assertLive, holdUser, type User } from '../users/user.ts';
import { append, keyFor, type Posted, type Transaction } from './ledger.ts';
import { mailCancellation } from './receipt.ts';

export type Cancellation = {
  username: string;
  /** The transaction that was seen as the last one when the button was pressed. */
  transactionId: number;
};

/**
 * Takes back a user's last transaction by a row of its own: the balance is as it was before, and the one before becomes the last; the
 * user is told. A payment takes the period of its tariff along, and nothing renews itself from there.
 * Cancelling it again changes nothing. Throws NotFound for what is not the user's, Refused when another one is the last by now, or
 * when the money is spent and no debt is allowed.
 */
export async function cancelTransaction(
  db: Db,
  by: Doer,
  { username, transactionId }: Cancellation,
): Promise<Posted & { user: User }> {
  return db.transaction(async (trx) => {
    const user = await holdUser(trx, username);
    assertCan(by, 'cancel transaction', user);
    assertLive(user);
    const named: Transaction | undefined = await trx('transactions').where({ id: transactionId, userId: user.id }).first();
    if (!named || named.kind === 'cancellation') throw new NotFound('There is no such transaction.');
    await assertLast(trx, named);
    const entry = {
      kind: 'cancellation',
      amountMinor: -named.amountMinor,
      cancels: named.id,
      key: keyFor('cancel', named.id),
    } as const;
    const posted = await append(trx, by, user, entry);
    if (!posted.isRepeat) {
      const { id, amountMinor, balanceAfterMinor } = posted.transaction;
      const period = await takeBackPeriod(trx, user, named.id);
      const facts = { transaction: id, cancels: named.id, amountMinor, balanceAfterMinor, ...period };
      await record(trx, by, 'balance.cancelled', user, { facts });
      // Of a period that is taken back the letter about it tells.
      if (!period.name) await mailCancellation(trx, user, named, posted.transaction);
    }
    return { ...posted, user };
  });
}

async function assertLast(trx: Trx, named: Transaction): Promise<void> {
  const isCancelled = await trx('transactions').where({ cancels: named.id }).first('id');
  if (isCancelled) return; // Pressed twice: append finds the row of the first time.
  const last = await lastTransactionOrNull(trx, named.userId);
  if (last?.id !== named.id)
    throw new Refused('Another transaction is the last one by now. Look again; only the last one can be cancelled.');
}

/** The last transaction of a user that is neither cancelled nor a cancellation; the only one that can be cancelled. */
export async function lastTransactionOrNull(db: Db, userId: number): Promise<Transaction | null> {
  const last = await db('transactions as t')
    .where({ userId })
    .whereNot({ kind: 'cancellation' })
    .whereNotExists(db('transactions as c').whereRaw('c.cancels = t.id'))
    .orderBy('seq', 'desc')
    .first('t.*');
  return last ?? null;
}
