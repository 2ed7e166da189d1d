import { expect } from 'chai';
import { worldPassword } from '../seeds/world.ts';
import { isPassword } from '../src/users/password.ts';
import { actsUpon } from './kit/history.ts';
import { lettersTo, turnMailOn } from './kit/letters.ts';
import { problem } from './kit/reading.ts';
import { openSite, type Site } from './kit/site.ts';
import { modes, type Visitor } from './kit/visitor.ts';

const chosen = 'velvet-orbit-4711';
const twice = { password: chosen, password_confirmation: chosen };

describe('Activating an account by a link', () => {
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

  /** The link of the newest letter to somebody. */
  const newest = async (name: string) => (await lettersTo(site, name)).at(-1)?.link as string;

  /** As if so much time had gone by since the mails were written. */
  const later = (time = '2 minutes') => site.db('letters').update({ createdAt: site.db.raw(`created_at - ?::interval`, [time]) });

  /** A genuine token of somebody whose page has no form. */
  async function tokenOf(visitor: Visitor): Promise<string> {
    await visitor.get('/sign-in');
    return visitor.token();
  }

  async function invited(name = 'ivo'): Promise<string> {
    await olga.post(`/users/${name}/activation-email`, {});
    await later();
    return newest(name);
  }

  for (const mode of modes) {
    it(`sets the password, activates, verifies the address and signs in, as ${mode}`, async () => {
      await site.db('users').where({ username: 'ivo' }).update({ emailVerifiedAt: null });
      const link = await invited();
      const ivo = await site.visitor(null, mode);
      const page = await ivo.get(link);
      expect(new URL(page.url).pathname).to.equal('/activate');
      expect(page.text).to.include('ivo').and.include('Ivo Dvořák');
      expect((await ivo.submit('/activate', twice)).url).to.match(/\/my$/);
      expect(ivo.page.text).to.include('Your account is active.');
      const user = await row('ivo');
      expect(user).to.include({ state: 'STATE_APPROVED', mustChangePassword: false });
      expect(user.emailVerifiedAt).to.be.instanceOf(Date);
      expect(await isPassword(chosen, user.passwordHash)).to.equal(true);
    });

    it(`says beside the fields what is wrong, and the link still works, as ${mode}`, async () => {
      const ivo = await site.visitor(null, mode);
      await ivo.get(await invited());
      for (const [password, confirmation, field, says] of [
        ['short-one', 'short-one', 'password', '10 characters or more'],
        ['my-ivo-is-here', 'my-ivo-is-here', 'password', 'must not hold the username'],
        ['password123', 'password123', 'password', 'most common'],
        [chosen, `${chosen}x`, 'password_confirmation', 'differ'],
      ] as const) {
        const page = await ivo.submit('/activate', { password, password_confirmation: confirmation });
        expect(page.status, says).to.equal(422);
        expect(problem(page, field)).to.include(says);
        expect(page.html).to.not.include(password);
      }
      expect((await row('ivo')).state).to.equal('STATE_INVITED');
      expect((await ivo.submit('/activate', twice)).url).to.match(/\/my$/);
    });
  }

  it('is recorded as the user’s own act, with no secret', async () => {
    const ivo = await site.visitor();
    await ivo.get(await invited());
    await ivo.submit('/activate', twice);
    const acts = await actsUpon(site, site.ids.ivo);
    expect(acts.map(({ act }) => act)).to.deep.equal(['user.activation-sent', 'account.activated', 'session.started']);
    expect(acts[1]).to.include({ actor: 'ivo', address: '127.0.0.1' });
    expect(acts[1]?.changes).to.deep.equal({ state: ['STATE_INVITED', 'STATE_APPROVED'] });
    expect(JSON.stringify(acts)).to.not.include(chosen);
  });

  it('changes nothing when it is opened, and takes the token out of the address', async () => {
    const link = await invited();
    const before = await row('ivo');
    const ivo = await site.visitor();
    const answer = await fetch(new URL(link, site.address), { redirect: 'manual' });
    expect([answer.status, answer.headers.get('location')]).to.deep.equal([303, '/activate']);
    await ivo.request(link, { method: 'HEAD' });
    expect((await ivo.get(link)).headers.get('cache-control')).to.include('no-store');
    expect(ivo.page.html).to.not.include(link.split('/').at(-1) as string);
    expect(await row('ivo')).to.deep.equal(before);
  });

  it('asks nothing of who had a password, and leads on to signing in with it', async () => {
    const nina = await site.visitor();
    await nina.get(await invited('nina'));
    expect(nina.page.document.querySelector('#field-password')).to.equal(null);
    expect(nina.page.text).to.include('the one that you had');
    const page = await nina.submit('/activate');
    expect(new URL(page.url).pathname).to.equal('/sign-in');
    expect(page.text).to.include('Your account is active.');
    expect(await isPassword(worldPassword, (await row('nina')).passwordHash)).to.equal(true);
    await nina.submit('/sign-in', { identifier: 'nina', password: worldPassword });
    expect(new URL(nina.page.url).pathname).to.equal('/my');
  });

  it('works once', async () => {
    const link = await invited();
    const ivo = await site.visitor();
    await ivo.get(link);
    await ivo.submit('/activate', twice);
    const other = await site.visitor();
    const page = await other.get(link);
    expect(page.status).to.equal(410);
    expect(page.text).to.include('used already');
    expect(page.document.querySelector('form[action="/activate/again"]')).to.equal(null);
    const again = { password: 'another-velvet-1', password_confirmation: 'another-velvet-1' };
    expect((await other.post('/activate', { ...again, _csrf: await tokenOf(other) })).status).to.equal(410);
    expect(await isPassword(chosen, (await row('ivo')).passwordHash)).to.equal(true);
  });

  it('offers a new link when its own has expired, which goes to the address of the account', async () => {
    const link = await invited();
    await site.db('links').update({ expiresAt: '2026-01-01T00:00:00Z' });
    const ivo = await site.visitor();
    expect((await ivo.get(link)).text).to.include('waited too long');
    const page = await ivo.submit('/activate/again');
    expect(page.text).to.include('a new link is on its way');
    const letters = await lettersTo(site, 'ivo');
    expect(letters.map(({ kind }) => kind)).to.deep.equal(['activation', 'activation']);
    expect(letters[1]?.link).to.not.equal(link);
    await ivo.get(letters[1]?.link as string);
    expect((await ivo.submit('/activate', twice)).url).to.match(/\/my$/);
  });

  it('sends no more than one in a minute and five in an hour, and says the same', async () => {
    const link = await invited();
    await site.db('links').update({ expiresAt: '2026-01-01T00:00:00Z' });
    const ivo = await site.visitor();
    const said = new Set<string>();
    for (let time = 0; time < 8; time += 1) {
      await ivo.get(link);
      said.add((await ivo.submit('/activate/again')).text);
      if (time > 0) await later();
    }
    expect(said.size).to.equal(1);
    expect(await lettersTo(site, 'ivo')).to.have.length(5);
  });

  it('gives no new link to whom has no genuine one, nor to whom is not invited any more', async () => {
    const link = await invited();
    const ivo = await site.visitor();
    await ivo.get('/activate/1.1.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa');
    expect(ivo.page.status).to.equal(404);
    await olga.post('/users/ivo/deactivate', {});
    expect((await ivo.post('/activate/again', { _csrf: await tokenOf(ivo) })).status).to.equal(404);
    await ivo.get(link);
    expect(ivo.page.document.querySelector('form[action="/activate/again"]')).to.equal(null);
    expect((await ivo.post('/activate/again', { _csrf: await tokenOf(ivo) })).text).to.include('If the account still waits');
    expect((await lettersTo(site, 'ivo')).filter(({ kind }) => kind === 'activation')).to.have.length(1);
  });

  for (const [what, act] of [
    ['the account was deactivated', () => olga.post('/users/ivo/deactivate', {})],
    ['the account was deleted', () => olga.post('/users/ivo/delete', { typed_username: 'ivo' })],
    ['a newer one was sent', () => olga.post('/users/ivo/activation-email', {})],
    ['the account has another address', () => site.db('users').where({ username: 'ivo' }).update({ email: 'ivo@new.example' })],
    ['the user signs in elsewhere', () => site.db('users').where({ username: 'ivo' }).update({ identitySource: 'federated' })],
  ] as const) {
    it(`works no more when ${what}`, async () => {
      const link = await invited();
      const ivo = await site.visitor();
      await ivo.get(link);
      const form = ivo.token();
      await act();
      const { state, passwordHash } = await row('ivo');
      expect((await ivo.post('/activate', { ...twice, _csrf: form })).status).to.equal(410);
      expect((await ivo.get(link)).status).to.equal(410);
      expect(await row('ivo')).to.include({ state, passwordHash });
    });
  }

  it('refuses an account that has expired, in words that say so', async () => {
    const link = await invited();
    await site.db('users').where({ username: 'ivo' }).update({ expiresAt: '2026-06-30T23:59:59Z' });
    const ivo = await site.visitor();
    const page = await ivo.get(link);
    expect(page.status).to.equal(409);
    expect(page.text).to.include('This account has expired');
  });

  it('opens nothing as a link for a new password', async () => {
    const link = await invited();
    const ivo = await site.visitor();
    expect((await ivo.get(link.replace('/activate/', '/reset-password/'))).status).to.equal(404);
  });
});
