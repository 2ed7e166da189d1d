import { randomUUID } from 'node:crypto';
import { system } from '../../src/access/actor.ts';
import { append, type Entry, type Transaction } from '../../src/balance/ledger.ts';
import type { Db } from '../../src/ground/database.ts';
import { holdUser } from '../../src/users/user.ts';

const clock = system('clock');

/** Writes a row into somebody's books, by nobody. */
export const post = (db: Db, username: string, entry: Omit<Entry, 'key'>): Promise<Transaction> =>
  db.transaction(async (trx) => {
    const user = await holdUser(trx, username);
    return (await append(trx, clock, user, { ...entry, key: randomUUID() })).transaction;
  });

/** Gives somebody a balance, of minor units; below zero as a refill that was spent and then cancelled. */
export async function giveBalance(db: Db, username: string, minor: number): Promise<void> {
  const refill = await post(db, username, { kind: 'refill', amountMinor: Math.abs(minor) });
  if (minor > 0) return;
  await post(db, username, { kind: 'payment', amountMinor: minor });
  const { debt } = await db('settings').first('debt');
  await db('settings').update({ debt: true });
  await post(db, username, { kind: 'cancellation', amountMinor: minor, cancels: refill.id });
  await db('settings').update({ debt });
}
