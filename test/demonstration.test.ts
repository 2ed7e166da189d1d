import { expect } from 'chai';
import { fillDemonstration } from '../seeds/demonstration.ts';
import { verifyLedger } from '../src/balance/verify.ts';
import { type Db, openDatabase } from '../src/ground/database.ts';
import { lastsUntil } from '../src/tariffs/lasting.ts';
import { endOf } from '../src/tariffs/period.ts';
import { makeDatabase } from './kit/database.ts';

describe('The demonstration', () => {
  let db: Db;
  let close: () => Promise<void>;
  before(async () => {
    const database = await makeDatabase();
    db = openDatabase(database.owner, { size: 2, patient: true });
    close = async () => {
      await db.destroy();
      await database.drop();
    };
    await fillDemonstration(db, 2000);
  });
  after(() => close());

  const count = async (table: string) => Number((await db(table).count({ count: '*' }).first())?.count);

  it('has books in which every balance is right', async () => {
    const { wrong, transactions } = await verifyLedger(db);
    expect(wrong).to.deep.equal([]);
    expect(transactions).to.be.greaterThan(500);
  });

  it('has a period for each payment that its crowd made, as long as one that is paid in the console', async () => {
    const without = await db('transactions as t')
      .leftJoin('payments as p', 'p.transactionId', 't.id')
      .join('users as u', 'u.id', 't.userId')
      .whereLike('u.username', 'user-%')
      .where('t.kind', 'payment')
      .whereNull('p.id');
    expect(without).to.deep.equal([]);
    const periods = await db('payments').where({ nth: 1 });
    expect(periods).to.have.length.greaterThan(100);
    for (const { endsAt, ...placed } of periods) expect(endsAt).to.deep.equal(endOf(placed));
  });

  it('reckons how long its balances last as the console does', async () => {
    const renewing = await db('renewals as r')
      .join('users as u', 'u.id', 'r.userId')
      .join('tariffs as t', 't.id', 'r.tariffId')
      .whereLike('u.username', 'user-%')
      .select('r.endsAt', 'r.anchorAt', 'r.nth', 'r.priceMinor', 't.period', 'u.balanceMinor', 'u.lastsUntil');
    expect(renewing).to.have.length.greaterThan(10);
    for (const { balanceMinor, lastsUntil: until, ...one } of renewing)
      expect(until).to.deep.equal(lastsUntil(balanceMinor, [one]));
    expect(new Set(renewing.map(({ lastsUntil }) => lastsUntil === null))).to.have.lengthOf(2);
  });

  it('adds nothing when it is filled once more', async () => {
    const tables = ['users', 'things', 'shares', 'groups', 'transactions', 'payments', 'renewals', 'invitations', 'feedback'];
    const before = await Promise.all(tables.map(count));
    await fillDemonstration(db, 2000);
    expect(await Promise.all(tables.map(count))).to.deep.equal(before);
  });
});
