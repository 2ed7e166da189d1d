import { expect } from 'chai';
import { worldPassword } from '../seeds/world.ts';
import { enter } from './kit/check.ts';
import { onlyActUpon } from './kit/history.ts';
import { siteForEach } from './kit/site.ts';
import { modes, type Page, Visitor } from './kit/visitor.ts';

describe('The browsers that have signed in before', () => {
  const { site } = siteForEach();

  const rows = (page: Page) => page.document.querySelectorAll('#browsers tbody tr');

  /** Somebody whose browser has signed in, by the form. */
  async function atHome(name: string): Promise<Visitor> {
    const visitor = await site.visitor();
    expect(await enter(site, name, { from: visitor })).to.equal('in');
    return visitor;
  }

  /** As if the sign-in had been from another machine, long ago. */
  const elsewhere = () =>
    site.db('knownBrowsers').insert({
      userId: site.ids.uma,
      tokenHash: Buffer.from('x'),
      agent: 'Mozilla/5.0 (iPhone) Safari/605.1',
      address: '198.51.100.9',
      firstSeenAt: '2026-02-03T10:00:00Z',
      lastSeenAt: '2026-04-05T10:00:00Z',
    });

  for (const mode of modes) {
    it(`are listed with device, address, since and last, and which is this one (${mode})`, async () => {
      await elsewhere();
      const uma = await atHome('uma');
      const again = new Visitor(site.address, null, mode);
      for (const [name, value] of uma.cookies) again.cookies.set(name, value);
      const found = rows(await again.get('/account/sessions'));
      expect(found).to.have.length(2);
      expect(found[0]?.text).to.include('127.0.0.1').and.include('this one').and.include('just now');
      expect(found[1]?.text).to.include('Safari on iOS').and.include('198.51.100.9').and.not.include('this one');
      const times = found[1]?.querySelectorAll('time').map((time) => time.getAttribute('title'));
      expect(times).to.deep.equal(['3 Feb 2026, 10:00 UTC', '5 Apr 2026, 10:00 UTC']);
    });
  }

  it('are forgotten one by one: from there the user counts as a stranger', async () => {
    const uma = await atHome('uma');
    await site.db('users').where({ username: 'uma' }).update({ lockedAt: site.db.fn.now() });
    await elsewhere();
    const page = await uma.get('/account/sessions');
    const id = rows(page)[0]?.querySelector('input[name=browser]')?.getAttribute('value') as string;
    expect((await uma.post('/account/browsers', { browser: id })).text).to.include('Browser forgotten.');
    expect(rows(uma.page).map(({ text }) => text.includes('this one'))).to.deep.equal([false]);
    const [act] = await site.db('history').where({ act: 'browser.forgotten' });
    expect(act).to.include({ actorId: site.ids.uma, userId: site.ids.uma });
    await uma.submit('/sign-out');
    expect(await enter(site, 'uma', { from: uma }), 'the lock holds here now').to.equal('out');
  });

  it('are forgotten once, and nobody else’s', async () => {
    const [uma, stan] = [await atHome('uma'), await site.visitor('stan')];
    const { id } = await site.db('knownBrowsers').first();
    await stan.get('/account/sessions');
    await stan.get('/account');
    for (const browser of [String(id), '999999', '0', "1' or 1=1", '']) {
      await stan.get('/account');
      const { status } = await stan.post('/account/browsers', { browser });
      expect(status, browser).to.equal(/^[1-9]\d*$/.test(browser) ? 200 : 404);
    }
    expect(await site.db('knownBrowsers')).to.have.length(1);
    for (let time = 0; time < 2; time += 1) {
      await uma.get('/account');
      await uma.post('/account/browsers', { browser: String(id) });
    }
    expect(await site.db('history').where({ act: 'browser.forgotten' })).to.have.length(1);
  });

  it('are forgotten with the old password, but for the one in which it was replaced: a lock does not keep its owner out', async () => {
    const [uma, other] = [await atHome('uma'), await atHome('uma')];
    await site.db('users').where({ username: 'uma' }).update({ lockedAt: site.db.fn.now() });
    await uma.get('/account/password');
    const password = 'velvet-orbit-kettle';
    const fields = { current_password: worldPassword, password, password_confirmation: password };
    expect((await uma.submit('/account/password', fields)).text).to.include('Password changed.');
    await uma.submit('/sign-out');
    expect(await enter(site, 'uma', { from: other, password })).to.equal('out');
    expect(await enter(site, 'uma', { from: uma, password })).to.equal('in');
  });

  it('are an administrator’s to see and forget, as they are the user’s', async () => {
    await elsewhere();
    const olga = await site.visitor('olga');
    expect(rows(await olga.get('/users/uma/sessions'))[0]?.text).to.include('Safari on iOS');
    const page = await olga.submit('/users/uma/browsers');
    expect(page.text).to.include('Browser forgotten.');
    expect(rows(page)).to.have.length(0);
    expect(await onlyActUpon(site, site.ids.uma)).to.include({ act: 'browser.forgotten', actor: 'olga' });
  });

  it('are not for others to forget', async () => {
    await elsewhere();
    const { id } = await site.db('knownBrowsers').first();
    for (const name of ['stan', 'mona', 'uma'] as const) {
      const visitor = await site.visitor(name);
      await visitor.get('/account');
      expect((await visitor.post('/users/uma/browsers', { browser: String(id) })).status).to.equal(403);
    }
    expect(await site.db('knownBrowsers')).to.have.length(1);
  });
});
