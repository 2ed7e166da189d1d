import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { cancelTransaction, lastTransactionOrNull } from '../src/balance/cancel.ts';
import { refillBalance } from '../src/balance/refill.ts';
import { verifyLedger } from '../src/balance/verify.ts';
import { decimalsOf, readMoney } from '../src/ground/money.ts';
import { actorFor } from './kit/actor.ts';
import { actsUpon } from './kit/history.ts';
import { giveBalance, post } from './kit/money.ts';
import { siteForEach } from './kit/site.ts';

describe('An amount', () => {
  for (const [typed, currency, minor] of [
    ['7', 'EUR', 700],
    ['7,5', 'EUR', 750],
    ['7.05', 'EUR', 705],
    ['0.01', 'EUR', 1],
    ['007', 'EUR', 700],
    ['999999999.99', 'EUR', 99_999_999_999],
    ['120', 'JPY', 120],
    ['1.234', 'KWD', 1234],
    ['1.2', 'KWD', 1200],
  ] as const)
    it(`is read exactly: ${typed} ${currency}`, () => expect(readMoney(typed, currency)).to.equal(minor));

  for (const typed of [
    '-1',
    '',
    '1e3',
    '0x10',
    '1.005',
    '1,000.00',
    'NaN',
    'Infinity',
    '١٢',
    '9999999999999999',
    ' 7 ',
    '7.',
    '.5',
    '+7',
    '7\n',
  ])
    it(`is nothing else: “${typed.trim()}”`, () => expect(readMoney(typed, 'EUR')).to.equal(null));

  it('has the decimals of its currency', () => {
    expect(['JPY', 'EUR', 'KWD'].map(decimalsOf)).to.deep.equal([0, 2, 3]);
    expect(readMoney('1.5', 'JPY')).to.equal(null);
  });
});

describe('The books', () => {
  const { site } = siteForEach();

  const olga = () => actorFor(site.db, 'olga');
  const refill = async (amountMinor: number, more: object = {}) =>
    refillBalance(site.db, await olga(), {
      username: 'uma',
      amountMinor,
      note: '',
      reference: '',
      idempotencyKey: randomUUID(),
      ...more,
    });
  const cancel = async (transactionId: number) => cancelTransaction(site.db, await olga(), { username: 'uma', transactionId });
  const balance = async () => (await site.db('users').where({ username: 'uma' }).first()).balanceMinor;
  const rows = () => site.db('transactions').where({ userId: site.ids.uma }).orderBy('seq');
  const said = (error: Error) => error.message;

  it('count a double click once, and refuse another amount under its key', async () => {
    const idempotencyKey = randomUUID();
    const first = await refill(500, { idempotencyKey, note: 'cash' });
    const second = await refill(500, { idempotencyKey, note: 'cash' });
    expect([second.isRepeat, second.transaction.id]).to.deep.equal([true, first.transaction.id]);
    for (const more of [{ note: 'other' }, { note: 'cash', reference: 'R-1' }])
      expect(await refill(500, { idempotencyKey, ...more }).catch(said)).to.match(/sent before with something else/);
    expect(await refill(501, { idempotencyKey, note: 'cash' }).catch(said)).to.match(/sent before with something else/);
    expect([await balance(), (await rows()).length]).to.deep.equal([500, 1]);
    expect((await actsUpon(site, site.ids.uma)).map(({ act }) => act)).to.deep.equal(['balance.refilled']);
  });

  it('take back the last transaction alone; then the one before is the last', async () => {
    const one = (await refill(500)).transaction;
    const two = (await refill(300)).transaction;
    expect(await cancel(one.id).catch(said)).to.match(/only the last one can be cancelled/);
    await cancel(two.id);
    expect([await balance(), (await lastTransactionOrNull(site.db, site.ids.uma))?.id]).to.deep.equal([500, one.id]);
    expect((await cancel(two.id)).isRepeat).to.equal(true);
    await cancel(one.id);
    expect([await balance(), await lastTransactionOrNull(site.db, site.ids.uma)]).to.deep.equal([0, null]);
    expect((await rows()).map((row) => [row.seq, row.amountMinor, row.balanceAfterMinor])).to.deep.equal([
      [1, 500, 500],
      [2, 300, 800],
      [3, -300, 500],
      [4, -500, 0],
    ]);
  });

  it('take back nothing of somebody else, and no cancellation', async () => {
    const one = (await refill(500)).transaction;
    const back = (await cancel(one.id)).transaction;
    expect(await cancel(back.id).catch(said)).to.equal('There is no such transaction.');
    await giveBalance(site.db, 'ines', 700);
    const { id } = await site.db('transactions').where({ userId: site.ids.ines }).first();
    expect(await cancel(id).catch(said)).to.equal('There is no such transaction.');
  });

  it('never fall below zero by a payment, nor by a cancellation unless debt is allowed', async () => {
    await refill(500);
    expect(await post(site.db, 'uma', { kind: 'payment', amountMinor: -501 }).catch(said)).to.match(/does not suffice/);
    await post(site.db, 'uma', { kind: 'payment', amountMinor: -500 });
    expect(await balance()).to.equal(0);
  });

  it('stay below zero where debt was allowed, and prove right', async () => {
    await giveBalance(site.db, 'uma', -900);
    expect(await balance()).to.equal(-900);
    await refill(100);
    expect(await balance()).to.equal(-800);
  });

  it('grow beyond nothing that can be kept', async () => {
    for (const amountMinor of [8_999_999_999_999_999, 1]) await refill(amountMinor);
    expect(await refill(1).catch(said)).to.match(/beyond what can be kept/);
  });

  it('are proved wrong when a balance is moved behind their back', async () => {
    await refill(500);
    expect((await verifyLedger(site.db)).wrong).to.deep.equal([]);
    await site.db.raw('alter table users disable trigger balances_are_posted');
    await site.db('users').where({ username: 'uma' }).update({ balanceMinor: 499 });
    expect((await verifyLedger(site.db)).wrong).to.deep.equal([
      { userId: site.ids.uma, why: 'the balance is 499, the rows come to 500' },
    ]);
  });

  it('are for living users', async () => {
    expect(await refill(5, { username: 'dora' }).catch(said)).to.match(/deleted/);
    const uma = await actorFor(site.db, 'uma');
    const own = { username: 'uma', amountMinor: 5, note: '', reference: '', idempotencyKey: randomUUID() };
    expect(await refillBalance(site.db, uma, own).catch(said)).to.match(/does not include/);
  });
});

describe('Whoever alters the books', () => {
  const { site } = siteForEach();
  beforeEach(async () => {
    await giveBalance(site.db, 'uma', 500);
  });

  for (const sql of [
    'update transactions set amount_minor = 1',
    'delete from transactions',
    'truncate transactions cascade',
    `update transaction_words set note = 'x'`,
    'update users set balance_minor = balance_minor + 1',
  ])
    it(`is refused by the database: ${sql}`, async () => {
      const end = await site.db.transaction((trx) => trx.raw(sql)).catch((error) => error.code);
      expect(end).to.equal('23001');
    });
});
