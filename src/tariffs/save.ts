import type { Doer } from '../access/actor.ts';
import { assertCan } from '../access/can.ts';
import { type Db, isTaken, type Trx } from '../ground/database.ts';
import { Changed, Invalid, Refused } from '../ground/errors.ts';
import { changesBetween, record } from '../history/record.ts';
import { type Tariff, unknown } from './tariff.ts';

export type TariffValues = Pick<Tariff, 'name' | 'description' | 'priceMinor' | 'period' | 'forType' | 'mostThings'>;

/** Adds a tariff. Throws Invalid when its name is taken, in whatever case. */
export async function addTariff(db: Db, by: Doer, values: TariffValues & { isActive: boolean }): Promise<Tariff> {
  assertCan(by, 'manage tariffs');
  const add = async (trx: Trx): Promise<Tariff> => {
    const [tariff] = await trx('tariffs').insert(values).returning('*');
    await record(trx, by, 'tariff.added', null, {
      changes: changesBetween({}, values),
      facts: { tariff: tariff.id, name: values.name },
    });
    return tariff;
  };
  return db.transaction(add).catch(asTaken);
}

/**
 * Changes a tariff. A new price counts from the next payment on; whose tariff renews itself is told before, by the worker. Throws
 * Invalid (a name that is taken, another period once it was sold), NotFound, and Changed when somebody saved it since the form was opened.
 */
export async function editTariff(
  db: Db,
  by: Doer,
  { id, version, values }: { id: number; version: number; values: TariffValues },
) {
  assertCan(by, 'manage tariffs');
  const edit = async (trx: Trx): Promise<Tariff> => {
    const tariff = await holdTariff(trx, id);
    if (tariff.version !== version) throw new Changed(tariff.name);
    if (values.period !== tariff.period && (await isSold(trx, id)))
      throw new Invalid({ period: 'It has been sold by this period: add another tariff for another one.' });
    const changes = changesBetween(tariff, values);
    if (Object.keys(changes).length === 0) return tariff;
    await write(trx, tariff, values);
    await record(trx, by, 'tariff.edited', null, { changes, facts: { tariff: id, name: values.name } });
    return { ...tariff, ...values };
  };
  return db.transaction(edit).catch(asTaken);
}

/**
 * Offers a tariff, or offers it no more: what is paid runs to its end, renewals end (the worker tells their users). Doing it again
 * changes nothing. Throws NotFound.
 */
export async function switchTariff(db: Db, by: Doer, { id, isActive }: { id: number; isActive: boolean }): Promise<Tariff> {
  assertCan(by, 'manage tariffs');
  return db.transaction(async (trx) => {
    const tariff = await holdTariff(trx, id);
    if (tariff.isActive === isActive) return tariff;
    await write(trx, tariff, { isActive });
    const facts = { tariff: id, name: tariff.name };
    await record(trx, by, isActive ? 'tariff.switched-on' : 'tariff.switched-off', null, { facts });
    return { ...tariff, isActive };
  });
}

/** Deletes a tariff that nobody ever paid. Throws Refused for one that was sold: the books name it. Throws NotFound. */
export async function deleteTariff(db: Db, by: Doer, id: number): Promise<Tariff> {
  assertCan(by, 'manage tariffs');
  return db.transaction(async (trx) => {
    const tariff = await holdTariff(trx, id);
    if (await isSold(trx, id)) throw new Refused(`${tariff.name} has been paid before, so it stays. Switch it off instead.`);
    await trx('tariffs').where({ id }).delete();
    await record(trx, by, 'tariff.deleted', null, { facts: { tariff: id, name: tariff.name } });
    return tariff;
  });
}

/** Nobody pays it while it is held. */
async function holdTariff(trx: Trx, id: number): Promise<Tariff> {
  return (await trx('tariffs').where({ id }).forUpdate().first()) ?? unknown();
}

const isSold = async (trx: Trx, tariffId: number) => (await trx('payments').where({ tariffId }).first('id')) !== undefined;

const write = (trx: Trx, { id, version }: Tariff, values: Partial<Tariff>) =>
  trx('tariffs')
    .where({ id })
    .update({ ...values, version: version + 1, updatedAt: trx.raw('now()') });

function asTaken(error: unknown): never {
  if (!isTaken(error)) throw error;
  throw new Invalid({ name: 'Another tariff has this name.' });
}
