import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { refillBalance } from '../src/balance/refill.ts';
import { verifyLedger } from '../src/balance/verify.ts';
import { actorFor } from './kit/actor.ts';
import { giveBalance } from './kit/money.ts';
import { problem } from './kit/reading.ts';
import { everythingIn, type OwnSite, openOwnSite, openSite, type Site } from './kit/site.ts';

describe('Deleting a user with a balance', () => {
  let site: Site;
  beforeEach(async () => {
    site = await openSite();
  });
  afterEach(() => site.close());

  it('says what it is, and asks for the username', async () => {
    await giveBalance(site.db, 'ines', 700);
    const olga = await site.visitor('olga');
    const asked = await olga.get('/users/ines/delete');
    expect(asked.text).to.include('The balance is €7.00. It stays in the books').and.include('1 balance that is not zero');
    const unnamed = await olga.submit('/users/ines/delete');
    expect([unnamed.status, problem(unnamed, 'typed_username')]).to.deep.equal([422, 'Type ines to confirm.']);
    expect((await olga.submit('/users/ines/delete', { typed_username: 'ines' })).status).to.equal(200);
    const { deletedAt, balanceMinor } = await site.db('users').where({ username: 'ines' }).first();
    expect([deletedAt === null, balanceMinor]).to.deep.equal([false, 700]);
    await olga.get('/users/ines/balance');
    expect(olga.page.text).to.include('€7.00');
    expect(olga.page.document.querySelectorAll('.button.refill, #balance a.danger')).to.deep.equal([]);
  });

  it('does so for a debt too, and for a balance of nothing as before', async () => {
    await giveBalance(site.db, 'ines', -700);
    const olga = await site.visitor('olga');
    await olga.get('/users/ines/delete');
    expect((await olga.submit('/users/ines/delete')).status).to.equal(422);
    expect((await olga.get('/users/lea/delete')).text).to.not.include('The balance is');
    expect((await olga.submit('/users/lea/delete')).text).to.include('has been deleted');
  });
});

describe('Purging a user', () => {
  let site: OwnSite;
  beforeEach(async () => {
    site = await openOwnSite();
  });
  afterEach(() => site.close());

  it('keeps its rows in the books and erases the words beside them', async () => {
    const olga = await actorFor(site.db, 'olga');
    const refill = { username: 'ines', amountMinor: 700, note: 'Quux paid at the desk', reference: 'QUUX-7' };
    await refillBalance(site.db, olga, { ...refill, idempotencyKey: randomUUID() });
    const visitor = await site.visitor('olga');
    for (const [act, fields] of [
      ['delete', { typed_username: 'ines' }],
      ['purge', { typed_username: 'ines' }],
    ] as const) {
      await visitor.get(`/users/ines/${act}`);
      expect((await visitor.submit(`/users/ines/${act}`, fields)).status, act).to.equal(200);
    }
    const rows = await site.db('transactions').where({ userId: site.ids.ines });
    expect(rows.map(({ amountMinor, balanceAfterMinor }) => [amountMinor, balanceAfterMinor])).to.deep.equal([[700, 700]]);
    expect((await everythingIn(site.owner)).filter((line) => /quux/i.test(line))).to.deep.equal([]);
    expect((await verifyLedger(site.owner)).wrong).to.deep.equal([]);
  });
});
