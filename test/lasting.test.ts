import { expect } from 'chai';
import type { Actor } from '../src/access/actor.ts';
import { cancelTransaction } from '../src/balance/cancel.ts';
import { chooseRenewal } from '../src/payments/renewal.ts';
import { lastsUntil, type Renewing } from '../src/tariffs/lasting.ts';
import { actorFor } from './kit/actor.ts';
import { giveBalance, post } from './kit/money.ts';
import { listed } from './kit/reading.ts';
import { siteForEach } from './kit/site.ts';
import { giveTariff, letTimePass, pay, renew } from './kit/tariffs.ts';

const monthly = (priceMinor: number, more: Partial<Renewing> = {}): Renewing => {
  const anchorAt = new Date('2026-01-31T12:00:00Z');
  return { anchorAt, nth: 1, endsAt: new Date('2026-02-28T12:00:00Z'), period: 'month', priceMinor, ...more };
};
const day = (date: Date | null) => date?.toISOString().slice(0, 10) ?? null;

describe('How long a balance lasts', () => {
  for (const [balance, renewing, until] of [
    [0, [monthly(500)], '2026-02-28'],
    [499, [monthly(500)], '2026-02-28'],
    [500, [monthly(500)], '2026-03-31'],
    [1500, [monthly(500)], '2026-05-31'],
    [-100, [monthly(500)], '2026-02-28'],
    [1000, [monthly(500), monthly(100, { period: 'week', endsAt: new Date('2026-02-07T12:00:00Z') })], '2026-03-14'],
    [1000, [], null],
    [10_000_000, [monthly(1)], null],
  ] as const)
    it(`is reckoned: ${balance} with ${renewing.length} lasts until ${until}`, () =>
      expect(day(lastsUntil(balance, renewing))).to.equal(until));
});

describe('The day until which a balance lasts', () => {
  const { site } = siteForEach();
  let uma: Actor;
  beforeEach(async () => {
    uma = await actorFor(site.db, 'uma');
    await giveBalance(site.db, 'uma', 1000);
  });

  const lasts = async () => (await site.db('users').where({ username: 'uma' }).first()).lastsUntil as Date | null;
  const days = async () => {
    const until = await lasts();
    return until && Math.round((until.getTime() - Date.now()) / 86_400_000);
  };

  it('is kept by whatever moves the balance, the renewals or their prices', async () => {
    const tariff = await giveTariff(site.db, { period: 'week', priceMinor: 200 });
    await pay(site.db, uma, tariff);
    expect(await lasts()).to.equal(null);
    await chooseRenewal(site.db, uma, { username: 'uma', tariffId: tariff.id, renews: true });
    expect(await days(), '€8.00 for four weeks more').to.equal(35);
    await giveBalance(site.db, 'uma', 200);
    expect(await days()).to.equal(42);
    await post(site.db, 'uma', { kind: 'payment', amountMinor: -600 });
    expect(await days()).to.equal(21);
    const last = await site.db('transactions').orderBy('id', 'desc').first();
    const olga = await actorFor(site.db, 'olga');
    await cancelTransaction(site.db, olga, { username: 'uma', transactionId: last.id });
    expect(await days()).to.equal(42);
    await site.db('tariffs').update({ priceMinor: 500 });
    await renew(site.db);
    expect(await days()).to.equal(21);
    await letTimePass(site.db, '7 days');
    await renew(site.db);
    expect(await days()).to.equal(14);
    await chooseRenewal(site.db, uma, { username: 'uma', tariffId: tariff.id, renews: false });
    expect(await lasts()).to.equal(null);
  });

  it('stands in the list of users, sorts and narrows it', async () => {
    const tariff = await giveTariff(site.db, { period: 'week', priceMinor: 400 });
    await pay(site.db, uma, tariff, { renews: true });
    await giveBalance(site.db, 'ines', 4000);
    await pay(site.db, await actorFor(site.db, 'ines'), tariff, { renews: true });
    const olga = await site.visitor('olga');
    for (const [query, names] of [
      ['lasts=<30d', ['uma']],
      ['q=lasts:>30d', ['ines']],
      ['q=lasts:<100d -lasts:<30d', ['ines']],
      [`lasts=<${new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10)}`, ['uma']],
    ] as const)
      expect(listed(await olga.get(`/users?${query}`)), query).to.deep.equal(names);
    expect(listed(await olga.get('/users?sort=lasts')).slice(0, 2)).to.deep.equal(['uma', 'ines']);
    const never = listed(await olga.get('/users?lasts=never'));
    expect(never).to.include('stan').and.not.include('uma');
    await olga.get('/users');
    await olga.post('/users/columns', { columns: 'lasts' });
    expect(olga.page.document.querySelector('#user-uma td[data-label="Balance lasts"]')?.text.trim()).to.equal('in 14 days');
    expect((await olga.get('/users?q=lasts:soon')).text).to.include('soon');
  });

  it('is within thirty days also for whom the balance has failed already', async () => {
    const tariff = await giveTariff(site.db, { period: 'week', priceMinor: 800 });
    await pay(site.db, uma, tariff, { renews: true });
    await letTimePass(site.db, '9 days');
    await renew(site.db);
    await site.db.raw(`update users set lasts_until = lasts_until - interval '9 days' where id = ?`, [uma.id]);
    const olga = await site.visitor('olga');
    expect(listed(await olga.get('/users?lasts=<30d'))).to.deep.equal(['uma']);
    expect((await olga.get('/users/uma/balance')).text).to.include('does not suffice for what renews itself');
  });

  it('stands on the balance pages, of the user and its own', async () => {
    const tariff = await giveTariff(site.db, { period: 'week' });
    await pay(site.db, uma, tariff, { renews: true });
    for (const [name, path] of [
      ['olga', '/users/uma/balance'],
      ['uma', '/my/balance'],
      ['uma', '/my/tariffs'],
      ['uma', '/my/payments'],
    ] as const)
      expect((await (await site.visitor(name)).get(path)).text, path).to.include('Balance lasts until');
    await site.db('users').where({ id: uma.id }).update({ lastsUntil: null });
    const olga = await site.visitor('olga');
    expect((await olga.get('/users/uma/balance')).text).to.include('Balance lasts for more than ten years');
    expect((await olga.get('/users/ines/balance')).text, 'nothing renews itself').to.not.include('lasts');
  });
});
