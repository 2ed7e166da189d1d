import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import type { Actor } from '../../src/access/actor.ts';
import { cancelTransaction } from '../../src/balance/cancel.ts';
import { refillBalance } from '../../src/balance/refill.ts';
import { verifyLedger } from '../../src/balance/verify.ts';
import type { Db } from '../../src/ground/database.ts';
import { actorFor } from '../kit/actor.ts';
import { giveBalance, post } from '../kit/money.ts';
import { allAtOnce, doneAmong, openRace, type Race, times } from '../kit/race.ts';

describe('Money, from two processes at once', () => {
  let race: Race;
  let olga: Actor;
  before(async () => {
    race = await openRace();
    olga = await actorFor(race.one, 'olga');
  });
  after(() => race.close());
  const refill = (db: Db, username: string, amountMinor: number, idempotencyKey: string = randomUUID()) =>
    refillBalance(db, olga, { username, amountMinor, note: '', reference: '', idempotencyKey });
  const balanceOf = async (username: string) => (await race.one('users').where({ username }).first()).balanceMinor;

  afterEach(async () => {
    expect((await verifyLedger(race.one)).wrong).to.deep.equal([]);
  });

  it('adds up 64 refills to the cent', async () => {
    const ends = await allAtOnce(times(64, (index) => () => refill(race.pool(index), 'uma', 100 + index)));
    // Whoever waited too long for a connection of a busy machine was told so, and counts for nothing.
    const acknowledged = ends.flatMap((end, index) => (end === 'done' ? [100 + index] : []));
    expect(acknowledged.length).to.be.above(10);
    expect(await balanceOf('uma')).to.equal(acknowledged.reduce((sum, amount) => sum + amount, 0));
  });

  it('counts a form that was sent fifty times at once a single time', async () => {
    const key = randomUUID();
    const ends = await allAtOnce(times(50, (index) => () => refill(race.pool(index), 'ines', 700, key)));
    expect(doneAmong(ends)).to.be.above(10);
    expect(await balanceOf('ines')).to.equal(700);
    expect(await race.one('transactions').where({ userId: race.ids.ines }).pluck('seq')).to.deep.equal([1]);
  });

  it('takes the last transaction back once, whoever presses', async () => {
    await giveBalance(race.one, 'gus', 300);
    const last = await post(race.one, 'gus', { kind: 'refill', amountMinor: 50 });
    const cancel = (db: Db) => cancelTransaction(db, olga, { username: 'gus', transactionId: last.id });
    await allAtOnce(times(20, (index) => () => cancel(race.pool(index))));
    expect(await balanceOf('gus')).to.equal(300);
  });

  it('pays as often as the balance suffices, never once more', async () => {
    await giveBalance(race.one, 'flo', 1000);
    const pay = (db: Db) => post(db, 'flo', { kind: 'payment', amountMinor: -300 });
    const ends = await allAtOnce(times(16, (index) => () => pay(race.pool(index))));
    expect([doneAmong(ends), await balanceOf('flo')]).to.deep.equal([3, 100]);
    expect(ends.filter((end) => end !== 'done').every((end) => end.startsWith('Refused'))).to.equal(true);
  });

  it('lets only the owning role touch the rows', async () => {
    for (const sql of [
      'update transactions set seq = 1',
      'delete from transaction_words',
      'alter table transactions disable trigger all',
    ])
      expect(await race.one.raw(sql).catch((error) => error.code)).to.equal('42501');
  });
});
