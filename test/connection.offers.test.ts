import { expect } from 'chai';
import type { Actor } from '../src/access/actor.ts';
import { can } from '../src/access/can.ts';
import { routes } from '../src/routes.ts';
import { connectTo } from './kit/connection.ts';
import { giveLink, turnMailOn, write } from './kit/letters.ts';
import { siteForEach } from './kit/site.ts';
import { inEyesOf } from './kit/viewer.ts';

describe('The pages about the user to whom one is connected', () => {
  const { site, olga } = siteForEach('olga');
  beforeEach(() => turnMailOn(site));

  const addresses = () =>
    (olga.page.document.querySelector('main') ?? olga.page.document).querySelectorAll('form[action], a[href]').map((one) => ({
      method: one.getAttribute('method') === 'post' ? 'post' : 'get',
      path: (one.getAttribute('action') ?? one.getAttribute('href') ?? '').split(/[?#]/)[0] as string,
    }));

  /** The row of the table of routes that answers an address. */
  const routeOf = (method: string, path: string) =>
    routes.find(([verb, pattern]) => verb === method && new RegExp(`^${pattern.replace(/:\w+/g, '[^/]+')}$`).test(path));

  for (const mode of ['full', 'read'] as const)
    it(`offer nothing that would be refused (${mode})`, async () => {
      const uma = await site.visitor('uma');
      await uma.get('/account');
      await site.db('users').where({ username: 'uma' }).update({ emailVerifiedAt: null, twoFactorSince: new Date() });
      await site
        .db('knownBrowsers')
        .insert({ userId: site.ids.uma, tokenHash: Buffer.alloc(32), agent: 'Firefox' })
        .catch(() => {});
      await write(site, 'uma', { kind: 'verification', link: await giveLink(site, 'uma', 'verification') });
      const letter = await write(site, 'uma');
      await site.db('letters').update({ state: 'sent', endedAt: site.db.raw('now()') });
      await olga.get('/users/uma');
      await olga.post('/users/uma/flag', { reason: 'A look' });
      await site.db('settings').update({ connectionReason: false });
      await connectTo(olga, 'uma', { mode });
      const { by } = await inEyesOf(site, 'olga');
      const user = { id: site.ids.uma, username: 'uma', name: '', email: '', profile: 'customer' } as const;
      const actor: Actor = { ...by, connection: { id: 1, mode, endsAt: new Date(), user } };
      const tabs = ['', 'access', 'things', 'balance', 'sessions', 'mail', 'feedback', 'visits', 'history', 'sign-in-check'];
      const pages = [...tabs.map((tab) => `/users/uma/${tab}`.replace(/\/$/, '')), '/users/uma/details', '/users/uma/menu'];
      const offered: string[] = [];
      for (const path of [...pages, '/users?q=uma&open=uma', '/mail', `/mail/${letter}`, '/history', '/history?user=uma']) {
        expect((await olga.get(path)).status, path).to.equal(200);
        for (const one of addresses()) {
          const act = routeOf(one.method, one.path)?.[2];
          const isUponUma = /^\/users\/uma(\/|$)|^\/mail\/\d+\/|^\/undo\//.test(one.path);
          if (act && isUponUma && !can(actor, act, user)) offered.push(`${path}: ${one.method} ${one.path}`);
        }
      }
      expect([...new Set(offered)]).to.deep.equal([]);
    });
});
