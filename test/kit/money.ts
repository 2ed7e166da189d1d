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

/** A row at a moment of the past; `cancels` is the place, from 0, of the row that it takes back. */
type PastRow = { at: string; minor?: number; cancels?: number; note?: string; reference?: string };

/** Writes somebody's books of the past, the earliest first; the numbers of their rows. */
export async function writeBooks(db: Db, username: string, rows: PastRow[]): Promise<number[]> {
  const { id: userId } = await db('users').where({ username }).first('id');
  const ids: number[] = [];
  for (const { at, minor, cancels, note = '', reference = '' } of rows) {
    const amountMinor = cancels === undefined ? (minor as number) : -(rows[cancels]?.minor as number);
    const kind = cancels === undefined ? (amountMinor > 0 ? 'refill' : 'payment') : 'cancellation';
    const row = {
      userId,
      kind,
      amountMinor,
      cancels: cancels === undefined ? null : ids[cancels],
      idempotencyKey: randomUUID(),
      at,
    };
    const [{ id }] = await db('transactions').insert(row).returning('id');
    if (note || reference) await db('transactionWords').insert({ transactionId: id, userId, note, reference });
    ids.push(id);
  }
  return ids;
}
