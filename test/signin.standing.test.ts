import { expect } from 'chai';
import { type Name, worldPassword } from '../seeds/world.ts';
import { siteForEach } from './kit/site.ts';
import type { Visitor } from './kit/visitor.ts';

describe('Standing', () => {
  const { site } = siteForEach();

  const pathOf = (visitor: Visitor) => new URL(visitor.page.url).pathname;
  const change = (username: string, changes: object) => site.db('users').where({ username }).update(changes);

  const restricted: [name: Name, says: string[]][] = [
    ['rita', ['Your account is requested', 'An administrator has to approve it']],
    ['rex', ['Your account is rejected', 'We could not reach you.']],
    ['sue', ['Your account is suspended', 'Invoice 1043 is not paid.']],
    ['vera', ['Your address is not verified', 'vera@world.example']],
  ];
  for (const [name, says] of restricted) {
    it(`lets ${name} in, to the own account and why there is no more`, async () => {
      const visitor = await site.visitor();
      await visitor.get('/sign-in');
      const page = await visitor.submit('/sign-in', { identifier: name, password: worldPassword });
      expect(pathOf(visitor)).to.equal('/account');
      for (const words of says) expect(page.text).to.include(words);
      expect((await visitor.get('/confirm')).status).to.equal(403);
      expect((await visitor.get('/users')).status).to.equal(403);
      expect((await visitor.get('/account/sessions')).status).to.equal(200);
    });
  }

  it('restricts an administrator like anybody else, at the very next request', async () => {
    const olga = await site.visitor('olga');
    expect((await olga.get('/users')).status).to.equal(200);
    for (const changes of [{ state: 'STATE_SUSPENDED' }, { state: 'STATE_APPROVED', email_verified_at: null }]) {
      await change('olga', changes);
      expect((await olga.get('/users')).status).to.equal(403);
      expect((await olga.get('/account')).status).to.equal(200);
    }
  });

  const ended: [what: string, changes: object][] = [
    ['deactivated', { state: 'STATE_INACTIVE' }],
    ['invited anew', { state: 'STATE_INVITED' }],
    ['deleted', { deleted_at: '2026-01-01T00:00:00Z' }],
    ['expired', { expires_at: '2026-01-01T00:00:00Z' }],
  ];
  for (const [what, changes] of ended) {
    it(`ends the session of who is ${what}, at the very next request and for good`, async () => {
      const uma = await site.visitor('uma');
      expect((await uma.get('/account')).text).to.include('uma@world.example');
      await change('uma', changes);
      await uma.get('/account');
      expect(pathOf(uma)).to.equal('/sign-in');
      await change('uma', { state: 'STATE_APPROVED', deleted_at: null, expires_at: null });
      await uma.get('/account');
      expect(pathOf(uma)).to.equal('/sign-in');
    });
  }

  it('follows a changed profile at the very next request', async () => {
    const olga = await site.visitor('olga');
    await olga.get('/users/new');
    await change('olga', { profile: 'customer' });
    expect((await olga.post('/users/stan/suspend', { reason: 'x' })).status).to.equal(403);
    expect((await site.db('users').where({ username: 'stan' }).first()).state).to.equal('STATE_APPROVED');
    await change('olga', { profile: 'administrator' });
    expect((await olga.get('/users')).status).to.equal(200);
  });

  it('does not end for being locked', async () => {
    const lea = await site.visitor('lea');
    expect((await lea.get('/account')).text).to.include('lea@world.example');
  });

  it('is decided by the clock of the database', async () => {
    await change('uma', { expires_at: site.db.raw(`now() + interval '1 second'`) });
    const uma = await site.visitor('uma');
    expect((await uma.get('/account')).status).to.equal(200);
    expect(pathOf(uma)).to.equal('/account');
  });
});
