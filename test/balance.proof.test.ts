import { expect } from 'chai';
import type { Name } from '../seeds/world.ts';
import { readMoneyDays, sumMoneyDays } from '../src/balance/days.ts';
import { proveLedger, proveLedgerNightly, readLastProof } from '../src/balance/proof.ts';
import { verifyLedger } from '../src/balance/verify.ts';
import { lettersTo, turnMailOn } from './kit/letters.ts';
import { giveBalance, post, writeBooks } from './kit/money.ts';
import { siteForEach } from './kit/site.ts';

describe('The proof of the books', () => {
  const { site } = siteForEach();
  beforeEach(async () => {
    await giveBalance(site.db, 'uma', 500);
    await giveBalance(site.db, 'ines', -300);
    await turnMailOn(site);
  });

  /** Alters what only somebody with the owner's rights could. */
  const tamper = async (sql: string, name: Name) => {
    for (const table of ['users', 'transactions']) await site.db.raw('alter table ?? disable trigger user', [table]);
    await site.db.raw(sql, { id: site.ids[name] });
    for (const table of ['users', 'transactions']) await site.db.raw('alter table ?? enable trigger user', [table]);
  };
  const wrong = async () =>
    (await verifyLedger(site.db)).wrong.map(({ userId, why }) => `${userId === site.ids.uma ? 'uma' : 'ines'}: ${why}`);

  it('says how much it has read, and that all of it is right', async () => {
    expect(await verifyLedger(site.db)).to.deep.equal({
      users: Object.keys(site.ids).length,
      transactions: 4,
      wrongUsers: 0,
      wrong: [],
    });
  });

  for (const [sql, name, says] of [
    ['update users set balance_minor = 499 where id = :id', 'uma', 'uma: the balance is 499, the rows come to 500'],
    ['update users set balance_minor = 1 where id = :id', 'ines', 'ines: the balance is 1, the rows come to -300'],
    ['delete from transactions where user_id = :id', 'uma', 'uma: the balance is 500, the rows come to 0'],
    [
      'update transactions set balance_after_minor = 7 where user_id = :id and seq = 2',
      'ines',
      'ines: row 2 does not say the balance that the rows up to it come to',
    ],
    ['update transactions set seq = 9 where user_id = :id and seq = 3', 'ines', 'ines: row 9 does not stand in its place'],
    [
      `update transactions set cancels = (select id from transactions where user_id = :id and seq = 2) where user_id = :id and seq = 3`,
      'ines',
      'ines: row 3 does not take back the row that it names',
    ],
  ] as const)
    it(`finds what was altered behind the books: ${sql}`, async () => {
      await tamper(sql, name);
      expect(await wrong()).to.deep.equal([says]);
    });

  it('reads on over any gap in the numbers of accounts, and the rows of the purged', async () => {
    await site.db.raw(`alter table users alter column id restart with 700000001`);
    await site.db('users').insert({ username: 'far', email: 'far@world.example', name: 'Far', state: 'STATE_APPROVED' });
    await post(site.db, 'far', { kind: 'refill', amountMinor: 100 });
    await site.db('users').where({ username: 'far' }).delete();
    const proof = await verifyLedger(site.db);
    expect(proof).to.include({ transactions: 5, wrongUsers: 0 });
    await site.db.raw('alter table transactions disable trigger user');
    await site.db('transactions').where({ userId: 700_000_001 }).update({ balanceAfterMinor: 1 });
    expect((await verifyLedger(site.db)).wrong).to.have.length(1);
  });

  it('is kept, and found again on the Overview and the Settings page', async () => {
    await proveLedger(site.db);
    const proof = await readLastProof(site.db);
    expect(proof).to.include({ transactions: 4, wrongUsers: 0, isOld: false });
    const olga = await site.visitor('olga');
    expect((await olga.get('/')).text).to.include('18 accounts, 4 transactions, all right.');
    expect((await olga.get('/settings')).text).to.include('18 accounts and 4 transactions are right');
    expect(await lettersTo(site, 'olga')).to.deep.equal([]);
    expect(await site.db('history').where({ act: 'ledger.found-wrong' })).to.deep.equal([]);
  });

  it('shouts when a balance is wrong: on the Overview, in the history, and by mail to each administrator', async () => {
    await tamper('update users set balance_minor = 499 where id = :id', 'uma');
    await proveLedger(site.db);
    const olga = await site.visitor('olga');
    const page = await olga.get('/');
    const concern = page.document.querySelector('#attention .bad');
    expect(concern?.text)
      .to.include('The books do not agree for 1 account.')
      .and.include('uma: the balance is 499, the rows come to 500');
    expect(concern?.querySelector('li a')?.getAttribute('href')).to.equal('/users/uma/balance');
    expect((await olga.get('/settings')).text).to.include('1 of 18 accounts are wrong');
    for (const name of ['olga', 'oscar'] as const) {
      const [letter, ...more] = await lettersTo(site, name);
      expect(more).to.deep.equal([]);
      expect(letter?.kind).to.equal('ledger-wrong');
      expect(letter?.data).to.include({ count: '1 account' }).and.have.property('first').that.includes('uma: the balance is 499');
    }
    expect(await site.db('history').where({ act: 'ledger.found-wrong' })).to.have.length(1);
    expect((await olga.get('/history?act=ledger.found-wrong')).text).to.include('found wrong balances');
  });

  it('is done once a night, however often it is called', async () => {
    for (let turn = 0; turn < 3; turn += 1) await proveLedgerNightly(site.db);
    expect(await site.db('ledgerProofs')).to.have.length(1);
    await site.db('ledgerProofs').update({ startedAt: site.db.raw(`now() - interval '30 hours'`) });
    const olga = await site.visitor('olga');
    expect((await olga.get('/')).text).to.include('The books have not been proved last night.');
    await proveLedgerNightly(site.db);
    expect(await site.db('ledgerProofs')).to.have.length(2);
  });

  it('is done again when an administrator asks for it', async () => {
    const askedTimes = async () => (await site.db('history').where({ act: 'ledger.proof-asked', actorId: site.ids.olga })).length;
    await proveLedgerNightly(site.db);
    const olga = await site.visitor('olga');
    await olga.get('/settings');
    expect((await olga.submit('/settings/proof')).text).to.include('The worker proves the books now.');
    await olga.get('/settings');
    await olga.submit('/settings/proof');
    expect(await askedTimes(), 'pressed twice').to.equal(1);
    await site.db('ledgerProofs').update({ startedAt: site.db.raw(`now() - interval '1 second'`) });
    await proveLedgerNightly(site.db);
    expect(await site.db('ledgerProofs')).to.have.length(2);
    await site.db('ledgerProofs').update({ startedAt: site.db.raw(`clock_timestamp()`) });
    await proveLedgerNightly(site.db);
    expect(await site.db('ledgerProofs')).to.have.length(2);
    await olga.get('/settings');
    await olga.submit('/settings/proof');
    expect(await askedTimes(), 'again when it has been done').to.equal(2);
    const stan = await site.visitor('stan');
    await stan.get('/account');
    expect((await stan.post('/settings/proof', {})).status).to.equal(403);
  });
});

describe('The sums of days', () => {
  const { site } = siteForEach();

  const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString();

  it('are the same whether they are kept or read from the books', async () => {
    await writeBooks(site.db, 'uma', [
      { at: daysAgo(120), minor: 1 },
      { at: daysAgo(40), minor: 10_000 },
      { at: daysAgo(40), minor: -500 },
      { at: daysAgo(10), minor: 700 },
      { at: daysAgo(10), cancels: 3 },
    ]);
    await post(site.db, 'uma', { kind: 'payment', amountMinor: -25 });
    const read = await readMoneyDays(site.db, 90);
    await sumMoneyDays(site.db);
    await sumMoneyDays(site.db);
    expect(await site.db('moneyDays')).to.have.length.within(118, 121);
    await post(site.db, 'uma', { kind: 'refill', amountMinor: 30 });
    const kept = await readMoneyDays(site.db, 90);
    expect(kept.slice(0, -1)).to.deep.equal(read.slice(0, -1));
    expect(kept.length).to.equal(90);
    expect(kept.at(-1)).to.include({ paidMinor: -25, refilledMinor: 30, payments: 1, refills: 1 });
    expect(kept.at(-41)).to.include({ refilledMinor: 10_000, paidMinor: -500 });
    expect(kept.at(-11)).to.include({ refilledMinor: 700, cancelledMinor: -700, cancellations: 1 });
  });

  it('are all nothing where nothing was moved', async () => {
    await sumMoneyDays(site.db);
    const days = await readMoneyDays(site.db, 7);
    expect(days.map(({ refilledMinor, paidMinor, cancelledMinor }) => refilledMinor + paidMinor + cancelledMinor)).to.deep.equal(
      Array(7).fill(0),
    );
  });
});
