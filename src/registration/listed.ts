import type { Db } from '../ground/database.ts';
import { holderOf } from '../users/taken.ts';
import { tellHolder } from './holder.ts';
import { limitNetwork, mayWriteTo } from './limits.ts';
import { assertMode } from './modes.ts';
import { type From, visitor } from './registration.ts';

/**
 * Signs up with an address that an administrator has entered: the link that opens the account is mailed to it. For any address it
 * ends alike. Throws Forbidden while registration is not for listed addresses, TryLater when a network signs up too often.
 */
export async function signUpListed(db: Db, from: From, email: string): Promise<void> {
  await assertMode(db, 'listed');
  await limitNetwork(db, from.address);
  if (!(await mayWriteTo(db, email))) return;
  await db.transaction(async (trx) => {
    const holder = await holderOf(trx, email);
    if (holder) await tellHolder(trx, visitor(from), holder);
  });
}
