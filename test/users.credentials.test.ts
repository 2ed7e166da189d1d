import { expect } from 'chai';
import { worldPassword } from '../seeds/world.ts';
import { system } from '../src/access/actor.ts';
import { giveSingleUsePassword } from '../src/users/credentials.ts';
import { isPassword } from '../src/users/password.ts';
import { actsUpon, onlyActUpon } from './kit/history.ts';
import { problem } from './kit/reading.ts';
import { openSite, type Site } from './kit/site.ts';
import { modes, type Visitor } from './kit/visitor.ts';

const singleUse = 'pear-lamp-77';

describe('Unlock and reset password', () => {
  let site: Site;
  let olga: Visitor;
  const row = (username: string) => site.db('users').where({ username }).first();
  beforeEach(async () => {
    site = await openSite();
    olga = await site.visitor('olga');
    await olga.get('/users/new');
  });
  afterEach(() => site.close());

  it('unlocks, forgets the failures and records it once, pressed twice', async () => {
    await site.db('attempts').insert({ key: `account ${site.ids.lea}`, count: 9, windowEndsAt: '2030-01-01' });
    const page = await olga.post('/users/lea/unlock', {});
    expect(page.text).to.include('Lea Sørensen is unlocked.');
    await olga.post('/users/lea/unlock', {});
    expect((await row('lea')).lockedAt).to.equal(null);
    expect(await site.db('attempts').where('key', 'like', 'account%')).to.deep.equal([]);
    const act = await onlyActUpon(site, site.ids.lea);
    expect(act).to.include({ act: 'user.unlocked', actor: 'olga' });
    expect(act.changes).to.deep.equal({ lockedAt: ['2026-11-20T08:00:00.000Z', null] });
  });

  for (const mode of modes) {
    it(`shows the new single-use password once and ends the old one and every session, as ${mode}`, async () => {
      const lea = await site.visitor('lea');
      expect((await lea.get('/account')).status).to.equal(200);
      const visitor = await site.visitor('olga', mode);
      const form = await visitor.get('/users/lea/reset-password');
      const password = form.document.querySelector('#field-password')?.getAttribute('value') ?? '';
      const page = await visitor.submit('/users/lea/reset-password', {});
      expect(page.url).to.match(/\/users\/lea$/);
      expect(page.text).to.include(password).and.include('no longer works');
      expect((await visitor.get('/users/lea')).html).to.not.include(password);
      const user = await row('lea');
      expect(await isPassword(password, user.passwordHash)).to.equal(true);
      expect(await isPassword(worldPassword, user.passwordHash)).to.equal(false);
      expect(user).to.include({ mustChangePassword: true, lockedAt: null });
      expect((await lea.get('/account')).url).to.include('/sign-in');
      const act = await onlyActUpon(site, site.ids.lea);
      expect(act).to.include({ act: 'user.password-reset', actor: 'olga' });
      expect(act.changes).to.deep.equal({ lockedAt: ['2026-11-20T08:00:00.000Z', null] });
      expect(JSON.stringify(act)).to.not.include(password);
    });
  }

  it('activates whoever was invited, and nobody else', async () => {
    await olga.post('/users/ivo/reset-password', { password: singleUse });
    expect((await row('ivo')).state).to.equal('STATE_APPROVED');
    expect((await onlyActUpon(site, site.ids.ivo)).changes).to.deep.equal({ state: ['STATE_INVITED', 'STATE_APPROVED'] });
    await olga.post('/users/nina/reset-password', { password: singleUse });
    expect((await row('nina')).state).to.equal('STATE_INACTIVE');
  });

  for (const [password, says] of [
    ['short77', '8 characters'],
    ['ines-ines-9', 'username'],
    ['é'.repeat(37), '72 bytes'],
    ['password1', 'common'],
  ] as const) {
    it(`does not take ${password.slice(0, 12)} as a single-use password`, async () => {
      const page = await olga.post('/users/ines/reset-password', { password });
      expect(page.status).to.equal(422);
      expect(page.document.querySelector('#field-password-error')?.text).to.include(says);
      expect(page.html).to.not.include(`value="${password}"`);
      expect((await row('ines')).version).to.equal(1);
    });
  }

  it('asks for one’s own password before an administrator gets one, as whoever has it is one', async () => {
    const before = await row('oscar');
    await site.db('sessions').update({ confirmedAt: site.db.raw(`now() - interval '11 minutes'`) });
    await olga.get('/users/oscar/reset-password');
    const page = await olga.submit('/users/oscar/reset-password', { password: singleUse });
    expect([page.status, problem(page, 'your_password')]).to.deep.equal([422, 'Your own password is needed here.']);
    expect((await row('oscar')).passwordHash).to.equal(before.passwordHash);
    const done = await olga.submit('/users/oscar/reset-password', { password: singleUse, your_password: worldPassword });
    expect(done.text).to.include(singleUse);
    expect(await isPassword(singleUse, (await row('oscar')).passwordHash)).to.equal(true);
  });

  it('says on the user’s page whether the single-use password waits, is used up or is over', async () => {
    await giveSingleUsePassword(site.db, system('test'), 'ines', singleUse);
    expect((await olga.get('/users/ines')).text).to.include('single-use, not used yet');
    await site
      .db('users')
      .where({ id: site.ids.ines })
      .update({ singleUseExpiresAt: site.db.raw(`now() - interval '1 second'`) });
    const over = await olga.get('/users/ines');
    expect(over.text).to.include('single-use, expired').and.include('No password lets this user in.');
    await site
      .db('users')
      .where({ id: site.ids.ines })
      .update({ singleUseExpiresAt: new Date(0) });
    expect((await olga.get('/users/ines')).text).to.include('single-use, used and not replaced');
  });

  it('resets neither oneself, nor who signs in elsewhere, nor who is deleted', async () => {
    await site.db('users').where({ id: site.ids.ines }).update({ identitySource: 'federated' });
    expect((await olga.post('/users/olga/reset-password', { password: singleUse })).status).to.equal(409);
    expect((await olga.post('/users/ines/reset-password', { password: singleUse })).status).to.equal(409);
    expect((await olga.post('/users/dora/reset-password', { password: singleUse })).status).to.equal(404);
    expect((await olga.get('/users/olga/reset-password')).status).to.equal(409);
    expect((await olga.get('/users/ines/reset-password')).status).to.equal(409);
    expect((await olga.get('/users/ines')).html).to.not.include('reset-password');
    for (const name of ['olga', 'ines', 'dora']) expect((await row(name)).version, name).to.equal(1);
  });

  it('does not reset the last administrator who is able to sign in', async () => {
    await site.db('users').where({ id: site.ids.olga }).update({ expiresAt: '2030-01-01T23:59:59Z' });
    expect((await olga.post('/users/oscar/reset-password', { password: singleUse })).status).to.equal(409);
    expect((await row('oscar')).mustChangePassword).to.equal(false);
  });

  it('ends one session of a user, or all, and none for an id that is none', async () => {
    const browsers = [await site.visitor('ines'), await site.visitor('ines'), await site.visitor('ines')];
    const [first] = await site.db('sessions').where({ userId: site.ids.ines }).orderBy('id').pluck('id');
    expect((await olga.post('/users/ines/sessions', { session: 'all' })).status).to.equal(404);
    await olga.post('/users/ines/sessions', { session: String(first) });
    expect((await (browsers[0] as Visitor).get('/account')).url).to.include('/sign-in');
    expect((await (browsers[1] as Visitor).get('/account')).status).to.equal(200);
    await olga.post('/users/ines/sessions', {});
    expect(await site.db('sessions').where({ userId: site.ids.ines })).to.deep.equal([]);
    expect(await actsUpon(site, site.ids.ines)).to.have.length(2);
  });

  it('does not end a session through another user’s page', async () => {
    await site.visitor('uma');
    const [session] = await site.db('sessions').where({ userId: site.ids.uma }).pluck('id');
    await olga.post('/users/ines/sessions', { session: String(session) });
    expect(await site.db('sessions').where({ id: session })).to.have.length(1);
  });

  for (const name of ['stan', 'mona', 'gus', 'april', 'uma'] as const) {
    it(`are not for ${name}`, async () => {
      const visitor = await site.visitor(name);
      for (const act of ['unlock', 'reset-password', 'sessions']) {
        expect((await visitor.get(`/users/lea/${act}`)).status, act).to.equal(403);
        expect((await visitor.post(`/users/lea/${act}`, { password: singleUse })).status, act).to.equal(403);
      }
      expect(await row('lea')).to.include({ version: 1, mustChangePassword: false });
    });
  }
});
