import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import type { Name } from '../seeds/world.ts';
import { belongings } from '../src/belongings.ts';
import type { Tariff } from '../src/tariffs/tariff.ts';
import { deleteUser, purgeUser } from '../src/users/remove.ts';
import { actorFor } from './kit/actor.ts';
import { connectTo } from './kit/connection.ts';
import { giveBalance } from './kit/money.ts';
import { alertOf, wordsOf } from './kit/reading.ts';
import { siteForEach } from './kit/site.ts';
import { giveTariff, pay } from './kit/tariffs.ts';
import { modes, type Page } from './kit/visitor.ts';

const offers = ({ document }: Page) => document.querySelectorAll('.offers h2').map(({ text }) => text.trim());
const rows = ({ document }: Page) =>
  document.querySelectorAll('#payments tbody tr').map(({ text }) => text.replace(/\s+/g, ' ').trim());

describe('The pages on which tariffs are paid', () => {
  const { site } = siteForEach();
  let tariff: Tariff;
  beforeEach(async () => {
    tariff = await giveTariff(site.db, { description: 'For lorries', mostThings: 20 });
    await giveBalance(site.db, 'uma', 1200);
  });

  const balance = async (name: Name = 'uma') => (await site.db('users').where({ username: name }).first()).balanceMinor;
  const payPath = () => `/my/tariffs/${tariff.id}/pay`;

  for (const mode of modes) {
    it(`say what it costs, from when to when, and what is left; then it is paid once (${mode})`, async () => {
      const uma = await site.visitor('uma', mode);
      await uma.get('/my/tariffs');
      expect(uma.page.document.querySelector(`#pay-${tariff.id}`)?.getAttribute('href')).to.equal(payPath());
      await uma.get(payPath());
      expect(wordsOf(uma.page, '#confirm')).to.match(
        /€5\.00 a month.*From.*To.*Balance now\s*€12\.00\s*Balance after\s*€7\.00.*Pay €5\.00/,
      );
      const key = uma.page.document.querySelector('[name=idempotency_key]')?.getAttribute('value') as string;
      const page = await uma.submit(payPath(), { renews: 'on' });
      expect(page.text).to.match(/Fleet is paid until \d+ \w+ \d{4}.*The balance is €7\.00\./);
      expect(page.text).to.include('Running').and.include('Renews itself for €5.00');
      await uma.post(payPath(), { idempotency_key: key, version: '1', renews: 'on', subject: String(site.ids.uma) });
      expect([await balance(), uma.page.status]).to.deep.equal([700, 200]);
      expect(rows(await uma.get('/my/payments'))).to.have.length(1);
    });
  }

  it('pay once from two tabs that were opened before', async () => {
    const [one, other] = [await site.visitor('uma'), await site.visitor('uma')];
    for (const tab of [one, other]) await tab.get(payPath());
    for (const tab of [one, other]) await tab.submit(payPath());
    expect(await balance()).to.equal(700);
    await other.get(payPath());
    expect(wordsOf(other.page, '#confirm')).to.include('this pays the period after that');
    await other.submit(payPath());
    expect(await balance()).to.equal(200);
  });

  it('say how much is missing, and lead who may refill to where that is done and back', async () => {
    await site.db('tariffs').update({ priceMinor: 2000 });
    const uma = await site.visitor('uma');
    expect(wordsOf(await uma.get(payPath()), '#confirm'))
      .to.include('€8.00 are missing')
      .and.include('Ask an administrator');
    expect(uma.page.document.querySelector('form[action$="/pay"]')).to.equal(null);
    const olga = await site.visitor('olga');
    await connectTo(olga, 'uma');
    await olga.get(payPath());
    const href = olga.page.document.querySelector('#confirm a.refill')?.getAttribute('href') as string;
    await olga.get(href);
    const back = await olga.submit('/users/uma/refill', { amount: '8' });
    expect(new URL(back.url).pathname).to.equal(payPath());
    await olga.submit(payPath());
    expect(await balance()).to.equal(0);
  });

  it('refuse with the same page what has become too dear or too much since it was opened', async () => {
    const uma = await site.visitor('uma');
    await uma.get(payPath());
    await site.db('tariffs').update({ priceMinor: 900, version: 2 });
    const changed = await uma.submit(payPath(), { renews: 'on' });
    expect([changed.status, alertOf(changed).includes('changed since')]).to.deep.equal([409, true]);
    expect(wordsOf(changed, '#confirm')).to.include('€9.00 a month');
    expect(changed.document.querySelector('#field-renews')?.hasAttribute('checked')).to.equal(true);
    await giveBalance(site.db, 'uma', 100);
    await site.db('tariffs').update({ priceMinor: 5000 });
    const short = await uma.submit(payPath());
    expect([short.status, wordsOf(short, '#confirm')?.includes('€37.00 are missing')]).to.deep.equal([409, true]);
    expect(await balance()).to.equal(1300);
  });

  it('take no form without its key, its version and its subject', async () => {
    const uma = await site.visitor('uma');
    for (const [fields, status] of [
      [{ idempotency_key: 'x', version: '1' }, 422],
      [{ idempotency_key: randomUUID(), version: '' }, 422],
      [{ idempotency_key: randomUUID(), version: '1e1' }, 422],
    ] as const) {
      await uma.get(payPath());
      expect((await uma.post(payPath(), { subject: String(site.ids.uma), ...fields })).status).to.equal(status);
    }
    expect(await balance()).to.equal(1200);
  });

  it('offer what is for the subject’s type and on, and know nothing of the others', async () => {
    const off = await giveTariff(site.db, { name: 'Off', isActive: false });
    const home = await giveTariff(site.db, { name: 'Home', forType: 'individual', priceMinor: 100 });
    const uma = await site.visitor('uma');
    expect(offers(await uma.get('/my/tariffs'))).to.deep.equal(['Fleet']);
    expect(offers(await (await site.visitor('ines')).get('/my/tariffs'))).to.deep.equal(['Home', 'Fleet']);
    await uma.get('/my/tariffs');
    const token = { subject: String(site.ids.uma), idempotency_key: randomUUID(), version: '1', renews: 'on' };
    await uma.get('/account');
    const csrf = uma.token();
    for (const id of [off.id, home.id, 999_999, 'x'] as const) {
      expect((await uma.get(`/my/tariffs/${id}/pay`)).status, `${id}`).to.equal(404);
      for (const part of ['pay', 'renewal'])
        expect((await uma.post(`/my/tariffs/${id}/${part}`, { _csrf: csrf, ...token })).status, `${id} ${part}`).to.equal(404);
    }
    expect(await balance()).to.equal(1200);
  });

  it('say of what was bought before and is off by now that it is not offered any more', async () => {
    await pay(site.db, await actorFor(site.db, 'uma'), tariff);
    const uma = await site.visitor('uma');
    await uma.get(payPath());
    await site.db('tariffs').update({ isActive: false });
    const page = await uma.submit(payPath());
    expect([page.status, alertOf(page)]).to.deep.equal([409, 'Fleet is not offered any more.']);
    expect(wordsOf(await uma.get(payPath()), '#confirm')).to.include('is not offered any more. It is paid until');
    expect(uma.page.document.querySelector('form[action$="/pay"]')).to.equal(null);
    expect(offers(await uma.get('/my/tariffs'))).to.deep.equal(['Fleet']);
    expect(uma.page.text).to.include('Not offered any more.');
    expect(uma.page.document.querySelector('form[action$="/renewal"]')).to.equal(null);
    expect(await balance()).to.equal(700);
  });

  it('work while connected, in the name of both, and only look where that was asked', async () => {
    const olga = await site.visitor('olga');
    await connectTo(olga, 'uma');
    await olga.get(payPath());
    await olga.submit(payPath());
    expect(rows(await olga.get('/my/payments'))[0]).to.include('Olga Ivanova, on behalf of Uma Trucking Ltd');
    expect(await site.db('history').where({ act: 'tariff.paid' }).first()).to.include({
      actorId: site.ids.olga,
      subjectId: site.ids.uma,
    });
    const oscar = await site.visitor('oscar');
    await connectTo(oscar, 'uma', { mode: 'read' });
    expect((await oscar.get('/my/tariffs')).document.querySelector(`#pay-${tariff.id}`)).to.equal(null);
    expect((await oscar.get(payPath())).status).to.equal(403);
    expect(await balance()).to.equal(700);
  });

  it('refuse a form of whom one is no longer connected to', async () => {
    await giveBalance(site.db, 'ines', 5000);
    const olga = await site.visitor('olga');
    await connectTo(olga, 'uma');
    await olga.get(payPath());
    const form = { subject: String(site.ids.uma), idempotency_key: randomUUID(), version: '1' };
    await connectTo(olga, 'ines');
    await olga.get('/my');
    for (const part of ['pay', 'renewal'])
      expect(
        (await olga.post(`/my/tariffs/${tariff.id}/${part}`, { _csrf: olga.token(), ...form, renews: 'on' })).status,
      ).to.equal(409);
    expect([await balance(), await balance('ines')]).to.deep.equal([1200, 5000]);
  });

  it('turn a renewal off and on, from either page', async () => {
    await pay(site.db, await actorFor(site.db, 'uma'), tariff, { renews: true });
    const uma = await site.visitor('uma');
    const action = `/my/tariffs/${tariff.id}/renewal`;
    for (const path of ['/my/tariffs', '/my/payments']) {
      await uma.get(path);
      expect((await uma.submit(action)).text).to.include('Fleet does not renew itself any more.');
      expect(await site.db('renewals')).to.have.length(0);
      expect((await uma.submit(action)).text).to.include('Fleet renews itself from now on.');
    }
  });

  it('show a cancelled payment as such, and one’s own alone', async () => {
    await pay(site.db, await actorFor(site.db, 'uma'), tariff);
    const { id } = await site.db('transactions').where({ kind: 'payment' }).first();
    const olga = await site.visitor('olga');
    await olga.get(`/users/uma/transactions/${id}/cancel`);
    await olga.submit(`/users/uma/transactions/${id}/cancel`);
    const uma = await site.visitor('uma');
    expect(rows(await uma.get('/my/payments'))[0]).to.include('Cancelled');
    expect(offers(await uma.get('/my/tariffs'))).to.deep.equal(['Fleet']);
    expect(uma.page.text).to.not.include('Running');
    expect(rows(await (await site.visitor('ines')).get(`/my/payments?user=uma`))).to.deep.equal([]);
    expect((await (await site.visitor('ines')).get(`/my/balance/transactions/${id}`)).status).to.equal(404);
  });

  it('list what all have paid, narrowed by user, tariff, status and day, page by page', async () => {
    const other = await giveTariff(site.db, { name: 'Other', priceMinor: 10 });
    await giveBalance(site.db, 'ines', 1000);
    for (let times = 0; times < 30; times += 1) await pay(site.db, await actorFor(site.db, 'ines'), other);
    await pay(site.db, await actorFor(site.db, 'uma'), tariff);
    const olga = await site.visitor('olga');
    expect(rows(await olga.get('/payments'))).to.have.length(25);
    const next = olga.page.document.querySelector('#page-next')?.getAttribute('href') as string;
    expect(rows(await olga.get(next))).to.have.length(6);
    const today = new Date().toISOString().slice(0, 10);
    for (const [query, count] of [
      ['user=UMA', 1],
      [`tariff=${tariff.id}`, 1],
      ['user=ines&stage=running', 1],
      ['stage=coming&limit=100', 29],
      ['stage=cancelled', 0],
      [`user=uma&from=${today}&to=${today}`, 1],
      ['to=2020-01-01', 0],
      ['user=nobody&tariff=x&stage=constructor&from=never', 0],
    ] as const)
      expect(rows(await olga.get(`/payments?${query}`)).length, query).to.equal(count);
    expect((await olga.get('/users/uma/balance')).text)
      .to.include('Paid until')
      .and.include('All payments of Uma Trucking Ltd');
  });

  it('keep what somebody paid whose account is purged, under its bare number', async () => {
    await pay(site.db, await actorFor(site.db, 'uma'), tariff, { renews: true });
    const by = await actorFor(site.db, 'olga');
    await deleteUser(site.db, by, 'uma', belongings);
    await purgeUser(site.db, by, 'uma', belongings);
    const olga = await site.visitor('olga');
    expect(rows(await olga.get('/payments'))[0])
      .to.include(`account ${site.ids.uma} (erased)`)
      .and.include('€5.00');
    expect(await site.db('renewals')).to.deep.equal([]);
  });

  it('show nothing of it to whom money does not concern', async () => {
    for (const name of ['stan', 'gus', 'mona', 'april'] as const) {
      const visitor = await site.visitor(name);
      for (const path of ['/tariffs', '/payments', '/my/tariffs', '/my/payments', payPath()])
        expect((await visitor.get(path)).status, `${name} ${path}`).to.equal(403);
    }
  });
});
