import { expect } from 'chai';
import { worldPassword } from '../seeds/world.ts';
import { system } from '../src/access/actor.ts';
import { giveSingleUsePassword } from '../src/users/credentials.ts';
import { isPassword } from '../src/users/password.ts';
import { actsUpon, onlyActUpon } from './kit/history.ts';
import { lettersTo, turnMailOn } from './kit/letters.ts';
import { openSite, type Site } from './kit/site.ts';
import { modes, type Visitor } from './kit/visitor.ts';

const chosen = 'velvet-orbit-4711';

describe('Reset user password while outgoing mail is on', () => {
  let site: Site;
  let olga: Visitor;
  const row = (username: string) => site.db('users').where({ username }).first();
  beforeEach(async () => {
    site = await openSite();
    await turnMailOn(site);
    olga = await site.visitor('olga');
    await olga.get('/account');
  });
  afterEach(() => site.close());

  for (const mode of modes) {
    it(`mails a link; the old password works until the user has chosen another, as ${mode}`, async () => {
      const lea = await site.visitor('lea');
      const visitor = await site.visitor('olga', mode);
      const form = await visitor.get('/users/lea/reset-password');
      expect(form.text).to.include('a mail with reset instructions');
      expect(form.document.querySelector('#field-password')).to.equal(null);
      const page = await visitor.submit('/users/lea/reset-password');
      expect(page.text).to.include('A mail with a link for a new password goes to lea@world.example.');
      expect(page.document.querySelector('.secret')).to.equal(null);
      expect((await lea.get('/account')).status).to.equal(200);
      const user = await row('lea');
      expect(await isPassword(worldPassword, user.passwordHash)).to.equal(true);
      expect(user.lockedAt).to.be.instanceOf(Date);
      const [letter] = await lettersTo(site, 'lea');
      expect(letter).to.include({ kind: 'reset-by-administrator', state: 'queued' });
      const browser = await site.visitor();
      await browser.get(letter?.link as string);
      await browser.submit('/reset-password', { password: chosen, password_confirmation: chosen });
      expect((await row('lea')).lockedAt).to.equal(null);
      expect((await lea.get('/account')).url).to.include('/sign-in');
    });
  }

  it('is recorded, and takes no password from the form', async () => {
    const page = await olga.post('/users/uma/reset-password', { password: 'pear-lamp-77' });
    expect(page.text).to.not.include('pear-lamp-77');
    const user = await row('uma');
    expect(await isPassword(worldPassword, user.passwordHash)).to.equal(true);
    expect(user).to.include({ version: 1, mustChangePassword: false });
    expect(await onlyActUpon(site, site.ids.uma)).to.include({ act: 'user.reset-sent', actor: 'olga' });
  });

  it('stops the old password and every session at once when that is ticked', async () => {
    const uma = await site.visitor('uma');
    await olga.get('/users/uma/reset-password');
    const page = await olga.submit('/users/uma/reset-password', { stops_now: 'on' });
    expect(page.text).to.include('The old password no longer works');
    expect((await row('uma')).passwordHash).to.equal(null);
    expect((await uma.get('/account')).url).to.include('/sign-in');
    await uma.get('/sign-in');
    expect((await uma.submit('/sign-in', { identifier: 'uma', password: worldPassword })).status).to.equal(422);
    const [letter] = await lettersTo(site, 'uma');
    expect(letter?.data).to.deep.equal({ username: 'uma', isStopped: 'yes' });
    expect((await actsUpon(site, site.ids.uma))[0]?.facts).to.deep.equal({ oldPassword: 'stopped' });
    await uma.get(letter?.link as string);
    await uma.submit('/reset-password', { password: chosen, password_confirmation: chosen });
    expect(await isPassword(chosen, (await row('uma')).passwordHash)).to.equal(true);
  });

  it('never stops the password of the last administrator who is able to sign in', async () => {
    await site.db('users').where({ username: 'olga' }).update({ expiresAt: '2030-01-01T23:59:59Z' });
    expect((await olga.post('/users/oscar/reset-password', { stops_now: 'on' })).status).to.equal(409);
    expect((await row('oscar')).passwordHash).to.be.a('string');
    expect(await site.db('letters')).to.deep.equal([]);
  });

  it('leads to the activation mail where the account is to be activated first', async () => {
    for (const name of ['ivo', 'nina']) {
      expect((await olga.post(`/users/${name}/reset-password`, {})).text).to.include('Send Activation Email');
      const page = await olga.get(`/users/${name}/reset-password`);
      expect(page.status).to.equal(200);
      await olga.submit(`/users/${name}/activation-email`);
      expect((await row(name)).state).to.equal('STATE_INVITED');
      expect((await lettersTo(site, name)).map(({ kind }) => kind)[0]).to.match(/activation$/);
    }
  });

  it('is refused upon oneself, the deleted and who signs in elsewhere, and too often', async () => {
    await site.db('users').where({ username: 'ines' }).update({ identitySource: 'federated' });
    for (const [name, status] of [
      ['olga', 409],
      ['dora', 404],
      ['ines', 409],
    ] as const) {
      expect((await olga.get(`/users/${name}/reset-password`)).status, name).to.equal(status);
      expect((await olga.post(`/users/${name}/reset-password`, {})).status, name).to.equal(status);
    }
    expect(await site.db('letters')).to.deep.equal([]);
    await olga.post('/users/uma/reset-password', {});
    const again = await olga.post('/users/uma/reset-password', {});
    expect(again.status).to.equal(409);
    expect(again.text).to.include('less than a minute ago');
    expect(await lettersTo(site, 'uma')).to.have.length(1);
  });

  it('lets nobody else give a password, by whatever way', async () => {
    const said = await giveSingleUsePassword(site.db, system('test'), 'uma', 'pear-lamp-77').catch((error) => error.message);
    expect(said).to.include('Outgoing mail is on');
    expect(await isPassword(worldPassword, (await row('uma')).passwordHash)).to.equal(true);
  });

  for (const name of ['stan', 'mona', 'gus', 'april', 'uma'] as const) {
    it(`is not for ${name}`, async () => {
      const visitor = await site.visitor(name);
      await visitor.get('/account');
      expect((await visitor.post('/users/lea/reset-password', {})).status).to.equal(403);
      expect(await site.db('letters')).to.deep.equal([]);
    });
  }
});
