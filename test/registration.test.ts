import { expect } from 'chai';
import { worldPassword } from '../seeds/world.ts';
import { isPassword } from '../src/users/password.ts';
import { onlyActUpon } from './kit/history.ts';
import { lettersTo } from './kit/letters.ts';
import { openRegistration, signUp, zoe } from './kit/registration.ts';
import { siteForEach } from './kit/site.ts';
import { modes } from './kit/visitor.ts';

describe('Registering', () => {
  const { site } = siteForEach();

  const row = (username = 'zoe-new') => site.db('users').where({ username }).first();
  const isDone = ({ url }: { url: string }) => new URL(url).pathname === '/register/done';

  for (const mode of modes) {
    it(`makes a customer who waits for approval and for the address to be verified (${mode})`, async () => {
      await openRegistration(site);
      const visitor = await site.visitor(null, mode);
      const page = await signUp(visitor, { ...zoe, phone: '+34 600 111 222', user_type: 'legal_entity', unp: '190275311' });
      expect(isDone(page), page.url).to.equal(true);
      expect(page.text).to.include('Check your mail').and.include('An administrator then looks at your request');
      const user = await row();
      expect(user).to.include({
        state: 'STATE_REQUESTED',
        profile: 'customer',
        emailVerifiedAt: null,
        name: 'Zoë Ivanova',
        phone: '+34 600 111 222',
        userType: 'legal_entity',
        unp: '190275311',
        mustChangePassword: false,
      });
      expect(await isPassword(zoe.password, user.passwordHash)).to.equal(true);
      const [letter, ...more] = await lettersTo(site, zoe.email);
      expect(more).to.deep.equal([]);
      expect(letter).to.include({ kind: 'registered', state: 'queued' });
      expect(letter?.link).to.match(/^\/verify-email\/./);
      expect(letter?.data).to.include({ username: 'zoe-new', waits: 'yes' });
    });
  }

  it('makes an Active one when nobody approves', async () => {
    await openRegistration(site, { approval: false });
    const page = await signUp(await site.visitor());
    expect(page.text).to.not.include('administrator then looks');
    expect((await row()).state).to.equal('STATE_APPROVED');
    expect((await lettersTo(site, zoe.email))[0]?.data.waits).to.equal('');
    expect(await site.db('letters').where({ kind: 'registration-requested' })).to.deep.equal([]);
  });

  it('records one act of the new user with every value and no secret', async () => {
    await openRegistration(site);
    await signUp(await site.visitor());
    const user = await row();
    const act = await onlyActUpon(site, user.id);
    expect(act).to.include({ act: 'user.registered', actor: 'zoe-new', user: 'zoe-new', outcome: 'done', address: '127.0.0.1' });
    expect(act.changes).to.include.keys('email', 'state', 'firstName').and.not.include.keys('password', 'passwordHash');
    expect(JSON.stringify(act)).to.not.include(zoe.password).and.not.include(user.passwordHash);
  });

  it('lets in at once, to the own profile and no further', async () => {
    await openRegistration(site);
    const visitor = await site.visitor();
    await signUp(visitor);
    await visitor.get('/sign-in');
    const page = await visitor.submit('/sign-in', { identifier: 'zoe-new', password: zoe.password });
    expect(page.url).to.match(/\/account$/);
    expect(page.text).to.include('Your account is requested').and.include('Your address is not verified');
    expect(page.document.querySelector('form[action="/account/verification"]')).to.not.equal(null);
    for (const path of ['/users', '/history']) expect((await visitor.get(path)).status, path).to.equal(403);
  });

  it('verifies by the link, which says that the request still waits', async () => {
    await openRegistration(site);
    const visitor = await site.visitor();
    await signUp(visitor);
    const [letter] = await lettersTo(site, zoe.email);
    await visitor.get(letter?.link ?? '');
    await visitor.submit('/verify-email');
    expect(await row()).to.include({ state: 'STATE_REQUESTED' });
    expect((await row()).emailVerifiedAt).to.be.a('date');
    await visitor.get('/sign-in');
    const page = await visitor.submit('/sign-in', { identifier: zoe.email, password: zoe.password });
    expect(page.text).to.include('Your account is requested').and.not.include('Your address is not verified');
  });

  for (const [registration, says] of [
    ['closed', 'Registration is closed'],
    ['invitation', 'needs an invitation'],
  ] as const) {
    it(`is not possible while it is ${registration}, and the sign-in page does not offer it`, async () => {
      await openRegistration(site, { registration });
      const visitor = await site.visitor();
      const page = await visitor.get('/register');
      expect(page.text).to.include(says);
      expect(page.document.querySelector('form')).to.equal(null);
      const token = (await visitor.get('/sign-in')).document.querySelector('input[name=_csrf]')?.getAttribute('value') ?? '';
      expect(visitor.page.html).to.not.include('/register');
      const before = await site.db('users').count();
      const answer = await visitor.post('/register', { ...zoe, _csrf: token });
      expect([answer.status, answer.text.includes(says)]).to.deep.equal([403, true]);
      expect(await site.db('users').count()).to.deep.equal(before);
      expect(await site.db('letters')).to.deep.equal([]);
    });
  }

  it('is closed unless somebody opens it', async () => {
    expect((await (await site.visitor()).get('/register')).text).to.include('Registration is closed');
  });

  for (const registration of ['listed', 'open'] as const) {
    it(`is offered on the sign-in page while it is ${registration}`, async () => {
      await openRegistration(site, { registration });
      const page = await (await site.visitor()).get('/sign-in');
      expect(page.document.querySelector('a[href="/register"]')?.text).to.equal('Sign Up');
    });
  }

  it('makes a customer and nothing more, whatever is smuggled in', async () => {
    await openRegistration(site);
    const visitor = await site.visitor();
    await visitor.get('/register');
    const smuggled = {
      profile: 'administrator',
      role: 'administrator',
      state: 'STATE_APPROVED',
      enabled: 'on',
      email_verified: 'on',
      email_verified_at: '2020-01-01',
      verified: 'true',
      balance: '100',
      balance_minor: '10000',
      description: 'VIP',
      groups: 'north',
      id: '1',
      version: '9',
      expires_at: '2099-01-01',
      identity_source: 'federated',
      password_hash: 'x',
      must_change_password: 'on',
      password_by: 'single_use',
      deleted_at: '2020-01-01',
      'profile[]': 'administrator',
      'user[profile]': 'administrator',
    };
    await visitor.post('/register', { ...zoe, ...smuggled });
    const user = await row();
    expect(user).to.include({
      profile: 'customer',
      state: 'STATE_REQUESTED',
      emailVerifiedAt: null,
      balanceMinor: 0,
      description: '',
      version: 1,
      expiresAt: null,
      identitySource: 'local',
      mustChangePassword: false,
      deletedAt: null,
    });
    expect(user.id).to.be.greaterThan(1);
  });

  it('says while outgoing mail is off that an administrator verifies, and keeps the link to be copied', async () => {
    await openRegistration(site, { outgoingMail: false });
    const visitor = await site.visitor();
    expect((await visitor.get('/register')).text).to.include('an administrator verifies your address');
    const page = await signUp(visitor);
    expect(page.text).to.include('an administrator has to verify your address and approve your account');
    expect((await row()).emailVerifiedAt).to.equal(null);
    const [letter, ...more] = await site.db('letters');
    expect([letter.kind, letter.state, more.length]).to.deep.equal(['registered', 'unsent', 0]);
    await visitor.get('/sign-in');
    const account = await visitor.submit('/sign-in', { identifier: 'zoe-new', password: zoe.password });
    expect(account.text).to.include('Until an administrator has verified zoe@new.example');
    expect(account.document.querySelector('form[action="/account/verification"]')).to.equal(null);
    expect((await visitor.post('/account/verification', {})).status).to.equal(409);
  });

  it('is nothing for somebody who is signed in', async () => {
    await openRegistration(site);
    const uma = await site.visitor('uma');
    expect((await uma.get('/register')).url).to.match(/\/my$/);
    expect((await uma.post('/register', zoe)).url).to.match(/\/my$/);
    expect(await row()).to.equal(undefined);
  });

  it('needs the token of its form', async () => {
    await openRegistration(site);
    const visitor = await site.visitor();
    await visitor.get('/register');
    expect((await visitor.post('/register', { ...zoe, _csrf: 'wrong' })).status).to.equal(403);
    expect(await row()).to.equal(undefined);
  });

  it('changes nothing by GET or HEAD', async () => {
    await openRegistration(site);
    const visitor = await site.visitor();
    for (const method of ['GET', 'HEAD']) await visitor.request(`/register?${new URLSearchParams(zoe)}`, { method });
    expect(await row()).to.equal(undefined);
    expect(await site.db('attempts')).to.deep.equal([]);
  });

  it('does not get in by another’s password after a taken username', async () => {
    await openRegistration(site);
    const visitor = await site.visitor();
    await signUp(visitor, { ...zoe, username: 'uma' });
    await visitor.get('/sign-in');
    expect((await visitor.submit('/sign-in', { identifier: 'uma', password: zoe.password })).status).to.equal(422);
    expect((await visitor.submit('/sign-in', { identifier: 'uma', password: worldPassword })).status).to.equal(200);
  });
});
