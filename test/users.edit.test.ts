import { expect } from 'chai';
import { worldPassword } from '../seeds/world.ts';
import { actsUpon, onlyActUpon } from './kit/history.ts';
import { alertOf, problem } from './kit/reading.ts';
import { openSite, type Site } from './kit/site.ts';
import { modes } from './kit/visitor.ts';

describe('Editing a user', () => {
  let site: Site;
  const row = (username: string) => site.db('users').where({ username }).first();
  const opened = async (name: 'olga' | 'oscar', username: string, mode = modes[0]) => {
    const visitor = await site.visitor(name, mode);
    await visitor.get(`/users/${username}/edit`);
    return visitor;
  };
  beforeEach(async () => {
    site = await openSite();
  });
  afterEach(() => site.close());

  for (const mode of modes) {
    it(`saves, says so and records what was before and after, as ${mode}`, async () => {
      const olga = await opened('olga', 'uma', mode);
      const page = await olga.submit('/users/uma/edit', { phone: '+375 29 765-43-21', bank: '' });
      expect(page.url).to.match(/\/users\/uma$/);
      expect(page.text).to.include('Uma Trucking Ltd has been saved.');
      const act = await onlyActUpon(site, site.ids.uma);
      expect(act).to.include({ act: 'user.edited', actor: 'olga', outcome: 'done', address: '127.0.0.1' });
      expect(act.requestId).to.match(/^[\da-f-]{36}$/);
      expect(act.changes).to.deep.equal({ phone: ['+375 29 123-45-67', '+375 29 765-43-21'], bank: ['Belagroprombank', null] });
    });
  }

  it('writes no history and no new version when nothing was changed', async () => {
    await site.db('users').where({ id: site.ids.uma }).update({ expiresAt: '2027-05-31T12:34:56Z' });
    const olga = await opened('olga', 'uma');
    expect((await olga.submit('/users/uma/edit')).status).to.equal(200);
    expect(await actsUpon(site, site.ids.uma)).to.deep.equal([]);
    expect((await row('uma')).version).to.equal(1);
  });

  it('lets a mistake be mended without overwriting what was saved meanwhile', async () => {
    const olga = await opened('olga', 'uma');
    const oscar = await opened('oscar', 'uma');
    await oscar.submit('/users/uma/edit', { phone: '111 222' });
    expect((await olga.submit('/users/uma/edit', { email: 'no address' })).status).to.equal(422);
    expect((await olga.submit('/users/uma/edit', { email: 'uma@new.example' })).status).to.equal(409);
    expect(await row('uma')).to.include({ phone: '111 222', email: 'uma@world.example' });
  });

  for (const version of ['', 'abc', '1e0', '0x1', '-1', '1.5', '9'.repeat(30)]) {
    it(`does not take the version ${JSON.stringify(version)}`, async () => {
      const olga = await opened('olga', 'uma');
      const page = await olga.submit('/users/uma/edit', { version, phone: '111' });
      expect(page.status).to.equal(422);
      expect(alertOf(page)).to.include('Reload the page');
      expect((await row('uma')).version).to.equal(1);
    });
  }

  const uponSelf: [string, Record<string, string>, string][] = [
    ['its own profile', { profile: 'customer' }, 'cannot change your own profile'],
    ['the end of its own account', { expires_at: '2030-01-01' }, 'own account ends'],
  ];
  for (const [what, change, says] of uponSelf) {
    it(`lets no administrator change ${what}`, async () => {
      const olga = await opened('olga', 'olga');
      const page = await olga.submit('/users/olga/edit', change);
      expect(page.status).to.equal(409);
      expect(alertOf(page)).to.include(says);
      expect(await row('olga')).to.include({ profile: 'administrator', expiresAt: null, version: 1 });
    });
  }

  it('lets an administrator whose account will end edit the rest of it', async () => {
    await site.db('users').where({ id: site.ids.oscar }).update({ expiresAt: '2027-05-31T23:59:59Z' });
    const oscar = await opened('oscar', 'oscar');
    expect((await oscar.submit('/users/oscar/edit', { phone: '111 222' })).status).to.equal(200);
    expect((await row('oscar')).phone).to.equal('111 222');
  });

  it('lets no administrator take back that its own address is verified', async () => {
    const olga = await opened('olga', 'olga');
    const { version } = await row('olga');
    const page = await olga.post('/users/olga/edit', { email: 'olga@world.example', name: 'Olga', version: String(version) });
    expect(page.status).to.equal(409);
    expect((await row('olga')).emailVerifiedAt).to.be.instanceOf(Date);
  });

  const lost: [string, Record<string, string>][] = [
    ['demoted', { profile: 'customer', email_verified: 'on' }],
    ['given a day of expiry', { profile: 'administrator', email_verified: 'on', expires_at: '2030-01-01' }],
    ['set back to unverified', { profile: 'administrator' }],
  ];
  for (const [what, change] of lost) {
    it(`refuses that the last able administrator is ${what}`, async () => {
      await site.db('users').where({ id: site.ids.olga }).update({ expiresAt: '2030-01-01T23:59:59Z' });
      const olga = await opened('olga', 'oscar');
      const page = await olga.post('/users/oscar/edit', { email: 'oscar@world.example', name: 'Oscar', version: '1', ...change });
      expect(page.status).to.equal(409);
      expect(alertOf(page)).to.include('last administrator who is able');
      expect(await row('oscar')).to.include({ profile: 'administrator', version: 1, expiresAt: null });
      expect(await actsUpon(site, site.ids.oscar)).to.deep.equal([]);
    });
  }

  it('keeps the profile when the form does not say one', async () => {
    const olga = await opened('olga', 'mona');
    await olga.post('/users/mona/edit', { email: 'mona@world.example', name: 'Mona', version: '1', email_verified: 'on' });
    expect(await row('mona')).to.include({ profile: 'monitor', name: 'Mona' });
  });

  it('refuses another user’s address in any case, and frees a deleted user’s', async () => {
    const olga = await opened('olga', 'uma');
    expect(problem(await olga.submit('/users/uma/edit', { email: 'STAN@world.EXAMPLE' }), 'email')).to.include(
      'Another user has this',
    );
    expect((await olga.submit('/users/uma/edit', { email: 'dora@world.example' })).status).to.equal(200);
    expect((await row('uma')).email).to.equal('dora@world.example');
  });

  it('asks for one’s own password before it makes an administrator or changes one’s own address', async () => {
    await site.db('sessions').delete();
    const olga = await opened('olga', 'uma');
    await site.db('sessions').update({ confirmedAt: site.db.raw(`now() - interval '11 minutes'`) });
    expect(problem(await olga.submit('/users/uma/edit', { profile: 'administrator' }), 'your_password')).to.include('needed');
    await olga.get('/users/olga/edit');
    expect(problem(await olga.submit('/users/olga/edit', { email: 'eve@evil.example' }), 'your_password')).to.include('needed');
    expect((await row('olga')).email).to.equal('olga@world.example');
    const page = await olga.submit('/users/olga/edit', { email: 'olga@new.example', your_password: worldPassword });
    expect(page.status).to.equal(200);
    expect((await row('olga')).email).to.equal('olga@new.example');
  });

  it('asks for one’s own password before it changes the address of another administrator, or changes it back', async () => {
    const forgetProof = () => site.db('sessions').update({ confirmedAt: site.db.raw(`now() - interval '11 minutes'`) });
    const olga = await opened('olga', 'oscar');
    await forgetProof();
    expect(problem(await olga.submit('/users/oscar/edit', { email: 'eve@evil.example' }), 'your_password')).to.include('needed');
    expect((await row('oscar')).email).to.equal('oscar@world.example');
    await olga.submit('/users/oscar/edit', { email: 'oscar@new.example', your_password: worldPassword });
    expect((await row('oscar')).email).to.equal('oscar@new.example');
    const [act] = await actsUpon(site, site.ids.oscar);
    await forgetProof();
    await olga.get('/users/oscar');
    await olga.post(`/undo/${act?.id}`, {});
    expect((await row('oscar')).email).to.equal('oscar@new.example');
    await olga.post(`/undo/${act?.id}`, { proving: 'yes', your_password: worldPassword });
    expect((await row('oscar')).email).to.equal('oscar@world.example');
  });

  it('writes nothing that the form does not have', async () => {
    const before = await row('uma');
    const olga = await opened('olga', 'uma');
    const more = {
      state: 'STATE_SUSPENDED',
      balance_minor: '100',
      password_hash: 'x',
      id: '1',
      username: 'eve',
      locked_at: 'now',
    };
    await olga.submit('/users/uma/edit', { ...more, bank: 'Nordea' });
    expect(await row('uma')).to.deep.include({
      ...before,
      bank: 'Nordea',
      version: 2,
      search: before.search,
      updatedAt: (await row('uma')).updatedAt,
    });
  });

  it('is not possible while the user is deleted', async () => {
    const olga = await site.visitor('olga');
    expect((await olga.get('/users/dora/edit')).status).to.equal(404);
    await olga.get('/users/uma/edit');
    expect((await olga.post('/users/dora/edit', { email: 'a@b.example', name: 'D', version: '1' })).status).to.equal(404);
  });

  for (const name of ['stan', 'mona', 'gus', 'april', 'uma'] as const) {
    it(`is not for ${name}`, async () => {
      const visitor = await site.visitor(name);
      expect((await visitor.get('/users/uma/edit')).status).to.equal(403);
      const page = await visitor.post('/users/uma/edit', { email: 'eve@evil.example', name: 'Eve', version: '1' });
      expect(page.status).to.equal(403);
      expect((await row('uma')).version).to.equal(1);
    });
  }

  it('sends visitors to sign in', async () => {
    const visitor = await site.visitor();
    expect((await visitor.get('/users/uma/edit')).url).to.include('/sign-in?next=%2Fusers%2Fuma%2Fedit');
    expect((await visitor.post('/users/uma/edit', { email: 'eve@evil.example' })).url).to.include('/sign-in');
    expect((await row('uma')).version).to.equal(1);
  });
});
