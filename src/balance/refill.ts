import type { Doer } from '../access/actor.ts';
import { assertCan } from '../access/can.ts';
import type { Db } from '../ground/database.ts';
import { record } from '../history/record.ts';
import { assertLive, holdUser, type User } from '../users/user.ts';
import { append, type Posted } from './ledger.ts';
import { mailReceipt } from './receipt.ts';

export type Refill = {
  username: string;
  /** More than zero, in minor units. */
  amountMinor: number;
  note: string;
  reference: string;
  /** Any UUID, made with the form. */
  idempotencyKey: string;
};

/** Adds money to a user's balance, and writes the user a receipt. Sending the same `idempotencyKey` again changes nothing. Throws NotFound upon the deleted. */
export async function refillBalance(db: Db, by: Doer, refill: Refill): Promise<Posted & { user: User }> {
  return db.transaction(async (trx) => {
    const user = await holdUser(trx, refill.username);
    assertCan(by, 'refill balance', user);
    assertLive(user);
    const { amountMinor, note, reference, idempotencyKey: key } = refill;
    const posted = await append(trx, by, user, { kind: 'refill', amountMinor, note, reference, key });
    if (!posted.isRepeat) {
      const { id, balanceAfterMinor } = posted.transaction;
      await record(trx, by, 'balance.refilled', user, { facts: { transaction: id, amountMinor, balanceAfterMinor } });
      await mailReceipt(trx, user, posted.transaction, { note, reference });
    }
    return { ...posted, user };
  });
}
