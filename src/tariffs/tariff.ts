import type { Db, Trx } from '../ground/database.ts';
import { NotFound } from '../ground/errors.ts';
import type { User } from '../users/user.ts';
import { isPaid } from './allowance.ts';
import type { tariffTypes } from './fields.ts';
import type { Period } from './period.ts';

/** A priced period. A new price counts from the next payment on. */
export type Tariff = {
  id: number;
  name: string;
  description: string;
  priceMinor: number;
  period: Period;
  forType: (typeof tariffTypes)[number];
  /** How many things may be owned with it; null for any number. */
  mostThings: number | null;
  isActive: boolean;
  version: number;
  createdAt: Date;
  updatedAt: Date;
};

/** A tariff with how many users it runs for, how many of them it renews itself for, and whether anybody ever paid it. */
export type TariffLine = Tariff & { running: number; renewing: number; isSold: boolean };

/** More tariffs than anybody offers. */
const mostListed = 500;

/** All tariffs with their figures, the active ones first, by name. */
export const listTariffs = (db: Db): Promise<TariffLine[]> =>
  db('tariffs').orderByRaw('is_active desc, fold(name)').limit(mostListed).select(figures(db));

/** One tariff with its figures. Throws NotFound. */
export async function findTariffLine(db: Db, id: number | null): Promise<TariffLine> {
  const tariff = id === null ? undefined : await db('tariffs').where({ id }).first(figures(db));
  return tariff ?? unknown();
}

const figures = (db: Db) => [
  'tariffs.*',
  db.raw(`(select count(*) from payments where tariff_id = tariffs.id and starts_at <= now() and ends_at > now()
    and ${isPaid})::int as running`),
  db.raw('(select count(*) from renewals where tariff_id = tariffs.id)::int as renewing'),
  db.raw('exists (select from payments where tariff_id = tariffs.id) as is_sold'),
];

/** The names of all tariffs, to choose one from; with a payer only of what it has ever paid. */
export const tariffChoices = (db: Db, payerId: number | null): Promise<Pick<Tariff, 'id' | 'name'>[]> =>
  db('tariffs')
    .modify((query) => {
      if (payerId) query.whereIn('id', db('payments').where({ userId: payerId }).select('tariffId'));
    })
    .orderByRaw('fold(name)')
    .limit(mostListed)
    .select('id', 'name');

/** Those that a user of this type can buy. */
export const tariffsFor = (db: Db, userType: User['userType']): Promise<Tariff[]> =>
  db('tariffs')
    .where({ isActive: true })
    .whereIn('forType', ['everybody', userType])
    .orderByRaw('price_minor, fold(name)')
    .limit(mostListed);

/** Whether users of this type can buy it, were it active. */
export const isFor = ({ forType }: Pick<Tariff, 'forType'>, { userType }: Pick<User, 'userType'>) =>
  forType === 'everybody' || forType === userType;

/**
 * A tariff in the eyes of a user: one that it can buy, or has bought before. Any other is as absent as one that never was: throws
 * NotFound.
 */
export async function findTariffOf(db: Db, user: Pick<User, 'id' | 'userType'>, id: number | null): Promise<Tariff> {
  const tariff: Tariff | undefined = id === null ? undefined : await db('tariffs').where({ id }).first();
  if (!tariff) return unknown();
  if (tariff.isActive && isFor(tariff, user)) return tariff;
  const bought = await db('payments').where({ userId: user.id, tariffId: tariff.id }).first('id');
  return bought ? tariff : unknown();
}

/** The tariff, locked against changes until the transaction ends: what is paid is what was read. Throws NotFound. */
export async function keepTariff(trx: Trx, id: number): Promise<Tariff> {
  return (await trx('tariffs').where({ id }).forShare().first()) ?? unknown();
}

/** Throws NotFound in the same words for what is not there and for what one may not know of. */
export function unknown(): never {
  throw new NotFound('There is no such tariff.');
}
