import { expect } from 'chai';
import type { Name } from '../seeds/world.ts';
import { giveBalance } from './kit/money.ts';
import { fieldValue, problem } from './kit/reading.ts';
import { siteForEach } from './kit/site.ts';
import { modes, type Visitor } from './kit/visitor.ts';

describe('The pages of balances', () => {
  const { site } = siteForEach();

  const balance = async (name: Name) => (await site.db('users').where({ username: name }).first()).balanceMinor;
  const amounts = ({ page }: Visitor) =>
    page.document.querySelectorAll('#balance tbody td[data-label=Amount]').map((cell) => cell.textContent);
  const connect = async (visitor: Visitor, name: Name, mode = 'full') => {
    await visitor.get(`/users/${name}/connect`);
    await visitor.submit(`/users/${name}/connect`, { reason: 'A call', mode });
  };

  for (const mode of modes) {
    it(`refill once, however often the form is sent, as ${mode}`, async () => {
      const olga = await site.visitor('olga', mode);
      await olga.get('/users/uma/refill');
      const fields = { amount: '120,50', note: 'Cash', reference: 'R-7' };
      const key = olga.page.document.querySelector('input[name=idempotency_key]')?.getAttribute('value') as string;
      const page = await olga.submit('/users/uma/refill', fields);
      expect(page.text).to.include('€120.50 added to the balance of Uma Trucking Ltd. It is €120.50 now.');
      expect(amounts(olga)).to.deep.equal(['€120.50']);
      await olga.post('/users/uma/refill', { ...fields, idempotency_key: key });
      expect(await balance('uma')).to.equal(12_050);
    });

    it(`say beside the amount what is wrong with it, and keep what was typed, as ${mode}`, async () => {
      const olga = await site.visitor('olga', mode);
      await olga.get('/users/uma/refill');
      for (const amount of ['-1', '0', '', '1e3', '0x10', '1.005', 'NaN', '١٢', ' 7 x', '9999999999999999']) {
        const page = await olga.submit('/users/uma/refill', { amount, note: 'Cash' });
        expect(page.status, amount).to.equal(422);
        expect(problem(page, 'amount'), amount).to.match(/Digits only|More than zero/);
        expect(fieldValue(page, 'note')).to.equal('Cash');
      }
      expect(await balance('uma')).to.equal(0);
    });
  }

  it('ask for a fresh proof of identity above the threshold', async () => {
    await site.db('sessions').delete();
    const olga = await site.visitor('olga');
    await site.db('sessions').update({ confirmedAt: new Date(Date.now() - 3_600_000) });
    await olga.get('/users/uma/refill');
    await olga.submit('/users/uma/refill', { amount: '1000' });
    expect(await balance('uma')).to.equal(100_000);
    await olga.get('/users/uma/refill');
    const page = await olga.submit('/users/uma/refill', { amount: '1000.01' });
    expect(page.status).to.equal(422);
    expect(problem(page, 'your_password')).to.include('password is needed');
    expect(await balance('uma')).to.equal(100_000);
  });

  it('take back the last transaction from the connected user’s Balance page; then the pair is gone and the next one is the last', async () => {
    await giveBalance(site.db, 'uma', 500);
    await giveBalance(site.db, 'uma', 300);
    const olga = await site.visitor('olga');
    await connect(olga, 'uma');
    await olga.get('/my/balance');
    expect(olga.page.text).to.include('My Account / Balance').and.include('Refill Balance');
    const cancel = () =>
      olga.page.document.querySelectorAll('#balance a.danger').map((link) => link.getAttribute('href') as string);
    expect(cancel().length).to.equal(1);
    const [path = ''] = cancel();
    await olga.get(path);
    expect((await olga.submit(path)).text).to.include('The balance of Uma Trucking Ltd is €5.00 again.');
    expect(amounts(olga)).to.deep.equal(['€5.00']);
    expect(cancel().length).to.equal(1);
    await olga.get('/my/balance?cancelled=shown');
    expect(amounts(olga)).to.deep.equal(['-€3.00', '€3.00', '€5.00']);
    const row = await site.db('transactions').where({ kind: 'cancellation' }).first();
    expect(row).to.include({ actorId: site.ids.olga, subjectId: site.ids.uma });
  });

  it('refuse to take back what is not the last one by now', async () => {
    await giveBalance(site.db, 'uma', 500);
    const { id } = await site.db('transactions').first();
    const olga = await site.visitor('olga');
    await olga.get(`/users/uma/transactions/${id}/cancel`);
    await giveBalance(site.db, 'uma', 300);
    const page = await olga.submit(`/users/uma/transactions/${id}/cancel`);
    expect(page.status).to.equal(409);
    expect(await balance('uma')).to.equal(800);
  });

  it('show a customer its own, without a way to change it', async () => {
    await giveBalance(site.db, 'uma', 500);
    const uma = await site.visitor('uma');
    await uma.get('/my/balance');
    expect(amounts(uma)).to.deep.equal(['€5.00']);
    expect(uma.page.text).to.not.include('Refill Balance').and.not.include('Cancel');
    const { id } = await site.db('transactions').first();
    expect((await uma.get(`/my/balance/transactions/${id}`)).text).to.include('€5.00');
    expect((await uma.post(`/my/balance/transactions/${id}/cancel`, {})).status).to.equal(403);
    await giveBalance(site.db, 'ines', 700);
    const foreign = await site.db('transactions').where({ userId: site.ids.ines }).first();
    expect((await uma.get(`/my/balance/transactions/${foreign.id}`)).status).to.equal(404);
  });

  it('offer nothing to whoever is connected to look only', async () => {
    await giveBalance(site.db, 'uma', 500);
    const olga = await site.visitor('olga');
    await connect(olga, 'uma', 'read');
    await olga.get('/my/balance');
    expect(olga.page.document.querySelectorAll('.button.refill, #balance a.danger')).to.deep.equal([]);
    expect((await olga.post('/users/uma/refill', { amount: '5', idempotency_key: crypto.randomUUID() })).status).to.equal(403);
    expect(await balance('uma')).to.equal(500);
  });

  it('are closed to everybody whose profile holds no money', async () => {
    for (const name of ['stan', 'gus', 'mona', 'april'] as const) {
      const visitor = await site.visitor(name);
      expect((await visitor.get('/my/balance')).status, name).to.equal(403);
      expect((await visitor.get('/users/uma/balance')).status, name).to.equal(403);
    }
  });

  it('narrow the list by kind and day, and answer junk with a page', async () => {
    await giveBalance(site.db, 'uma', 500);
    const olga = await site.visitor('olga');
    await olga.get('/users/uma/balance?kind=payment');
    expect(amounts(olga)).to.deep.equal([]);
    await olga.get('/users/uma/balance?kind=refill&from=2020-01-01&to=2099-01-01');
    expect(amounts(olga)).to.deep.equal(['€5.00']);
    for (const query of ['from=2026-02-31', 'from=x', 'after=%00', 'kind[]=refill', 'before=zz', 'to=9999999-01-01'])
      expect((await olga.get(`/users/uma/balance?${query}`)).status, query).to.be.oneOf([200, 400]);
    for (const id of ['abc', '0', '99999999999999999999'])
      expect((await olga.get(`/users/uma/transactions/${id}/cancel`)).status).to.be.oneOf([404, 200]);
  });
});
