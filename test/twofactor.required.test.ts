import { expect } from 'chai';
import { worldPassword } from '../seeds/world.ts';
import { actsUpon } from './kit/history.ts';
import { lettersTo, turnMailOn } from './kit/letters.ts';
import { openSite, type Site } from './kit/site.ts';
import { appFor, pathOf, typePassword, withApp } from './kit/twofactor.ts';
import { modes, type Visitor } from './kit/visitor.ts';

let site: Site;
const open = async () => {
  site = await openSite();
};

const forgetProof = () => site.db('sessions').update({ confirmedAt: site.db.raw(`now() - interval '11 minutes'`) });

describe('A second factor that administrators must have', () => {
  beforeEach(async () => {
    await open();
    await site.db('settings').update({ twoFactorForAdministrators: 'required' });
  });
  afterEach(() => site.close());

  it('is required on the page of settings, and then of whoever has just done so', async () => {
    await site.db('settings').update({ twoFactorForAdministrators: 'optional' });
    const olga = await site.visitor('olga');
    await olga.get('/settings');
    const form = olga.page.document
      .querySelectorAll('form')
      .find((one) => one.innerHTML.includes('two_factor_for_administrators'));
    const fields = form?.querySelectorAll('input[type=hidden]') ?? [];
    const hidden = Object.fromEntries(fields.map((one) => [one.getAttribute('name'), one.getAttribute('value') ?? '']));
    const page = await olga.post('/settings', { ...hidden, two_factor_for_administrators: 'required' });
    expect([page.status, pathOf(page)]).to.deep.equal([200, '/account/two-factor']);
    expect((await site.db('settings').first()).twoFactorForAdministrators).to.equal('required');
  });

  it('leads an administrator without one to its page, and to nothing else', async () => {
    const olga = await site.visitor();
    expect(pathOf(await typePassword(olga, 'olga'))).to.equal('/account/two-factor');
    expect(olga.page.text).to.include('This console asks its administrators for one.');
    for (const path of ['/', '/users', '/users/uma', '/account', '/account/sessions', '/history', '/users/export.csv'])
      expect(pathOf(await olga.get(path)), path).to.equal('/account/two-factor');
    expect(olga.page.html, 'no way to the list is offered').to.not.include('href="/users"');
    const before = await site.db('users').where({ username: 'uma' }).first();
    expect(pathOf(await olga.post('/users/uma/suspend', { reason: 'x' }))).to.equal('/account/two-factor');
    expect(await site.db('users').where({ username: 'uma' }).first()).to.deep.equal(before);
  });

  it('lets go on as soon as an app is set up', async () => {
    const olga = await site.visitor('olga');
    await olga.get('/account/two-factor/app');
    const uri = olga.page.document.querySelector('a[href^="otpauth:"]')?.getAttribute('href') ?? '';
    const app = appFor(site.db, new URL(uri).searchParams.get('secret') ?? '');
    expect((await olga.submit('/account/two-factor/app', { code: await app.code() })).text).to.include('Two-factor is on.');
    expect(pathOf(await olga.get('/users'))).to.equal('/users');
  });

  it('lets prove first who it is', async () => {
    const olga = await site.visitor('olga');
    await forgetProof();
    expect(pathOf(await olga.get('/account/two-factor/app'))).to.equal('/confirm');
    expect(pathOf(await olga.submit('/confirm', { your_password: worldPassword }))).to.equal('/account/two-factor/app');
  });

  it('lets sign out, choose a theme and change the password', async () => {
    const olga = await site.visitor('olga');
    expect((await olga.get('/account/password')).status).to.equal(200);
    expect((await olga.post('/theme', { theme: 'dark' })).status).to.equal(200);
    await olga.get('/account/two-factor');
    expect(pathOf(await olga.submit('/sign-out'))).to.equal('/sign-in');
  });

  it('comes after the password that must be replaced', async () => {
    await site.db('users').where({ username: 'olga' }).update({ mustChangePassword: true });
    const olga = await site.visitor('olga');
    expect(pathOf(await olga.get('/users'))).to.equal('/account/password');
  });

  it('is asked of nobody else, and of no administrator who has one or is restricted', async () => {
    await withApp(site, 'oscar');
    expect(pathOf(await (await site.visitor('oscar')).get('/users'))).to.equal('/users');
    expect(pathOf(await (await site.visitor('uma')).get('/account'))).to.equal('/account');
    await site.db('users').where({ username: 'olga' }).update({ identitySource: 'federated' });
    expect(pathOf(await (await site.visitor('olga')).get('/users')), 'the provider sees to it').to.equal('/users');
    await site.db('users').where({ username: 'olga' }).update({ identitySource: 'local', emailVerifiedAt: null });
    const olga = await site.visitor('olga');
    expect(pathOf(await olga.get('/'))).to.equal('/account');
    expect((await olga.get('/users')).status).to.equal(403);
  });

  it('cannot be turned off by its owner', async () => {
    await withApp(site, 'olga');
    const olga = await site.visitor('olga');
    await olga.get('/account/two-factor/app/remove');
    const page = await olga.submit('/account/two-factor/app/remove');
    expect([page.status, page.text.includes('Administrators of this console need a second factor.')]).to.deep.equal([409, true]);
    expect(await site.db('authenticators')).to.have.length(1);
    expect(await site.db('recoveryCodes')).to.have.length(10);
    await site.db('settings').update({ twoFactorForAdministrators: 'optional' });
    await olga.get('/account/two-factor/app/remove');
    expect((await olga.submit('/account/two-factor/app/remove')).text).to.include('Two-factor is off.');
  });
});

describe('Resetting the second factor of a user', () => {
  beforeEach(open);
  afterEach(() => site.close());

  const reset = async (by: Visitor, username: string, filled = {}) => {
    await by.get(`/users/${username}/reset-two-factor`);
    return by.submit(`/users/${username}/reset-two-factor`, filled);
  };

  for (const mode of modes) {
    it(`takes all of it away, ends the sessions and lets the password alone in (${mode})`, async () => {
      await turnMailOn(site);
      await withApp(site, 'uma');
      const [olga, uma] = [await site.visitor('olga', mode), await site.visitor('uma')];
      const page = await reset(olga, 'uma');
      expect([page.status, pathOf(page)]).to.deep.equal([200, '/users/uma']);
      expect(page.text).to.include('The second factor of Uma Trucking Ltd has been reset.');
      for (const table of ['authenticators', 'recoveryCodes']) expect(await site.db(table), table).to.deep.equal([]);
      expect(pathOf(await uma.get('/account'))).to.equal('/sign-in');
      expect(pathOf(await typePassword(await site.visitor(), 'uma'))).to.equal('/my');
      const [act] = await actsUpon(site, site.ids.uma);
      expect([act?.act, act?.actor]).to.deep.equal(['user.two-factor-reset', 'olga']);
      expect((await lettersTo(site, 'uma')).map(({ kind }) => kind)).to.deep.equal(['two-factor-reset']);
    });
  }

  it('ends a sign-in that waits for its second step', async () => {
    const { app } = await withApp(site, 'uma');
    const uma = await site.visitor();
    await typePassword(uma, 'uma');
    await reset(await site.visitor('olga'), 'uma');
    expect(pathOf(await uma.post('/two-factor', { code: await app.code() }))).to.equal('/sign-in');
    expect(await site.db('sessions').where({ userId: site.ids.uma })).to.deep.equal([]);
  });

  it('is offered only where there is one, and says on the user’s page whether there is', async () => {
    await withApp(site, 'uma');
    const olga = await site.visitor('olga');
    for (const path of ['/users/uma', '/users/uma/menu', '/users?q=uma&open=uma'])
      expect((await olga.get(path)).html, path).to.include('/users/uma/reset-two-factor');
    expect((await olga.get('/users/uma')).text).to.match(/Two-factor\s*on since/);
    for (const path of ['/users/stan', '/users/stan/menu', '/users?q=stan&open=stan'])
      expect((await olga.get(path)).html, path).to.not.include('reset-two-factor');
    expect((await olga.get('/users/stan')).text).to.match(/Two-factor\s*off/);
    const page = await olga.get('/users/stan/reset-two-factor');
    expect([page.status, page.text.includes('Stan Kowalski has no second factor.')]).to.deep.equal([409, true]);
  });

  it('needs a fresh proof of who does it', async () => {
    await withApp(site, 'uma');
    const olga = await site.visitor('olga');
    await forgetProof();
    expect((await reset(olga, 'uma')).status).to.equal(422);
    expect((await reset(olga, 'uma', { your_password: 'wrong words' })).status).to.equal(422);
    expect(await site.db('authenticators')).to.have.length(1);
    expect((await reset(olga, 'uma', { your_password: worldPassword })).status).to.equal(200);
  });

  it('is not done to oneself, to the deleted, or by who is no administrator', async () => {
    for (const name of ['olga', 'dora', 'uma'] as const) await withApp(site, name);
    const olga = await site.visitor('olga');
    const own = await olga.get('/users/olga/reset-two-factor');
    expect([own.status, own.text.includes('Change your own two-factor under My account.')]).to.deep.equal([409, true]);
    expect((await olga.get('/users/olga')).html).to.not.include('/users/olga/reset-two-factor');
    expect((await olga.get('/users/dora/reset-two-factor')).status).to.equal(404);
    const stan = await site.visitor('stan');
    await stan.get('/account');
    expect((await stan.post('/users/uma/reset-two-factor', {})).status).to.equal(403);
    expect(await site.db('authenticators')).to.have.length(3);
  });

  it('can be done to an administrator of whom one is required', async () => {
    await site.db('settings').update({ twoFactorForAdministrators: 'required' });
    for (const name of ['olga', 'oscar'] as const) await withApp(site, name);
    expect((await reset(await site.visitor('olga'), 'oscar')).status).to.equal(200);
    const oscar = await site.visitor();
    expect(pathOf(await typePassword(oscar, 'oscar'))).to.equal('/account/two-factor');
  });
});
