import { randomUUID } from 'node:crypto';
import type { Trx } from '../src/ground/database.ts';
import { endOf, type Period } from '../src/tariffs/period.ts';
import { putRenewal } from '../src/tariffs/renewals.ts';
import type { Name } from './world.ts';

/** What can be paid in the demonstration. */
const tariffs = [
  {
    name: 'Basic',
    description: 'For up to ten things, with a month of tracks.',
    priceMinor: 500,
    period: 'month',
    mostThings: 10,
  },
  {
    name: 'Fleet',
    description: 'For vehicle fleets: a hundred things, a year of tracks, reports.',
    priceMinor: 4900,
    period: 'month',
    forType: 'legal_entity',
    mostThings: 100,
  },
  { name: 'Live video', description: 'Streams of all cameras, beside any other tariff.', priceMinor: 350, period: 'week' },
  {
    name: 'Home, a year',
    description: 'A private car and its camera.',
    priceMinor: 3600,
    period: 'year',
    forType: 'individual',
    mostThings: 5,
  },
  {
    name: 'Starter 2025',
    description: 'Not offered to new customers.',
    priceMinor: 300,
    period: 'month',
    mostThings: 5,
    isActive: false,
  },
] as const;

type Past = { name: Name; tariff: string; daysAgo: number; periods: number; renews?: true };

/** Rows of periods that began some days ago. */
const past: Past[] = [
  { name: 'uma', tariff: 'Starter 2025', daysAgo: 95, periods: 1 },
  { name: 'uma', tariff: 'Fleet', daysAgo: 64, periods: 3, renews: true },
  { name: 'ines', tariff: 'Basic', daysAgo: 12, periods: 1 },
  { name: 'flo', tariff: 'Live video', daysAgo: 9, periods: 2, renews: true },
];

/** Tariffs, what the people of the small world have paid of them, and what renews itself; the books must have money for it. */
export async function tariffsWorld(trx: Trx): Promise<void> {
  await trx('tariffs').insert(tariffs.map((tariff) => ({ ...tariff })));
  for (const one of past) await payPast(trx, one);
}

async function payPast(trx: Trx, { name, tariff: of, daysAgo, periods, renews }: Past): Promise<void> {
  const user = await trx('users').where({ username: name }).first('id');
  const tariff = await trx('tariffs').where({ name: of }).first();
  const anchorAt = new Date(Date.now() - daysAgo * 86_400_000);
  const period: Period = tariff.period;
  for (let nth = 1; nth <= periods; nth += 1) {
    const startsAt = endOf({ anchorAt, nth: nth - 1, period });
    const transactionId = await spend(trx, {
      userId: user.id,
      priceMinor: tariff.priceMinor,
      at: startsAt,
      by: nth > 1 ? null : user.id,
    });
    const { id: tariffId, mostThings } = tariff;
    const endsAt = endOf({ anchorAt, nth, period });
    await trx('payments').insert({
      transactionId,
      userId: user.id,
      tariffId,
      mostThings,
      startsAt,
      endsAt,
      anchorAt,
      nth,
      period,
    });
    await trx('transactionWords').insert({ transactionId, userId: user.id, note: tariff.name });
  }
  if (renews) await putRenewal(trx, { userId: user.id, tariffId: tariff.id }, tariff.priceMinor);
}

type Spent = { userId: number; priceMinor: number; at: Date; by: number | null };

async function spend(trx: Trx, { userId, priceMinor, at, by }: Spent): Promise<number> {
  const entry = {
    userId,
    kind: 'payment',
    amountMinor: -priceMinor,
    at,
    idempotencyKey: randomUUID(),
    actorId: by,
    subjectId: by,
  };
  const [row] = await trx('transactions').insert(entry).returning('id');
  return row.id;
}
