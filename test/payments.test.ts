import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import type { Actor } from '../src/access/actor.ts';
import { cancelTransaction } from '../src/balance/cancel.ts';
import { nextKey } from '../src/payments/next.ts';
import { payTariff, Short } from '../src/payments/pay.ts';
import { endOf, type Period } from '../src/tariffs/period.ts';
import { actorFor } from './kit/actor.ts';
import { actsUpon } from './kit/history.ts';
import { giveBalance } from './kit/money.ts';
import { giveTariff, letTimePass, pay, periodsOf } from './kit/tariffs.ts';
import { openWorld, type World } from './kit/world.ts';

const said = (error: Error) => error.message;

describe('A period', () => {
  const ends = (from: string, period: Period) =>
    [1, 2, 3, 13].map((nth) =>
      endOf({ anchorAt: new Date(`${from}T08:30:00Z`), nth, period })
        .toISOString()
        .slice(0, 16),
    );

  for (const [from, period, expected] of [
    ['2026-01-31', 'month', ['2026-02-28T08:30', '2026-03-31T08:30', '2026-04-30T08:30', '2027-02-28T08:30']],
    ['2028-01-30', 'month', ['2028-02-29T08:30', '2028-03-30T08:30', '2028-04-30T08:30', '2029-02-28T08:30']],
    ['2028-02-29', 'year', ['2029-02-28T08:30', '2030-02-28T08:30', '2031-02-28T08:30', '2041-02-28T08:30']],
    ['2026-12-28', 'week', ['2027-01-04T08:30', '2027-01-11T08:30', '2027-01-18T08:30', '2027-03-29T08:30']],
    ['2026-12-31', 'day', ['2027-01-01T08:30', '2027-01-02T08:30', '2027-01-03T08:30', '2027-01-13T08:30']],
  ] as const)
    it(`of a ${period} from ${from} keeps its day where there is one`, () => expect(ends(from, period)).to.deep.equal(expected));
});

describe('Paying a tariff', () => {
  let world: World;
  let uma: Actor;
  beforeEach(async () => {
    world = await openWorld();
    uma = await actorFor(world.db, 'uma');
    await giveBalance(world.db, 'uma', 1300);
  });
  afterEach(() => world.close());

  const balance = async () => (await world.db('users').where({ username: 'uma' }).first()).balanceMinor;
  const periods = () => periodsOf(world.db, world.ids.uma);
  const acts = async () => (await actsUpon(world, world.ids.uma)).map(({ act }) => act);

  it('takes the price and gives a period, then the one after it, as far as the balance goes', async () => {
    const tariff = await giveTariff(world.db);
    await pay(world.db, uma, tariff);
    await pay(world.db, uma, tariff);
    const [first, second] = await periods();
    expect(second?.startsAt).to.deep.equal(first?.endsAt);
    const refusal = await pay(world.db, uma, tariff).catch((error) => error);
    expect(refusal).to.be.instanceOf(Short).and.include({ missingMinor: 200 });
    expect([await balance(), (await periods()).length]).to.deep.equal([300, 2]);
    const [act, ...more] = await actsUpon(world, world.ids.uma);
    expect(more.map((one) => one.act)).to.deep.equal(['tariff.paid']);
    expect(act?.facts).to.deep.include({ name: 'Fleet', priceMinor: 500, until: first?.endsAt.toISOString() });
  });

  it('begins now where what was paid is over', async () => {
    const tariff = await giveTariff(world.db);
    await pay(world.db, uma, tariff);
    await letTimePass(world.db, '40 days');
    const { startsAt } = await pay(world.db, uma, tariff);
    expect(Math.abs(startsAt.getTime() - Date.now())).to.be.below(60_000);
  });

  it('counts the same form once, also when the price has changed since', async () => {
    const tariff = await giveTariff(world.db);
    const form = { username: 'uma', tariffId: tariff.id, version: 1, idempotencyKey: randomUUID() };
    const first = await payTariff(world.db, uma, form);
    await world.db('tariffs').update({ priceMinor: 900, version: 2 });
    const again = await payTariff(world.db, uma, form);
    expect([again.isRepeat, again.endsAt]).to.deep.equal([true, first.endsAt]);
    expect([await balance(), await acts()]).to.deep.equal([800, ['tariff.paid']]);
  });

  it('has one key in every tab, until somebody has paid', async () => {
    const tariff = await giveTariff(world.db);
    const key = () => nextKey(world.db, 'pay', { userId: world.ids.uma, tariffId: tariff.id });
    const [one, other] = [await key(), await key()];
    expect(one).to.equal(other);
    await pay(world.db, uma, tariff, { idempotencyKey: one });
    await pay(world.db, uma, tariff, { idempotencyKey: other });
    expect([await balance(), (await key()) === one]).to.deep.equal([800, false]);
  });

  it('refuses another tariff under a used key, and a payment that was cancelled since', async () => {
    const [fleet, other] = [await giveTariff(world.db), await giveTariff(world.db, { name: 'Other' })];
    const idempotencyKey = randomUUID();
    await pay(world.db, uma, fleet, { idempotencyKey });
    expect(await pay(world.db, uma, other, { idempotencyKey }).catch(said)).to.be.a('string');
    const { id } = await world.db('transactions').where({ kind: 'payment' }).first('id');
    await cancelTransaction(world.db, world.olga, { username: 'uma', transactionId: id });
    expect(await pay(world.db, uma, fleet, { idempotencyKey }).catch(said)).to.include('made and cancelled since');
    expect(await balance()).to.equal(1300);
  });

  it('refuses a price other than the one that was shown', async () => {
    const tariff = await giveTariff(world.db);
    await world.db('tariffs').update({ priceMinor: 900, version: 2 });
    const form = { username: 'uma', tariffId: tariff.id, version: 1, idempotencyKey: randomUUID() };
    expect(await payTariff(world.db, uma, form).catch(said)).to.include('changed since this page was opened');
    expect(await balance()).to.equal(1300);
  });

  it('is refused for what is off, for other types of users, and for what allows fewer things than are there', async () => {
    for (const name of ['A', 'B', 'C']) await world.db('things').insert({ kind: 'device', name, ownerId: world.ids.uma });
    for (const [values, words] of [
      [{ name: 'Off', isActive: false }, 'not offered any more'],
      [{ name: 'Home', forType: 'individual' }, 'not for this kind of user'],
      [{ name: 'Two', mostThings: 2 }, 'With Two 2 things are allowed, and there are 3'],
    ] as const)
      expect(await pay(world.db, uma, await giveTariff(world.db, values)).catch(said)).to.include(words);
    await pay(world.db, uma, await giveTariff(world.db, { name: 'More', mostThings: 5 }));
    await pay(world.db, uma, await giveTariff(world.db, { name: 'Three', mostThings: 1 }));
    expect(await acts()).to.deep.equal(['tariff.paid', 'tariff.paid']);
  });

  it('is for the customer itself, and for an administrator on its behalf who does not only look', async () => {
    const tariff = await giveTariff(world.db);
    const form = { username: 'uma', tariffId: tariff.id, idempotencyKey: randomUUID() };
    const connection = (mode: 'full' | 'read', user = uma) => ({ id: 1, mode, endsAt: new Date(), user });
    const ines = await actorFor(world.db, 'ines');
    for (const by of [
      ines,
      world.olga,
      await actorFor(world.db, 'stan'),
      { ...world.olga, connection: connection('read') },
      { ...world.olga, connection: connection('full', ines) },
    ])
      expect(await payTariff(world.db, by, form).catch(said)).to.match(/profile|connected|another user/);
    expect(await balance()).to.equal(1300);
  });

  it('keeps who did it on whose behalf', async () => {
    const tariff = await giveTariff(world.db);
    const by: Actor = { ...world.olga, connection: { id: 7, mode: 'full', endsAt: new Date(), user: uma } };
    await pay(world.db, by, tariff);
    expect(await world.db('transactions').where({ kind: 'payment' }).first()).to.include({
      actorId: world.olga.id,
      subjectId: uma.id,
      connectionId: 7,
    });
    expect((await actsUpon(world, uma.id))[0]).to.include({ actor: 'olga', subject: 'uma', connectionId: 7 });
  });
});

describe('A payment that is cancelled', () => {
  let world: World;
  let uma: Actor;
  beforeEach(async () => {
    world = await openWorld();
    await world.db('settings').update({ outgoingMail: true });
    uma = await actorFor(world.db, 'uma');
    await giveBalance(world.db, 'uma', 1300);
  });
  afterEach(() => world.close());

  it('takes its period along and ends the renewal, so that nothing buys it again, and its user is told', async () => {
    const tariff = await giveTariff(world.db);
    await pay(world.db, uma, tariff);
    const { endsAt } = await pay(world.db, uma, tariff, { renews: true });
    const [last] = await world.db('transactions').orderBy('seq', 'desc').limit(1);
    await cancelTransaction(world.db, world.olga, { username: 'uma', transactionId: last.id });
    const [left, ...more] = await periodsOf(world.db, uma.id);
    expect(more).to.deep.equal([]);
    expect(left?.endsAt).to.be.below(endsAt);
    expect(await world.db('renewals')).to.deep.equal([]);
    expect((await world.db('users').where({ id: uma.id }).first()).lastsUntil).to.equal(null);
    expect(await world.db('letters').pluck('kind')).to.deep.equal(['tariff-payment-cancelled']);
    const { facts } = (await actsUpon(world, uma.id)).at(-1) ?? {};
    expect(facts).to.include({ name: 'Fleet' });
  });

  it('can be paid again, from now on', async () => {
    const tariff = await giveTariff(world.db);
    await pay(world.db, uma, tariff);
    const [last] = await world.db('transactions').orderBy('seq', 'desc').limit(1);
    await cancelTransaction(world.db, world.olga, { username: 'uma', transactionId: last.id });
    await pay(world.db, uma, tariff, { renews: true });
    expect((await periodsOf(world.db, uma.id)).length).to.equal(1);
  });
});
