import { expect } from 'chai';
import type { Actor } from '../src/access/actor.ts';
import { belongings } from '../src/belongings.ts';
import { chooseRenewal } from '../src/payments/renewal.ts';
import { switchTariff } from '../src/tariffs/save.ts';
import type { Tariff } from '../src/tariffs/tariff.ts';
import { deleteUser } from '../src/users/remove.ts';
import { restoreUser } from '../src/users/restore.ts';
import { actorFor } from './kit/actor.ts';
import { actsUpon } from './kit/history.ts';
import { giveBalance } from './kit/money.ts';
import { giveTariff, letTimePass, pay, periodsOf, renew } from './kit/tariffs.ts';
import { openWorld, type World } from './kit/world.ts';

const said = (error: Error) => error.message;

describe('A tariff that renews itself', () => {
  let world: World;
  let uma: Actor;
  let tariff: Tariff;
  beforeEach(async () => {
    world = await openWorld();
    await world.db('settings').update({ outgoingMail: true });
    uma = await actorFor(world.db, 'uma');
    await giveBalance(world.db, 'uma', 1200);
    tariff = await giveTariff(world.db, { period: 'week' });
    await pay(world.db, uma, tariff, { renews: true });
  });
  afterEach(() => world.close());

  const pass = async (span: string) => {
    await letTimePass(world.db, span);
    await renew(world.db);
  };
  const balance = async () => (await world.db('users').where({ username: 'uma' }).first()).balanceMinor;
  const letters = () => world.db('letters').orderBy('id').pluck('kind');
  const letter = (kind: string) => world.db('letters').where({ kind }).first();
  const periods = () => periodsOf(world.db, uma.id);
  const acts = async () => (await actsUpon(world, uma.id)).map(({ act }) => act);
  const renewals = () => world.db('renewals').where({ userId: uma.id });

  it('gives notice a day before, pays in the last hour, and says so; each once', async () => {
    await pass('5 days 20 hours');
    expect(await letters()).to.deep.equal([]);
    await pass('10 hours');
    await renew(world.db);
    expect(await letters()).to.deep.equal(['renewal-soon']);
    expect((await letter('renewal-soon')).data).to.include({ tariff: 'Fleet', price: '€5.00', balance: '€7.00', missing: '' });
    await pass('17 hours 30 minutes');
    await renew(world.db);
    expect(await letters()).to.deep.equal(['renewal-soon', 'renewed']);
    const [first, second, ...more] = await periods();
    expect([second?.startsAt, more]).to.deep.equal([first?.endsAt, []]);
    expect([await balance(), await acts()]).to.deep.equal([200, ['tariff.paid', 'tariff.renewal-on', 'tariff.renewed']]);
    expect((await letter('renewed')).data).to.include({ price: '€5.00', balance: '€2.00' });
  });

  it('keeps nobody waiting for one with whom something is wrong, and tries that one again', async () => {
    const ines = await actorFor(world.db, 'ines');
    await giveBalance(world.db, 'ines', 1200);
    await pay(world.db, ines, tariff, { renews: true });
    await world.db.raw(`create function fail() returns trigger language plpgsql as $$ begin raise 'a fault of ours'; end $$`);
    await world.db.raw(
      `create trigger fails before insert on payments for each row when (new.user_id = ${uma.id}) execute function fail()`,
    );
    await letTimePass(world.db, '6 days 23 hours 30 minutes');
    const failure = await renew(world.db).catch((error: AggregateError) => error);
    expect(failure).to.be.instanceOf(AggregateError);
    expect(String(failure)).to.include('a fault of ours');
    expect([(await periodsOf(world.db, ines.id)).length, (await periods()).length]).to.deep.equal([2, 1]);
    await world.db.raw('drop trigger fails on payments');
    await renew(world.db);
    expect([(await periodsOf(world.db, ines.id)).length, (await periods()).length]).to.deep.equal([2, 2]);
  });

  it('is done with whatever it was due for, also where moments are finer than ours', async () => {
    await world.db('renewals').update({ endsAt: world.db.raw(`now() + interval '20 hours 0.000123 seconds'`) });
    await renew(world.db);
    await giveBalance(world.db, 'uma', -1);
    await world.db('renewals').update({ priceMinor: 900_000, endsAt: world.db.raw(`now() - interval '0.000123 seconds'`) });
    await renew(world.db);
    expect(await letters()).to.deep.equal(['renewal-soon', 'renewal-failed']);
  });

  it('goes on from now where the worker comes too late', async () => {
    await pass('9 days');
    const [first, second] = await periods();
    expect(second?.startsAt).to.be.above(first?.endsAt as Date);
    expect(await balance()).to.equal(200);
  });

  it('ends while the balance does not suffice, says so once, and goes on after a refill', async () => {
    await pass('7 days');
    await pass('6 days 12 hours');
    expect((await world.db('letters').where({ kind: 'renewal-soon' }).orderBy('id', 'desc').first()).data.missing).to.equal(
      '€3.00',
    );
    await pass('13 hours');
    await renew(world.db);
    expect((await letters()).filter((kind) => kind === 'renewal-failed')).to.have.length(1);
    expect((await letter('renewal-failed')).data).to.include({ price: '€5.00', balance: '€2.00', missing: '€3.00' });
    expect((await acts()).at(-1)).to.equal('tariff.renewal-failed');
    await giveBalance(world.db, 'uma', 300);
    await renew(world.db);
    expect([await balance(), (await periods()).length]).to.deep.equal([0, 3]);
    expect((await letters()).at(-1)).to.equal('renewed');
  });

  it('is not tried for longer than thirty days', async () => {
    await pass('7 days');
    await pass('8 days');
    await pass('30 days');
    expect(await renewals()).to.deep.equal([]);
    await giveBalance(world.db, 'uma', 5000);
    await renew(world.db);
    expect([await balance(), (await acts()).includes('tariff.renewal-ended')]).to.deep.equal([5200, true]);
  });

  it('waits while its user is shut out', async () => {
    await world.db('users').where({ id: uma.id }).update({ state: 'STATE_SUSPENDED' });
    await pass('8 days');
    expect([await balance(), await letters()]).to.deep.equal([700, []]);
    await world.db('users').where({ id: uma.id }).update({ state: 'STATE_APPROVED' });
    await renew(world.db);
    expect(await balance()).to.equal(200);
  });

  it('is told of another price first; whoever has had the notice pays what it said', async () => {
    await world.db('tariffs').update({ priceMinor: 600 });
    await pass('1 day');
    expect((await letter('renewal-price-changed')).data).to.include({ before: '€5.00', price: '€6.00' });
    await pass('5 days 2 hours');
    expect((await letter('renewal-soon')).data.price).to.equal('€6.00');
    await world.db('tariffs').update({ priceMinor: 700 });
    await pass('22 hours 30 minutes');
    expect(await balance()).to.equal(100);
    await renew(world.db);
    expect((await letters()).filter((kind) => kind === 'renewal-price-changed')).to.have.length(2);
    expect((await renewals())[0]).to.include({ priceMinor: 700 });
  });

  it('ends, with a letter, when the tariff is not offered any more or not for this user; what is paid stays', async () => {
    await switchTariff(world.db, world.olga, { id: tariff.id, isActive: false });
    await renew(world.db);
    expect([await renewals(), await letters(), (await periods()).length]).to.deep.equal([[], ['renewal-ended'], 1]);
    expect((await letter('renewal-ended')).data.reason).to.equal('it is not offered any more');
    await switchTariff(world.db, world.olga, { id: tariff.id, isActive: true });
    await pass('8 days');
    expect(await balance()).to.equal(700);
  });

  it('ends without a word about money when its user is no customer any more', async () => {
    await world.db('users').where({ id: uma.id }).update({ profile: 'standard' });
    await pass('8 days');
    expect([await renewals(), await letters(), await balance()]).to.deep.equal([[], [], 700]);
  });

  it('ends with its user, and does not come back with it', async () => {
    await deleteUser(world.db, world.olga, 'uma', belongings);
    expect([await renewals(), (await world.db('users').where({ id: uma.id }).first()).lastsUntil]).to.deep.equal([[], null]);
    await restoreUser(world.db, world.olga, { username: 'uma', belongings });
    await pass('8 days');
    expect(await balance()).to.equal(700);
  });

  it('sends neither notice nor receipt to who wants none, but what went wrong', async () => {
    await world
      .db('users')
      .where({ id: uma.id })
      .update({ mutedLetters: ['renewals'] });
    await pass('6 days 12 hours');
    await pass('12 hours');
    await pass('7 days 1 hour');
    expect(await letters()).to.deep.equal(['renewal-failed']);
  });

  it('is turned off and on by its user, and by nobody else; twice is once', async () => {
    const choose = (by: Actor, renews: boolean) => chooseRenewal(world.db, by, { username: 'uma', tariffId: tariff.id, renews });
    for (const by of [world.olga, await actorFor(world.db, 'ines'), await actorFor(world.db, 'mona')])
      expect(await choose(by, false).catch(said)).to.match(/profile|connected|another user/);
    for (const renews of [false, false, true, true]) await choose(uma, renews);
    expect((await acts()).slice(2)).to.deep.equal(['tariff.renewal-off', 'tariff.renewal-on']);
    await choose(uma, false);
    await letTimePass(world.db, '8 days');
    expect(await choose(uma, true).catch(said)).to.include('pay it first');
    await renew(world.db);
    expect(await balance()).to.equal(700);
  });

  it('pays the first of two for which the balance suffices only once', async () => {
    const other = await giveTariff(world.db, { name: 'Other', period: 'week', priceMinor: 400 });
    await pay(world.db, uma, other, { renews: true });
    await giveBalance(world.db, 'uma', 300);
    await pass('7 days');
    expect(await balance()).to.equal(100);
    expect((await letters()).filter((kind) => kind === 'renewal-failed')).to.have.length(1);
  });
});
