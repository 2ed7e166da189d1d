import { expect } from 'chai';
import { readHistory } from '../src/history/timeline.ts';
import { addTariff, deleteTariff, editTariff, switchTariff, type TariffValues } from '../src/tariffs/save.ts';
import { listTariffs, type Tariff } from '../src/tariffs/tariff.ts';
import { actorFor } from './kit/actor.ts';
import { giveBalance } from './kit/money.ts';
import { giveTariff, pay } from './kit/tariffs.ts';
import { openWorld, type World } from './kit/world.ts';

const fleet: TariffValues = {
  name: 'Fleet',
  description: '',
  priceMinor: 500,
  period: 'month',
  forType: 'everybody',
  mostThings: 10,
};
const said = (error: Error) => error.message;
const fieldsOf = (error: { fields?: object }) => error.fields;

describe('A tariff', () => {
  let world: World;
  beforeEach(async () => {
    world = await openWorld();
  });
  afterEach(() => world.close());

  const add = (values: Partial<TariffValues & { isActive: boolean }> = {}) =>
    addTariff(world.db, world.olga, { ...fleet, isActive: true, ...values });
  const edit = ({ id, version }: Pick<Tariff, 'id' | 'version'>, values: Partial<TariffValues>) =>
    editTariff(world.db, world.olga, { id, version, values: { ...fleet, ...values } });
  const paid = async (tariff: Tariff, renews = false) => {
    await giveBalance(world.db, 'uma', 5000);
    return pay(world.db, await actorFor(world.db, 'uma'), tariff, { renews });
  };
  const acts = async () => (await readHistory(world.db, {}, { limit: 20 })).toReversed().map(({ act }) => act);

  it('is added once under its name, and the history has all of it', async () => {
    const tariff = await add();
    expect(await add({ name: 'FLEET' }).catch(fieldsOf)).to.deep.equal({ name: 'Another tariff has this name.' });
    const [act] = await readHistory(world.db, { act: 'tariff.added' }, { limit: 1 });
    expect(act?.facts).to.deep.equal({ tariff: tariff.id, name: 'Fleet' });
    expect(act?.changes).to.deep.include({ priceMinor: [null, 500], mostThings: [null, 10], isActive: [null, true] });
  });

  it('is changed with before and after; saved as it was nothing is noted', async () => {
    const tariff = await add();
    expect((await edit(tariff, {})).version).to.equal(1);
    await edit(tariff, { priceMinor: 700, mostThings: null });
    const [act, ...others] = await readHistory(world.db, { act: 'tariff.edited' }, { limit: 5 });
    expect(others).to.deep.equal([]);
    expect(act?.changes).to.deep.equal({ priceMinor: [500, 700], mostThings: [10, null] });
  });

  it('is not saved over what somebody else has saved meanwhile', async () => {
    const tariff = await add();
    await edit(tariff, { priceMinor: 700 });
    expect(await edit(tariff, { priceMinor: 300 }).catch(said)).to.include('has been changed since');
    expect((await listTariffs(world.db))[0]).to.include({ priceMinor: 700, version: 2 });
  });

  it('keeps the period by which it was sold, and every other field can change', async () => {
    const tariff = await add();
    await edit(tariff, { period: 'week' });
    await paid((await listTariffs(world.db))[0] as Tariff);
    expect(await edit({ ...tariff, version: 2 }, { period: 'day' }).catch(fieldsOf))
      .to.have.property('period')
      .that.includes('sold');
    await edit({ ...tariff, version: 2 }, { period: 'week', priceMinor: 900 });
  });

  it('is switched off and on again; twice is once', async () => {
    const { id } = await add();
    for (const isActive of [false, false, true, true]) await switchTariff(world.db, world.olga, { id, isActive });
    expect(await acts()).to.deep.equal(['tariff.added', 'tariff.switched-off', 'tariff.switched-on']);
  });

  it('is deleted while nobody has paid it, and stays for the books afterwards', async () => {
    const [one, other] = [await add(), await add({ name: 'Other' })];
    await deleteTariff(world.db, world.olga, other.id);
    await paid(one);
    expect(await deleteTariff(world.db, world.olga, one.id).catch(said)).to.include('Switch it off instead');
    expect((await listTariffs(world.db)).map(({ name }) => name)).to.deep.equal(['Fleet']);
    expect(await deleteTariff(world.db, world.olga, other.id).catch(said)).to.equal('There is no such tariff.');
  });

  it('says for how many it runs and renews itself; what was cancelled does not count', async () => {
    const tariff = await add();
    await paid(tariff, true);
    await giveBalance(world.db, 'ines', 5000);
    await pay(world.db, await actorFor(world.db, 'ines'), tariff);
    expect((await listTariffs(world.db))[0]).to.include({ running: 2, renewing: 1, isSold: true });
  });

  it('is defined by administrators alone', async () => {
    const { id, version } = await giveTariff(world.db);
    for (const name of ['stan', 'gus', 'mona', 'april', 'uma'] as const) {
      const by = await actorFor(world.db, name);
      const refusals = [
        addTariff(world.db, by, { ...fleet, name: 'Mine', isActive: true }),
        editTariff(world.db, by, { id, version, values: { ...fleet, priceMinor: 1 } }),
        switchTariff(world.db, by, { id, isActive: false }),
        deleteTariff(world.db, by, id),
      ].map((one) => one.catch(said));
      for (const refusal of await Promise.all(refusals)) expect(refusal, name).to.include('profile does not include');
    }
    expect(await world.db('tariffs').first()).to.include({ priceMinor: 500, isActive: true });
  });
});
