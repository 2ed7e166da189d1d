import { expect } from 'chai';
import { worldPassword } from '../seeds/world.ts';
import { issueLink } from '../src/links/links.ts';
import { answerForgotten } from '../src/recovery/forgotten.ts';
import { accountKey } from '../src/users/attempts.ts';
import { rememberBrowser } from '../src/users/browsers.ts';
import { isPassword } from '../src/users/password.ts';
import { actsUpon } from './kit/history.ts';
import { lettersTo, turnMailOn } from './kit/letters.ts';
import { problem } from './kit/reading.ts';
import { openSite, type Site } from './kit/site.ts';
import { modes, type Visitor } from './kit/visitor.ts';

const chosen = 'velvet-orbit-4711';
const twice = { password: chosen, password_confirmation: chosen };

describe('Choosing a new password by a link', () => {
  let site: Site;
  const row = (username: string) => site.db('users').where({ username }).first();
  beforeEach(async () => {
    site = await openSite();
    await turnMailOn(site);
  });
  afterEach(() => site.close());

  async function linkFor(name: string): Promise<string> {
    await site.db('forgotten').insert({ identifier: name, address: '127.0.0.1' });
    await answerForgotten(site.db);
    return (await lettersTo(site, name)).at(-1)?.link as string;
  }

  for (const mode of modes) {
    it(`replaces the old password, and the new one signs in, as ${mode}`, async () => {
      const uma = await site.visitor(null, mode);
      await uma.get(await linkFor('uma'));
      expect(new URL(uma.page.url).pathname).to.equal('/reset-password');
      const page = await uma.submit('/reset-password', twice);
      expect(new URL(page.url).pathname).to.equal('/sign-in');
      expect(page.text).to.include('Your password has been changed');
      const { passwordHash } = await row('uma');
      expect(await isPassword(chosen, passwordHash)).to.equal(true);
      await uma.submit('/sign-in', { identifier: 'uma', password: worldPassword });
      expect(uma.page.status).to.equal(422);
      await uma.submit('/sign-in', { identifier: 'uma', password: chosen });
      expect(new URL(uma.page.url).pathname).to.equal('/my');
    });

    it(`says beside the fields what is wrong, and the link still works, as ${mode}`, async () => {
      const uma = await site.visitor(null, mode);
      await uma.get(await linkFor('uma'));
      for (const [password, field, says] of [
        ['short-one', 'password', '10 characters or more'],
        [worldPassword, 'password', 'This is the old password'],
        ['password123', 'password', 'most common'],
      ] as const) {
        const page = await uma.submit('/reset-password', { password, password_confirmation: password });
        expect(page.status).to.equal(422);
        expect(problem(page, field)).to.include(says);
      }
      const page = await uma.submit('/reset-password', { ...twice, password_confirmation: 'other' });
      expect(problem(page, 'password_confirmation')).to.include('differ');
      expect((await row('uma')).version).to.equal(1);
      expect(new URL((await uma.submit('/reset-password', twice)).url).pathname).to.equal('/sign-in');
    });
  }

  it('lifts a lock, clears the tries, ends every session and every other link, and forgets the browsers', async () => {
    await site.db('users').where({ username: 'lea' }).update({ emailVerifiedAt: null });
    await site.db('attempts').insert({ key: accountKey(site.ids.lea), count: 5, windowEndsAt: '2030-01-01' });
    const lea = { userId: site.ids.lea, email: 'lea@world.example' };
    await site.db.transaction(async (trx) => {
      await rememberBrowser(trx, site.ids.lea, { token: 'some-browser', agent: '', address: '' });
      await issueLink(trx, 'email-change', { ...lea, email: 'eve@evil.example' });
      await issueLink(trx, 'activation', lea);
    });
    const before = await site.visitor('lea');
    const visitor = await site.visitor();
    await visitor.get(await linkFor('lea'));
    await visitor.submit('/reset-password', twice);
    const user = await row('lea');
    expect(user.lockedAt).to.equal(null);
    expect(user.emailVerifiedAt).to.be.instanceOf(Date);
    expect((await before.get('/account')).url).to.include('/sign-in');
    expect(await site.db('attempts').where({ key: accountKey(site.ids.lea) })).to.deep.equal([]);
    expect(await site.db('knownBrowsers').where({ userId: site.ids.lea })).to.deep.equal([]);
    expect(await site.db('links').where({ userId: site.ids.lea, usedAt: null, voidedAt: null })).to.deep.equal([]);
  });

  it('tells the user by mail and is recorded as the user’s own act', async () => {
    const visitor = await site.visitor();
    await visitor.get(await linkFor('lea'));
    await visitor.submit('/reset-password', twice);
    expect((await lettersTo(site, 'lea')).map(({ kind }) => kind)).to.deep.equal(['reset', 'password-changed']);
    const acts = await actsUpon(site, site.ids.lea);
    expect(acts.map(({ act }) => act)).to.deep.equal(['account.password-forgotten', 'account.password-recovered']);
    expect(acts[1]).to.include({ actor: 'lea', address: '127.0.0.1' });
    expect(acts[1]?.changes).to.deep.equal({ lockedAt: ['2026-11-20T08:00:00.000Z', null] });
    expect(JSON.stringify(acts)).to.not.include(chosen);
  });

  it('changes nothing when it is opened', async () => {
    const before = await row('uma');
    const link = await linkFor('uma');
    const visitor = await site.visitor();
    await visitor.request(link, { method: 'HEAD' });
    await visitor.get(link);
    expect(visitor.page.html).to.not.include(link.split('/').at(-1) as string);
    expect(await row('uma')).to.deep.equal(before);
    expect((await site.db('links').where({ purpose: 'reset' }).first()).usedAt).to.equal(null);
  });

  it('works once, for an hour, and only as the latest one', async () => {
    const first = await linkFor('uma');
    const second = await linkFor('uma');
    const uma = await site.visitor();
    expect((await uma.get(first)).text).to.include('A newer link has replaced it');
    expect((await uma.get(first)).document.querySelector('a.primary')?.getAttribute('href')).to.equal('/forgot-password');
    const { issuedAt, expiresAt } = await site.db('links').where({ purpose: 'reset' }).first();
    expect(expiresAt - issuedAt).to.equal(3_600_000);
    await uma.get(second);
    const form = uma.token();
    await uma.submit('/reset-password', twice);
    await uma.get(second);
    expect(uma.page.text).to.include('used already');
    expect((await uma.post('/reset-password', { ...twice, _csrf: form })).status).to.be.oneOf([403, 410]);
    const third = await linkFor('uma');
    await site.db('links').update({ expiresAt: '2026-01-01T00:00:00Z' });
    expect((await uma.get(third)).text).to.include('waited too long');
  });

  it('is not done without a genuine link, whatever else is sent along', async () => {
    const link = await linkFor('uma');
    const [, , id, counter, mac] = /^(.*)\/(\w+)\.(\w+)\.([\w-]+)$/.exec(link) ?? [];
    const eve = await site.visitor();
    for (const token of [
      '',
      'x',
      `${id}.${counter}.${'a'.repeat(43)}`,
      `${id}.${counter}.${mac?.toUpperCase()}`,
      `1${id}.${counter}.${mac}`,
    ]) {
      eve.cookies.delete('roster-link');
      await eve.get('/forgot-password');
      const fields = { ...twice, token, user: 'uma', username: 'uma', id: String(site.ids.uma), _csrf: eve.token() };
      if (token) eve.cookies.set('roster-link', token);
      expect((await eve.post('/reset-password', fields)).status, token).to.equal(404);
    }
    expect(await isPassword(worldPassword, (await row('uma')).passwordHash)).to.equal(true);
  });

  it('sets the password of its own account, not of who is signed in before it', async () => {
    const ines = await site.visitor('ines');
    await ines.get(await linkFor('uma'));
    await ines.submit('/reset-password', twice);
    expect(new URL(ines.page.url).pathname).to.equal('/sign-in');
    expect((await row('ines')).version).to.equal(1);
    expect(await isPassword(chosen, (await row('uma')).passwordHash)).to.equal(true);
  });

  const olgaDoes: [string, (olga: Visitor) => Promise<unknown>][] = [
    ['deactivated', (olga) => olga.post('/users/uma/deactivate', {})],
    ['suspended', (olga) => olga.post('/users/uma/suspend', { reason: 'Unpaid.' })],
    ['deleted', (olga) => olga.post('/users/uma/delete', { typed_username: 'uma' })],
  ];
  for (const [what, act] of olgaDoes) {
    it(`works no more when the account was ${what}`, async () => {
      const link = await linkFor('uma');
      const olga = await site.visitor('olga');
      await olga.get('/account');
      await act(olga);
      const uma = await site.visitor();
      expect((await uma.get(link)).status).to.equal(410);
      expect((await uma.post('/reset-password', { ...twice, _csrf: '' })).status).to.equal(403);
      expect(await isPassword(worldPassword, (await row('uma')).passwordHash)).to.equal(true);
    });
  }

  it('works no more when the account has another address, or signs in elsewhere', async () => {
    const link = await linkFor('uma');
    const uma = await site.visitor();
    await site.db('users').where({ username: 'uma' }).update({ email: 'uma@new.example' });
    expect((await uma.get(link)).status).to.equal(410);
    await site.db('users').where({ username: 'uma' }).update({ email: 'uma@world.example', identitySource: 'federated' });
    expect((await uma.get(link)).status).to.equal(410);
  });

  it('is void when the password is changed in the account', async () => {
    const link = await linkFor('uma');
    const uma = await site.visitor('uma');
    await uma.get('/account/password');
    await uma.submit('/account/password', { current_password: worldPassword, ...twice });
    expect((await uma.get(link)).status).to.equal(410);
    expect((await lettersTo(site, 'uma')).map(({ kind }) => kind)).to.deep.equal(['reset', 'password-changed']);
  });

  it('leaves a suspended user suspended', async () => {
    const sue = await site.visitor();
    await sue.get(await linkFor('sue'));
    await sue.submit('/reset-password', twice);
    expect(await row('sue')).to.include({ state: 'STATE_SUSPENDED' });
    await sue.submit('/sign-in', { identifier: 'sue', password: chosen });
    expect(sue.page.text).to.include('Invoice 1043');
  });

  it('ends the wait of a single-use password too', async () => {
    await site.db('users').where({ username: 'uma' }).update({ mustChangePassword: true, singleUseExpiresAt: '2030-01-01' });
    const uma = await site.visitor();
    await uma.get(await linkFor('uma'));
    await uma.submit('/reset-password', twice);
    expect(await row('uma')).to.include({ mustChangePassword: false, singleUseExpiresAt: null });
  });
});
