import type { Doer } from '../access/actor.ts';
import { assertCan } from '../access/can.ts';
import type { Db, Trx } from '../ground/database.ts';
import { Invalid, NotFound, Refused } from '../ground/errors.ts';
import { changesBetween, record } from '../history/record.ts';
import type { Period, tariffTypes } from './fields.ts';

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

export type TariffValues = Pick<Tariff, 'name' | 'description' | 'priceMinor' | 'period' | 'forType' | 'mostThings' | 'isActive'>;

/** All tariffs, the active ones first, by name. */
export const listTariffs = (db: Db): Promise<Tariff[]> => db('tariffs').orderByRaw('is_active desc, fold(name)').limit(500);

/** Those that a user of this type can buy. */
export const tariffsFor = (db: Db, userType: string): Promise<Tariff[]> =>
  db('tariffs')
    .where({ isActive: true })
    .whereIn('forType', ['everybody', userType])
    .orderByRaw('price_minor, fold(name)')
    .limit(200);

/** Throws NotFound. */
export async function findTariff(db: Db, id: number | null): Promise<Tariff> {
  const tariff = id === null ? undefined : await db('tariffs').where({ id }).first();
  if (!tariff) throw new NotFound('There is no such tariff.');
  return tariff;
}

/** Adds a tariff. Throws Invalid when its name is taken. */
export async function addTariff(db: Db, by: Doer, values: TariffValues): Promise<Tariff> {
  assertCan(by, 'manage tariffs');
  const add = async (trx: Trx): Promise<Tariff> => {
    const [tariff] = await trx('tariffs').insert(values).returning('*');
    await record(trx, by, 'tariff.added', null, { changes: changesBetween({}, values), facts: { tariff: tariff.id } });
    return tariff;
  };
  return db.transaction(add).catch(asTaken);
}

/** Changes a tariff. Throws Invalid, NotFound, and Refused when it was changed since the form was opened. */
export async function editTariff(
  db: Db,
  by: Doer,
  { id, version, values }: { id: number; version: number; values: TariffValues },
) {
  assertCan(by, 'manage tariffs');
  const edit = async (trx: Trx): Promise<Tariff> => {
    const tariff: Tariff | undefined = await trx('tariffs').where({ id }).forUpdate().first();
    if (!tariff) throw new NotFound('There is no such tariff.');
    if (tariff.version !== version)
      throw new Refused(`${tariff.name} has been changed since this form was opened. Open it again to see how it is now.`);
    const changes = changesBetween(tariff, values);
    if (Object.keys(changes).length === 0) return tariff;
    await trx('tariffs')
      .where({ id })
      .update({ ...values, version: version + 1, updatedAt: trx.raw('now()') });
    await record(trx, by, 'tariff.edited', null, { changes, facts: { tariff: id, name: values.name } });
    return { ...tariff, ...values };
  };
  return db.transaction(edit).catch(asTaken);
}

function asTaken(error: unknown): never {
  if ((error as { code?: string }).code !== '23505') throw error;
  throw new Invalid({ name: 'Another tariff has this name.' });
}
