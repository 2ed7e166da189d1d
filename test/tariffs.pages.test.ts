import { expect } from 'chai';
import { actorFor } from './kit/actor.ts';
import { giveBalance } from './kit/money.ts';
import { alertOf, fieldValue, problem, wordsOf } from './kit/reading.ts';
import { openSite, type Site } from './kit/site.ts';
import { giveTariff, pay } from './kit/tariffs.ts';
import { modes } from './kit/visitor.ts';

const fields = {
  name: 'Fleet',
  price: '49,90',
  period: 'month',
  for_type: 'legal_entity',
  most_things: '100',
  description: 'For lorries',
};

describe('The pages of tariffs', () => {
  let site: Site;
  const open = async (env: Record<string, string> = {}) => {
    site = await openSite(env);
  };
  beforeEach(() => open());
  afterEach(() => site.close());

  for (const mode of modes) {
    it(`add one, show it, change it and list it (${mode})`, async () => {
      const olga = await site.visitor('olga', mode);
      expect((await olga.get('/tariffs')).text).to.include('No tariffs yet');
      await olga.get('/tariffs/new');
      const page = await olga.submit('/tariffs/new', { ...fields, is_active: 'on' });
      expect(page.text).to.include('Fleet has been added. It can be paid from now on.').and.include('€49.90 a month');
      const path = new URL(page.url).pathname;
      await olga.get(`${path}/edit`);
      expect(fieldValue(olga.page, 'price')).to.equal('49.90');
      await olga.submit(`${path}/edit`, { price: '55', most_things: '' });
      expect(olga.page.text).to.include('Fleet has been saved.').and.include('€55.00 a month').and.include('any number');
      expect(wordsOf(await olga.get('/tariffs'), 'tbody tr')).to.equal(
        'Fleet €55.00 a month Legal entities any number Active 0 0',
      );
    });

    it(`say beside each field what is wrong with it, and keep what was typed (${mode})`, async () => {
      const olga = await site.visitor('olga', mode);
      for (const price of ['-1', '0', '', '1e3', '0x10', '1.005', 'NaN', 'Infinity', '١٢', '9999999999999999', ' 7 ', '+7']) {
        await olga.get('/tariffs/new');
        const page = await olga.submit('/tariffs/new', { ...fields, price });
        expect([page.status, problem(page, 'price') !== ''], price).to.deep.equal([422, true]);
        expect(fieldValue(page, 'name')).to.equal('Fleet');
      }
      for (const [field, value] of [
        ['name', ''],
        ['name', 'x'.repeat(101)],
        ['period', 'decade'],
        ['for_type', 'cats'],
        ['most_things', '0'],
        ['most_things', '1.5'],
        ['most_things', '1000001'],
        ['description', 'x'.repeat(2001)],
      ] as const) {
        await olga.get('/tariffs/new');
        const page = await olga.submit('/tariffs/new', { ...fields, [field]: value });
        expect([page.status, problem(page, field) !== ''], field).to.deep.equal([422, true]);
      }
      expect(await site.db('tariffs')).to.deep.equal([]);
    });
  }

  for (const [currency, price, says] of [
    ['JPY', '500', '¥500 a week'],
    ['KWD', '1.250', 'KWD 1.250 a week'],
    ['EUR', '1.25', '€1.25 a week'],
  ] as const)
    it(`write prices as ${currency} has them`, async () => {
      await site.close();
      await open({ CURRENCY: currency });
      const olga = await site.visitor('olga');
      await olga.get('/tariffs/new');
      const page = await olga.submit('/tariffs/new', { ...fields, price, period: 'week' });
      expect(page.text.replace(/\u00a0/g, ' ')).to.include(says);
      await olga.get(`${new URL(page.url).pathname}/edit`);
      expect(fieldValue(olga.page, 'price')).to.equal(price);
    });

  it('show who saves second how it is by then, and let it save knowingly', async () => {
    const { id } = await giveTariff(site.db);
    const [olga, oscar] = [await site.visitor('olga'), await site.visitor('oscar')];
    for (const visitor of [olga, oscar]) await visitor.get(`/tariffs/${id}/edit`);
    await olga.submit(`/tariffs/${id}/edit`, { price: '7' });
    const page = await oscar.submit(`/tariffs/${id}/edit`, { name: 'Fleet plus' });
    expect(page.status).to.equal(409);
    expect(alertOf(page)).to.include('has been changed since');
    expect(wordsOf(page, '.facts')).to.include('€7.00 a month');
    expect(fieldValue(page, 'name')).to.equal('Fleet plus');
    expect((await oscar.submit(`/tariffs/${id}/edit`)).text)
      .to.include('Fleet plus has been saved.')
      .and.include('€5.00 a month');
  });

  it('switch off after a page that says what ends, and on again', async () => {
    const tariff = await giveTariff(site.db);
    await giveBalance(site.db, 'uma', 500);
    await pay(site.db, await actorFor(site.db, 'uma'), tariff, { renews: true });
    const olga = await site.visitor('olga');
    await olga.get(`/tariffs/${tariff.id}/switch-off`);
    expect(wordsOf(olga.page, '#confirm')).to.include('at present for 1 user').and.include('1 renewal ends');
    const off = await olga.submit(`/tariffs/${tariff.id}/switch-off`);
    expect(off.text).to.include('Fleet is not offered any more.');
    expect((await olga.submit(`/tariffs/${tariff.id}/switch-on`)).text).to.include('Fleet can be paid again.');
  });

  it('delete only what was never paid', async () => {
    const tariff = await giveTariff(site.db);
    const olga = await site.visitor('olga');
    await olga.get(`/tariffs/${tariff.id}/delete`);
    await giveBalance(site.db, 'uma', 500);
    await pay(site.db, await actorFor(site.db, 'uma'), tariff);
    const refused = await olga.submit(`/tariffs/${tariff.id}/delete`);
    expect([refused.status, alertOf(refused).includes('Switch it off instead')]).to.deep.equal([409, true]);
    expect((await olga.get(`/tariffs/${tariff.id}`)).document.querySelector('#delete')).to.equal(null);
    const other = await giveTariff(site.db, { name: 'Other' });
    await olga.get(`/tariffs/${other.id}/delete`);
    expect((await olga.submit(`/tariffs/${other.id}/delete`)).text).to.include('Other has been deleted.');
  });

  it('know no tariff that is not there', async () => {
    const olga = await site.visitor('olga');
    for (const id of ['999999', '0', '-1', '1e3', 'new%00', '99999999999999999999'])
      for (const part of ['', '/edit', '/delete', '/switch-off'])
        expect((await olga.get(`/tariffs/${id}${part}`)).status, id + part).to.equal(404);
  });

  it('count a renewal among what goes with a user that is deleted', async () => {
    const tariff = await giveTariff(site.db);
    await giveBalance(site.db, 'uma', 500);
    await pay(site.db, await actorFor(site.db, 'uma'), tariff, { renews: true });
    const olga = await site.visitor('olga');
    expect((await olga.get('/users/uma/delete')).text).to.include('1 renewal of a tariff');
  });
});
