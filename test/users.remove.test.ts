import { expect } from 'chai';
import { worldPassword } from '../seeds/world.ts';
import { issueLink } from '../src/links/links.ts';
import { actsUpon, onlyActUpon } from './kit/history.ts';
import { problem } from './kit/reading.ts';
import { openSite, type Site } from './kit/site.ts';
import { modes, type Page, type Visitor } from './kit/visitor.ts';

const counts = (page: Page) => page.document.querySelectorAll('.consequences li').map((item) => item.text.trim());

describe('Delete and restore', () => {
  let site: Site;
  let olga: Visitor;
  const row = (username: string) => site.db('users').where({ username }).first();
  const live = async () => (await site.db('accountCounter').first()).live;
  beforeEach(async () => {
    site = await openSite();
    olga = await site.visitor('olga');
    await olga.get('/users/new');
  });
  afterEach(() => site.close());

  for (const mode of modes) {
    it(`says in exact counts what goes, deletes, and comes back to the view it was asked from, as ${mode}`, async () => {
      const uma = await site.visitor('uma');
      await site.visitor('uma');
      await site.db('knownBrowsers').insert({ userId: site.ids.uma, tokenHash: Buffer.alloc(32) });
      await site.db.transaction((trx) => issueLink(trx, 'reset', { userId: site.ids.uma, email: 'uma@world.example' }));
      const before = await live();
      const visitor = await site.visitor('olga', mode);
      const asked = await visitor.get('/users/uma/delete?return_to=%2Fusers%3Fsort%3Dname');
      expect(counts(asked)).to.deep.equal([
        '2 open sessions',
        '1 open mailed link',
        '1 remembered browser',
        '0 saved views',
        '0 letters',
        '0 passkeys',
        '0 accepted invitations',
        '0 import rows',
        '0 rows of reports',
      ]);
      expect(asked.text).to.include('restored for 30 days').and.include('suspend');
      const page = await visitor.submit('/users/uma/delete');
      expect(page.url).to.match(/\/users\?sort=name$/);
      expect(page.text).to.include('Uma Trucking Ltd has been deleted and can be restored for 30 days.');
      expect(page.document.querySelector('#user-uma')).to.equal(null);
      expect((await uma.get('/account')).url).to.include('/sign-in');
      expect(await live()).to.equal(before - 1);
      expect(await onlyActUpon(site, site.ids.uma)).to.include({ act: 'user.deleted', actor: 'olga', user: 'uma' });
      expect((await visitor.get('/users/deleted')).text)
        .to.include('Uma Trucking Ltd')
        .and.include('Dora Deleted');
    });

    it(`restores in the state it had, as ${mode}`, async () => {
      const visitor = await site.visitor('olga', mode);
      await site.db('users').where({ id: site.ids.dora }).update({ state: 'STATE_SUSPENDED' });
      await visitor.get('/users/dora/restore');
      const page = await visitor.submit('/users/dora/restore');
      expect(page.text).to.include('Dora Deleted has been restored.').and.include('Suspended');
      expect(await row('dora')).to.include({ deletedAt: null, state: 'STATE_SUSPENDED' });
      expect(await onlyActUpon(site, site.ids.dora)).to.include({ act: 'user.restored', actor: 'olga' });
    });
  }

  it('does not come back to the pages of who has been deleted', async () => {
    await olga.get('/users/uma/delete?return_to=%2Fusers%2Fuma%2Fhistory');
    expect((await olga.submit('/users/uma/delete')).url).to.match(/\/users$/);
  });

  it('refuses to delete oneself and says so before', async () => {
    const page = await olga.get('/users/olga/delete');
    expect(page.text).to.include('You cannot delete your own user account.');
    expect(page.document.querySelector('form[action="/users/olga/delete"]')).to.equal(null);
    expect((await olga.post('/users/olga/delete', {})).status).to.equal(409);
    expect((await row('olga')).deletedAt).to.equal(null);
  });

  it('refuses to delete the last administrator who is able to sign in', async () => {
    await site.db('users').where({ id: site.ids.olga }).update({ expiresAt: '2030-01-01T23:59:59Z' });
    expect((await olga.post('/users/oscar/delete', {})).status).to.equal(409);
    expect((await row('oscar')).deletedAt).to.equal(null);
    expect(await actsUpon(site, site.ids.oscar)).to.deep.equal([]);
  });

  it('deletes once, restores once, and says so', async () => {
    expect((await olga.post('/users/dora/delete', {})).text).to.include('Dora Deleted is deleted already.');
    expect((await olga.get('/users/dora/delete')).status).to.equal(409);
    expect((await olga.post('/users/uma/restore', {})).status).to.equal(409);
    expect((await olga.get('/users/uma/restore')).status).to.equal(409);
    expect((await olga.get('/users/uma/purge')).status).to.equal(409);
    expect((await olga.post('/users/nobody/delete', {})).status).to.equal(404);
  });

  it('asks for another address when the own one is taken by now', async () => {
    await site.db('users').where({ id: site.ids.ines }).update({ email: 'DORA@world.example' });
    await olga.get('/users/dora/restore');
    const asked = await olga.submit('/users/dora/restore');
    expect(asked.status).to.equal(422);
    expect(problem(asked, 'email')).to.include('another user’s address by now');
    expect(problem(await olga.submit('/users/dora/restore', { email: 'uma@world.example' }), 'email')).to.include(
      'Another user has',
    );
    expect(problem(await olga.submit('/users/dora/restore', { email: 'dora@' }), 'email')).to.include('One address');
    await olga.submit('/users/dora/restore', { email: 'dora@new.example' });
    expect(await row('dora')).to.include({ deletedAt: null, email: 'dora@new.example' });
    expect((await onlyActUpon(site, site.ids.dora)).changes).to.deep.equal({ email: ['dora@world.example', 'dora@new.example'] });
  });

  it('purges only with the username typed and the own password', async () => {
    await site.db('sessions').update({ confirmedAt: site.db.raw(`now() - interval '11 minutes'`) });
    await olga.get('/users/dora/purge');
    expect(problem(await olga.submit('/users/dora/purge', { typed_username: 'dorah' }), 'typed_username')).to.include(
      'Type dora',
    );
    expect(problem(await olga.submit('/users/dora/purge', { typed_username: 'dora' }), 'your_password')).to.include('needed');
    expect((await row('dora')).id).to.equal(site.ids.dora);
    const page = await olga.submit('/users/dora/purge', { typed_username: 'dora', your_password: worldPassword });
    expect(page.text).to.include('dora has been purged. The username is free again.');
    expect(await row('dora')).to.equal(undefined);
  });

  it('purges nobody who is not deleted', async () => {
    expect((await olga.post('/users/uma/purge', { typed_username: 'uma' })).status).to.equal(409);
    expect((await row('uma')).id).to.equal(site.ids.uma);
  });

  for (const name of ['stan', 'mona', 'gus', 'april', 'uma'] as const) {
    it(`are not for ${name}`, async () => {
      const visitor = await site.visitor(name);
      for (const act of ['delete', 'restore', 'purge']) {
        expect((await visitor.get(`/users/dora/${act}`)).status, act).to.equal(403);
        expect((await visitor.post(`/users/dora/${act}`, { typed_username: 'dora' })).status, act).to.equal(403);
        expect((await visitor.post(`/users/ines/${act}`, { typed_username: 'ines' })).status, act).to.equal(403);
      }
      expect((await row('dora')).version + (await row('ines')).version).to.equal(2);
    });
  }
});
