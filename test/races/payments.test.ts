import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import type { Name } from '../../seeds/world.ts';
import type { Actor } from '../../src/access/actor.ts';
import { cancelTransaction, lastTransactionOrNull } from '../../src/balance/cancel.ts';
import { verifyLedger } from '../../src/balance/verify.ts';
import type { Db } from '../../src/ground/database.ts';
import { viewerOf } from '../../src/groups/viewer.ts';
import { chooseRenewal } from '../../src/payments/renewal.ts';
import { deleteTariff, editTariff } from '../../src/tariffs/save.ts';
import type { Tariff } from '../../src/tariffs/tariff.ts';
import { addThing } from '../../src/things/save.ts';
import { actorFor } from '../kit/actor.ts';
import { giveBalance } from '../kit/money.ts';
import { allAtOnce, doneAmong, dyingAfter, openRace, type Race, times } from '../kit/race.ts';
import { giveTariff, letTimePass, pay, periodsOf, renew } from '../kit/tariffs.ts';

describe('Tariffs, from two processes at once', function () {
  this.timeout(60_000);
  let race: Race;
  let tariff: Tariff;
  beforeEach(async () => {
    race = await openRace();
    tariff = await giveTariff(race.one, { priceMinor: 300, period: 'week' });
  });
  afterEach(async () => {
    expect((await verifyLedger(race.one)).wrong).to.deep.equal([]);
    await race.close();
  });

  const actor = (name: Name) => actorFor(race.one, name);
  const balanceOf = async (name: Name) => (await race.one('users').where({ username: name }).first()).balanceMinor;
  const payers: Name[] = ['uma', 'ines', 'flo', 'lea'];

  async function payAll(): Promise<void> {
    for (const name of payers) {
      await giveBalance(race.one, name, 1000);
      await pay(race.one, await actor(name), tariff, { renews: true });
    }
  }

  /** How often each has paid, and whether its periods follow one another. */
  async function assertRows(count: number): Promise<void> {
    for (const name of payers) {
      const periods = await periodsOf(race.one, race.ids[name]);
      expect(periods.length, name).to.equal(count);
      for (const [index, { startsAt }] of periods.slice(1).entries()) expect(startsAt).to.deep.equal(periods[index]?.endsAt);
    }
  }

  it('are paid as often as the balance suffices, period after period', async () => {
    await giveBalance(race.one, 'uma', 1000);
    const uma = await actor('uma');
    const ends = await allAtOnce(times(16, (index) => () => pay(race.pool(index), uma, tariff)));
    expect([doneAmong(ends), await balanceOf('uma')]).to.deep.equal([3, 100]);
    expect(ends.filter((end) => end !== 'done').every((end) => end.startsWith('Short'))).to.equal(true);
    const periods = await periodsOf(race.one, race.ids.uma);
    expect(new Set(periods.map(({ endsAt }) => endsAt.getTime())).size).to.equal(3);
  });

  it('are paid once by a form that is sent sixteen times at once', async () => {
    await giveBalance(race.one, 'uma', 1000);
    const uma = await actor('uma');
    const idempotencyKey = randomUUID();
    const ends = await allAtOnce(times(16, (index) => () => pay(race.pool(index), uma, tariff, { idempotencyKey })));
    expect([doneAmong(ends), await balanceOf('uma')]).to.deep.equal([16, 700]);
  });

  it('renew themselves once for each period, however many workers come', async () => {
    await payAll();
    for (const round of [2, 3]) {
      await letTimePass(race.owner, '6 days 23 hours 30 minutes');
      await allAtOnce(times(6, (index) => () => renew(race.pool(index))));
      await assertRows(round);
    }
  });

  it('renew themselves once also when a worker dies in the middle', async () => {
    await payAll();
    await letTimePass(race.owner, '6 days 23 hours 30 minutes');
    for (let dies = 1; dies <= 4; dies += 1) await renew(dyingAfter(race.one, dies)).catch(() => {});
    await renew(race.two);
    await assertRows(2);
  });

  it('renew themselves while their users pay, choose and cancel, and nothing stands in the way of anything', async () => {
    await payAll();
    await letTimePass(race.owner, '6 days 23 hours 30 minutes');
    const olga = await actor('olga');
    const acts = await Promise.all(
      payers.map(async (name, index) => {
        const by = await actor(name);
        const choice = (renews: boolean) => ({ username: name, tariffId: tariff.id, renews });
        const last = await lastTransactionOrNull(race.one, race.ids[name]);
        const cancel = () => cancelTransaction(race.pool(index), olga, { username: name, transactionId: last?.id as number });
        return [
          () => chooseRenewal(race.pool(index), by, choice(false)),
          () => pay(race.pool(index), by, tariff),
          () => renew(race.pool(index + 1)),
          () => chooseRenewal(race.pool(index + 1), by, choice(true)),
          cancel,
        ];
      }),
    );
    const ends = await allAtOnce(acts.flat());
    expect(ends.filter((end) => end !== 'done' && !/^(Refused|Short)/.test(end))).to.deep.equal([]);
    await renew(race.one);
    for (const { userId, endsAt } of await race.one('renewals')) {
      const last = (await periodsOf(race.one, userId)).at(-1);
      expect(endsAt).to.deep.equal(last?.endsAt);
    }
  });

  it('are deleted or paid, and edited or paid, never both with what the other has read', async () => {
    await giveBalance(race.one, 'uma', 1000);
    const [uma, olga] = [await actor('uma'), await actor('olga')];
    const other = await giveTariff(race.one, { name: 'Other', priceMinor: 100 });
    const ends = await allAtOnce([() => deleteTariff(race.one, olga, other.id), () => pay(race.two, uma, other)]);
    expect(doneAmong(ends), ends.join()).to.equal(1);
    const { version, name, description, period, forType, mostThings } = tariff;
    const values = { name, description, period, forType, mostThings, priceMinor: 500 };
    await allAtOnce([() => editTariff(race.one, olga, { id: tariff.id, version, values }), () => pay(race.two, uma, tariff)]);
    const { amountMinor } = await race
      .one('transactions')
      .where({ kind: 'payment', userId: race.ids.uma })
      .orderBy('id', 'desc')
      .first();
    expect([-300, -500]).to.include(amountMinor);
  });

  it('allow no more things than they say, whoever adds them at once', async () => {
    const small = await giveTariff(race.one, { name: 'Three', mostThings: 3 });
    await giveBalance(race.one, 'uma', 1000);
    const uma = await actor('uma');
    await pay(race.one, uma, small);
    const add = async (db: Db, by: Actor, name: string) =>
      addThing(db, by, await viewerOf(db, by), { ...blank, kind: 'device', name, owner: 'uma', groupIds: [] });
    const ends = await allAtOnce(times(12, (index) => () => add(race.pool(index), uma, `Thing ${index}`)));
    expect(doneAmong(ends)).to.equal(3);
    expect((await race.one('users').where({ username: 'uma' }).first()).things).to.equal(3);
  });
});

const blank = {
  assetKind: '' as const,
  plate: '',
  trackerId: null,
  model: '',
  imei: '',
  phone: '',
  streamAddress: '',
  objectId: null,
  reference: '',
  description: '',
};
