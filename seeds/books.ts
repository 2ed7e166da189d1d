import { randomUUID } from 'node:crypto';
import type { Db } from '../src/ground/database.ts';
import type { Name } from './world.ts';

/** A row of somebody's books so many days ago; `back` takes the one before it back. */
type Line = { days: number; minor: number; note?: string; reference?: string; back?: true };

/** What was moved before today, the earliest first: enough for statements of several months, with a refill that was mistaken. */
const books: Partial<Record<Name, Line[]>> = {
  uma: [
    { days: 88, minor: 60_000, note: 'Bank transfer', reference: 'R-2041' },
    { days: 80, minor: -12_000, note: 'Fleet, a month' },
    { days: 61, minor: 50_000, note: 'Bank transfer', reference: 'R-2096' },
    { days: 61, minor: -50_000, back: true },
    { days: 60, minor: 5_000, note: 'Bank transfer, the right amount', reference: 'R-2096' },
    { days: 50, minor: -12_000, note: 'Fleet, a month' },
    { days: 33, minor: 24_050, note: 'Cash', reference: 'K-17' },
    { days: 20, minor: -12_000, note: 'Fleet, a month' },
    { days: 6, minor: -4_900, note: 'Cameras, a week' },
  ],
  ines: [
    { days: 45, minor: 2_500, note: 'Card' },
    { days: 30, minor: -900, note: 'One tracker, a month' },
    { days: 1, minor: -900, note: 'One tracker, a month' },
  ],
  flo: [
    { days: 25, minor: 1_500, note: 'Voucher', reference: 'V-100' },
    { days: 3, minor: -1_400, note: 'Pumps, a week' },
  ],
  xena: [
    { days: 70, minor: 2_000, note: 'Card' },
    { days: 2, minor: -1_500, note: 'Two trackers, a month' },
  ],
};

/** Writes these books, by Olga. Before anything of today is written: no row is earlier than the one before it. */
export async function booksWorld(db: Db): Promise<void> {
  const users: { id: number; username: Name }[] = await db('users').select('id', 'username');
  const idOf = (name: Name) => users.find(({ username }) => username === name)?.id as number;
  for (const [name, lines] of Object.entries(books) as [Name, Line[]][]) {
    let last: number | null = null;
    for (const line of lines) last = await write(db, { userId: idOf(name), actorId: idOf('olga'), last }, line);
  }
  await db('settings').update({ lowBalance: 10 });
  await db('users')
    .where({ username: 'xena' })
    .update({ balanceLowSince: db.raw(`now() - interval '2 days'`) });
}

type Context = { userId: number; actorId: number; last: number | null };

async function write(db: Db, { userId, actorId, last }: Context, line: Line): Promise<number> {
  const { days, minor, note = '', reference = '', back } = line;
  const kind = back ? 'cancellation' : minor > 0 ? 'refill' : 'payment';
  const at = db.raw('now() - make_interval(days => ?)', [days]);
  const cancels = back ? last : null;
  const row = { userId, kind, amountMinor: minor, cancels, idempotencyKey: randomUUID(), actorId, subjectId: actorId, at };
  const [{ id }] = await db('transactions').insert(row).returning('id');
  if (note || reference) await db('transactionWords').insert({ transactionId: id, userId, note, reference });
  return id;
}
