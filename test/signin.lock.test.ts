import { expect } from 'chai';
import { worldPassword } from '../seeds/world.ts';
import { system } from '../src/access/actor.ts';
import { unlockUser } from '../src/users/unlock.ts';
import { enter } from './kit/check.ts';
import { actsUpon } from './kit/history.ts';
import { lettersTo, turnMailOn } from './kit/letters.ts';
import { openSite, type Site } from './kit/site.ts';
import { typeCode, typePassword, withApp } from './kit/twofactor.ts';
import type { Visitor } from './kit/visitor.ts';

describe('An account that is locked', () => {
  let site: Site;
  beforeEach(async () => {
    site = await openSite({ TRUST_PROXY: '1' });
    await turnMailOn(site);
  });
  afterEach(() => site.close());

  const userOf = (username: string) => site.db('users').where({ username }).first();
  const by = system('test');

  /** A try from this address, as a proxy in front of the console tells it. */
  async function tryFrom(address: string, identifier: string, password = 'wrong words', visitor?: Visitor) {
    const stranger = visitor ?? (await site.visitor());
    await stranger.get('/sign-in');
    const agent = 'Mozilla/5.0 (Windows NT 10.0) <b>Firefox/141.0</b>';
    const headers = { 'x-forwarded-for': address, 'user-agent': agent };
    return stranger.post('/sign-in', { identifier, password }, headers);
  }

  async function lock(username: string, times = 5) {
    for (let time = 0; time < times; time += 1) await tryFrom(`203.0.113.${time}`, username);
  }

  it('is told to its user once, with when, how often and from which networks', async () => {
    await tryFrom('198.51.100.7', 'uma');
    await tryFrom('2001:db8::1', 'uma');
    await lock('uma', 3);
    const [letter, ...more] = await lettersTo(site, 'uma');
    expect(more).to.deep.equal([]);
    expect(letter).to.include({ kind: 'locked', state: 'queued' });
    expect(letter?.data).to.include({ tries: '5', minutes: '15', more: '' });
    expect(letter?.data.networks?.split(', ')).to.have.members(['198.51.100.0/24', '2001:db8:0:0::/64', '203.0.113.0/24']);
    expect(letter?.data.at).to.match(/^\d{1,2} \w+ \d{4}, \d\d:\d\d UTC$/);
    await lock('uma', 3);
    expect(await lettersTo(site, 'uma')).to.have.length(1);
  });

  it('is told in the time of its user', async () => {
    await site.db('users').where({ username: 'uma' }).update({ timeZone: 'Asia/Kathmandu' });
    await lock('uma');
    expect((await lettersTo(site, 'uma'))[0]?.data.at).to.match(/, \d\d:\d\d GMT\+5:45$/);
  });

  it('brings no word of whoever tried into the letter', async () => {
    for (let time = 0; time < 5; time += 1) await tryFrom('<script>evil</script>', 'uma');
    const [letter] = await lettersTo(site, 'uma');
    expect(letter?.data.networks).to.equal('an unknown network');
    expect(JSON.stringify(letter)).to.not.match(/evil|Firefox|script/);
  });

  it('is not told where there is no mail server, and is locked all the same', async () => {
    await site.db('settings').update({ outgoingMail: false });
    await lock('uma');
    expect((await userOf('uma')).lockedAt).to.be.a('date');
    expect(await site.db('letters')).to.have.length(0);
  });

  for (const [what, username, broken] of [
    ['was deactivated', 'nina', { state: 'STATE_INACTIVE' }],
    ['has expired', 'xena', { expiresAt: '2026-06-30T23:59:59Z' }],
    ['was invited and has no password', 'ivo', { passwordHash: null }],
    ['signs in at the identity provider', 'gus', { identitySource: 'federated', passwordHash: null }],
  ] as const) {
    it(`is never that of a user who ${what}: there is nothing to keep strangers from`, async () => {
      await site.db('users').where({ username }).update(broken);
      await lock(username, 6);
      expect((await userOf(username)).lockedAt).to.equal(null);
      expect(await lettersTo(site, username)).to.deep.equal([]);
      const acts = await actsUpon(site, site.ids[username]);
      expect(acts.map(({ act }) => act)).to.deep.equal(Array(5).fill('sign-in.failed'));
    });
  }

  it('may be one of restricted standing, and becomes no other by it', async () => {
    await lock('sue');
    expect(await userOf('sue')).to.deep.include({ state: 'STATE_SUSPENDED', stateReason: 'Invoice 1043 is not paid.' });
    expect((await userOf('sue')).lockedAt).to.be.a('date');
  });

  it('is the last able administrator’s never, who gets no letter of a lock either', async () => {
    await site.db('users').where({ username: 'oscar' }).update({ state: 'STATE_SUSPENDED' });
    await lock('olga', 7);
    expect((await userOf('olga')).lockedAt).to.equal(null);
    expect(await lettersTo(site, 'olga')).to.deep.equal([]);
  });

  it('tells its user of the first sign-in after the lock was lifted, and of no other', async () => {
    await lock('uma');
    await unlockUser(site.db, by, 'uma');
    await tryFrom('192.0.2.77', 'uma', worldPassword);
    const letters = await lettersTo(site, 'uma');
    expect(letters.map(({ kind }) => kind)).to.deep.equal(['locked', 'unlocked', 'entered-after-lock']);
    expect(letters[2]?.data).to.include({ device: 'Firefox on Windows', network: '192.0.2.0/24' });
    await site.db('letters').delete();
    await tryFrom('192.0.2.77', 'uma', worldPassword);
    expect((await lettersTo(site, 'uma')).map(({ kind }) => kind)).to.deep.equal(['new-browser']);
  });

  it('does not tell of its user’s own browser, which the lock lets in, but of who comes after the lock', async () => {
    const uma = await site.visitor();
    await tryFrom('192.0.2.1', 'uma', worldPassword, uma);
    await uma.get('/account');
    await uma.submit('/sign-out');
    await lock('uma');
    await tryFrom('192.0.2.1', 'uma', worldPassword, uma);
    expect((await lettersTo(site, 'uma')).map(({ kind }) => kind)).to.deep.equal(['locked']);
    await unlockUser(site.db, by, 'uma');
    await tryFrom('198.51.100.1', 'uma', worldPassword);
    expect((await lettersTo(site, 'uma')).map(({ kind }) => kind)).to.deep.equal(['locked', 'unlocked', 'entered-after-lock']);
  });

  it('says what it means when the second step was failed: somebody knows the password', async () => {
    await withApp(site, 'uma');
    for (let time = 0; time < 5; time += 1) {
      const stranger = await site.visitor();
      await typePassword(stranger, 'uma');
      await typeCode(stranger, '000000');
    }
    expect((await userOf('uma')).lockedAt).to.be.a('date');
    const letters = await lettersTo(site, 'uma');
    expect(letters.map(({ kind }) => kind)).to.deep.equal(['locked-at-second-step']);
    expect(letters[0]?.data.networks).to.equal('127.0.0.0/24');
    const failed = (await actsUpon(site, site.ids.uma)).filter(({ act }) => act === 'sign-in.failed');
    expect(failed.map(({ facts }) => facts.by)).to.deep.equal(Array(5).fill('code'));
  });

  it('says nothing of the kind to who was never locked', async () => {
    await lock('uma', 4);
    expect(await enter(site, 'uma')).to.equal('in');
    expect(await lettersTo(site, 'uma')).to.deep.equal([]);
  });

  it('shows administrators from where it was tried: from its badge, its row and its page', async () => {
    await tryFrom('198.51.100.7', 'uma');
    await lock('uma', 4);
    const olga = await site.visitor('olga');
    const way = '/users/uma/sign-in-check#failed';
    for (const path of ['/users?q=uma', '/users?q=uma&open=uma', '/users/uma', '/users/uma/sessions']) {
      const links = (await olga.get(path)).document.querySelectorAll('main a').map((link) => link.getAttribute('href'));
      expect(links, path).to.include(way);
    }
    const badge = (await olga.get('/users?q=uma')).document.querySelector('#user-uma a.badge.bad');
    expect([badge?.text, badge?.getAttribute('href')]).to.deep.equal(['Locked', way]);
    const rows = (await olga.get('/users/uma/sign-in-check')).document.querySelectorAll('.list tbody tr').map(({ text }) => text);
    expect(rows).to.have.length(5);
    expect(rows.join()).to.include('198.51.100.7').and.include('203.0.113.3').and.include('Firefox on Windows');
  });
});
