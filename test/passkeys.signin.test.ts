import { expect } from 'chai';
import { system } from '../src/access/actor.ts';
import { giveSingleUsePassword } from '../src/users/credentials.ts';
import { type Authenticator, authenticator, otherKey, wrongPasskeys } from './kit/authenticator.ts';
import { actsUpon } from './kit/history.ts';
import { alertOf } from './kit/reading.ts';
import { openSite, type Site } from './kit/site.ts';
import { challengeFrom, pathOf, showPasskey, withPasskey } from './kit/twofactor.ts';
import { modes } from './kit/visitor.ts';

let site: Site;
let device: Authenticator;

const open = async () => {
  site = await openSite();
  device = authenticator(site.address);
  const uma = await site.visitor('uma');
  await withPasskey(uma, device);
  await site.db('sessions').delete();
};
const change = (changes: object) => site.db('users').where({ username: 'uma' }).update(changes);
const sessions = () => site.db('sessions').where({ userId: site.ids.uma });
const by = system('test');

describe('Signing in with a passkey', () => {
  beforeEach(open);
  afterEach(() => site.close());

  for (const mode of modes) {
    it(`needs no password and asks for nothing more (${mode})`, async () => {
      const page = await showPasskey(await site.visitor(null, mode), device);
      expect([page.status, pathOf(page)]).to.deep.equal([200, '/my']);
      expect(await sessions()).to.have.length(1);
      const started = (await actsUpon(site, site.ids.uma)).find(({ act }) => act === 'session.started');
      expect(started?.facts).to.deep.equal({ by: 'passkey' });
      const passkey = await site.db('passkeys').first();
      expect([passkey.counter, passkey.lastUsedAt instanceof Date]).to.deep.equal([1, true]);
    });
  }

  it('asks for whichever passkey there is, names nobody, and wants the holder recognised', async () => {
    const visitor = await site.visitor();
    await visitor.get('/sign-in');
    const { options } = await challengeFrom(visitor, '/sign-in/challenge');
    expect(options).to.include({ rpId: 'localhost', userVerification: 'required' }).and.not.have.property('allowCredentials');
  });

  it('leads on to the page that was asked for', async () => {
    const uma = await site.visitor();
    await uma.get('/account/sessions');
    expect(uma.page.document.querySelector('input[name=next]')?.getAttribute('value')).to.equal('/account/sessions');
    const { options } = await challengeFrom(uma, '/sign-in/challenge');
    await uma.get('/sign-in?next=%2Faccount%2Fsessions');
    expect(pathOf(await uma.submit('/sign-in', { passkey: device.get(options) }))).to.equal('/account/sessions');
  });

  for (const [what, wrong] of [...wrongPasskeys, ['whose holder was not recognised', { isVerified: false }] as const]) {
    it(`refuses one ${what}`, async () => {
      const page = await showPasskey(await site.visitor(), device, wrong);
      expect([page.status, alertOf(page).split('.')[0]]).to.deep.equal([422, 'That passkey did not work']);
      expect(await sessions()).to.deep.equal([]);
      expect((await site.db('passkeys').first()).counter).to.equal(0);
    });
  }

  it('shows a failure in the history, with the name of the passkey, and locks nobody', async () => {
    for (let time = 0; time < 6; time += 1) await showPasskey(await site.visitor(), device, { key: otherKey });
    const failed = (await actsUpon(site, site.ids.uma)).filter(({ act }) => act === 'sign-in.failed');
    expect(failed).to.have.length(6);
    expect(failed[0]?.facts).to.deep.equal({ by: 'passkey', name: 'Work laptop', device: 'Unknown browser' });
    expect((await site.db('users').where({ username: 'uma' }).first()).lockedAt).to.equal(null);
  });

  it('refuses one that nobody has, with the same words', async () => {
    const stranger = authenticator(site.address);
    stranger.create({ challenge: '', rp: { id: 'localhost' } });
    const words = [
      alertOf(await showPasskey(await site.visitor(), stranger)),
      alertOf(await showPasskey(await site.visitor(), device, { key: otherKey })),
    ];
    expect(words[0]).to.equal(words[1]).and.not.equal('');
  });

  it('takes each answer once, and only in the browser that asked', async () => {
    const [uma, elsewhere] = [await site.visitor(), await site.visitor()];
    await elsewhere.get('/sign-in');
    await uma.get('/sign-in');
    const { options } = await challengeFrom(uma, '/sign-in/challenge');
    const passkey = device.get(options);
    expect((await elsewhere.submit('/sign-in', { passkey })).status, 'elsewhere').to.equal(422);
    await uma.get('/sign-in');
    expect(pathOf(await uma.submit('/sign-in', { passkey }))).to.equal('/my');
    await uma.submit('/sign-out');
    await uma.get('/sign-in');
    expect((await uma.submit('/sign-in', { passkey })).status, 'again').to.equal(422);
  });

  it('refuses an answer that comes too late', async () => {
    const uma = await site.visitor();
    await uma.get('/sign-in');
    const { options } = await challengeFrom(uma, '/sign-in/challenge');
    await site.db('passkeyChallenges').update({ expiresAt: site.db.raw(`now() - interval '1 second'`) });
    await uma.get('/sign-in');
    expect((await uma.submit('/sign-in', { passkey: device.get(options) })).status).to.equal(422);
  });

  it('notices a copy: the counter of a passkey only grows', async () => {
    expect(pathOf(await showPasskey(await site.visitor(), device, { counter: 7 }))).to.equal('/my');
    for (const counter of [7, 3, 0]) expect((await showPasskey(await site.visitor(), device, { counter })).status).to.equal(422);
    expect(pathOf(await showPasskey(await site.visitor(), device, { counter: 8 }))).to.equal('/my');
  });

  it('lets in again and again where a device does not count', async () => {
    await site.db('passkeys').update({ counter: 0 });
    for (let time = 0; time < 2; time += 1)
      expect(pathOf(await showPasskey(await site.visitor(), device, { counter: 0 }))).to.equal('/my');
  }).timeout(20_000);

  const barred: [what: string, act: () => Promise<unknown>][] = [
    ['locked', () => change({ lockedAt: site.db.raw('now()') })],
    ['inactive', () => change({ state: 'STATE_INACTIVE' })],
    ['deleted', () => change({ deletedAt: site.db.raw('now()') })],
    ['expired', () => change({ expiresAt: '2026-01-01' })],
    ['federated', () => change({ identitySource: 'federated' })],
  ];
  for (const [what, act] of barred) {
    it(`lets nobody in whose account is ${what}`, async () => {
      await act();
      expect((await showPasskey(await site.visitor(), device)).status).to.equal(422);
      expect(await sessions()).to.deep.equal([]);
    });
  }

  it('lets in who is locked from a browser that the account knows', async () => {
    const uma = await site.visitor();
    await showPasskey(uma, device);
    await uma.submit('/sign-out');
    await change({ lockedAt: site.db.raw('now()') });
    expect(pathOf(await showPasskey(uma, device))).to.equal('/my');
    expect((await showPasskey(await site.visitor(), device)).status).to.equal(422);
  });

  it('shows who is restricted the own account alone', async () => {
    await change({ state: 'STATE_SUSPENDED' });
    const uma = await site.visitor();
    expect(pathOf(await showPasskey(uma, device))).to.equal('/account');
    expect((await uma.get('/account/passkeys')).status).to.equal(403);
  });

  it('leads on to a password that must be replaced', async () => {
    await giveSingleUsePassword(site.db, by, 'uma', 'handed-over-once');
    expect(pathOf(await showPasskey(await site.visitor(), device))).to.equal('/account/password');
  });

  it('is not asked without end from one network', async () => {
    const visitor = await site.visitor();
    await visitor.get('/sign-in');
    await challengeFrom(visitor, '/sign-in/challenge');
    await site.db('attempts').where('key', 'like', 'network %').update({ count: 100 });
    await visitor.get('/sign-in');
    expect((await visitor.post('/sign-in/challenge', {})).status).to.equal(429);
    expect(await site.db('passkeyChallenges')).to.have.length(1);
  });
});
