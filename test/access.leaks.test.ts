import { expect } from 'chai';
import type { Name } from '../seeds/world.ts';
import { can } from '../src/access/can.ts';
import { routes } from '../src/routes.ts';
import { giveBalance } from './kit/money.ts';
import { siteForEach } from './kit/site.ts';
import { inEyesOf } from './kit/viewer.ts';

/** What nobody may read who sees no users and no money: addresses, links to accounts, balances, prices. */
const secrets = [/[\w.]+@world\.example/, /\/users/, /1,234\.56/, /9,876\.54/, /\bbalance\b/i, /\btariff/i, /Invoice 1043/];

describe('Who sees no users and no money', () => {
  const { site } = siteForEach();
  let thing: number;
  beforeEach(async () => {
    await giveBalance(site.db, 'uma', 123_456);
    await site.db('tariffs').insert({ name: 'Gold', priceMinor: 987_654, period: 'month' });
    const [group] = await site.db('groups').insert({ name: 'North' }).returning('id');
    for (const name of ['gus', 'stan'] as const)
      await site.db('groupUsers').insert({ groupId: group.id, userId: site.ids[name] });
    for (const kind of ['object', 'tracker', 'camera', 'device']) {
      const [row] = await site
        .db('things')
        .insert({ kind, name: `A ${kind}`, ownerId: site.ids.uma })
        .returning('id');
      await site.db('groupThings').insert({ groupId: group.id, thingId: row.id });
      if (kind === 'object') thing = row.id;
    }
    await site.db('shares').insert({ thingId: thing, userId: site.ids.ines, may: 'view' });
  });

  for (const name of ['stan', 'gus', 'mona'] as const satisfies Name[])
    it(`reads of neither on any page that it may open: ${name}`, async () => {
      const { by } = await inEyesOf(site, name);
      const open = routes.filter(([method, , act]) => method === 'get' && can(by, act)).map(([, path]) => path);
      expect(open.length).to.be.greaterThan(15);
      const visitor = await site.visitor(name);
      for (const path of open) {
        const own = new RegExp(`${name}@world\\.example`, 'g');
        const html = (await visitor.get(path.replace(/:\w+/g, String(thing)))).html.replace(own, '');
        for (const secret of secrets) expect(html, `${path} ${secret}`).to.not.match(secret);
      }
    }).timeout(60_000);

  it('finds nothing by somebody’s username: who owns what is told by name alone', async () => {
    const stan = await site.visitor('stan');
    const all = await stan.get('/objects');
    const probed = await stan.get('/objects?owner=ines');
    expect(probed.document.querySelectorAll('tbody tr').length).to.equal(all.document.querySelectorAll('tbody tr').length);
    expect(probed.text).to.not.include('Owner:');
  });

  it('is let into no export and no history, not even its own by another address', async () => {
    for (const name of ['stan', 'gus', 'mona', 'uma'] as const) {
      const visitor = await site.visitor(name);
      for (const path of [
        '/users/export.csv',
        '/history',
        '/history/export.csv',
        `/users/${name}/history`,
        `/users/${name}/access`,
        '/users/count?q=a',
      ])
        expect((await visitor.get(path)).status, `${name} ${path}`).to.equal(403);
    }
  });
});
