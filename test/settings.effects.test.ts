import { expect } from 'chai';
import { listSessions } from '../src/sessions/sessions.ts';
import { enter } from './kit/check.ts';
import { groupOf, save } from './kit/settings.ts';
import { siteForEach } from './kit/site.ts';
import type { Page, Visitor } from './kit/visitor.ts';

describe('A setting takes effect at once', () => {
  const { site, olga } = siteForEach('olga');
  beforeEach(() => olga.get('/settings'));

  const seenMinutesAgo = (minutes: number) =>
    site.db('sessions').update({ lastSeenAt: site.db.raw('now() - make_interval(mins => ?)', [minutes]) });
  const isIn = async (visitor: Visitor) => new URL((await visitor.get('/account')).url).pathname === '/account';

  it('on idle sessions, of administrators and of others', async () => {
    const uma = await site.visitor('uma');
    await save(olga, 'sessions', { idle_minutes: '10', idle_minutes_administrators: '20' });
    await seenMinutesAgo(9);
    expect(await isIn(uma)).to.equal(true);
    await seenMinutesAgo(15);
    expect([await isIn(uma), await isIn(olga)]).to.deep.equal([false, true]);
    await seenMinutesAgo(25);
    expect(await isIn(olga)).to.equal(false);
  });

  it('on the longest session, also one that began before', async () => {
    const uma = await site.visitor('uma');
    await site.db('sessions').update({ createdAt: site.db.raw(`now() - interval '50 hours'`) });
    expect(await isIn(uma)).to.equal(true);
    await save(olga, 'sessions', { session_days: '3' });
    const [session] = await listSessions(site.db, site.ids.uma);
    expect(((session?.expiresAt.getTime() ?? 0) - Date.now()) / 3_600_000).to.be.closeTo(22, 0.1);
    await save(olga, 'sessions', { session_days: '2' });
    expect(await isIn(uma)).to.equal(false);
  });

  it('on the tries before a lock', async () => {
    await save(olga, 'lockout', { lock_failures: '2' });
    const isLocked = async () => (await site.db('users').where({ username: 'uma' }).first()).lockedAt !== null;
    await enter(site, 'uma', { password: 'wrong-one' });
    expect(await isLocked()).to.equal(false);
    await enter(site, 'uma', { password: 'wrong-two' });
    await enter(site, 'uma', { password: 'wrong-three' });
    expect(await isLocked()).to.equal(true);
  });

  it('on the days for restoring', async () => {
    await save(olga, 'retention', { restore_days: '4' });
    const page = await olga.get('/users/dora/restore');
    expect([page.status, page.text.includes('more than 4 days ago')]).to.deep.equal([409, true]);
    await olga.get('/settings');
    await save(olga, 'retention', { restore_days: '6' });
    expect((await olga.get('/users/dora/restore')).status).to.equal(200);
  });

  it('on the account limit, and says when it is below what lives', async () => {
    const says = (page: Page) => groupOf(page, 'accounts')?.text.replace(/\s+/g, ' ');
    expect(says(olga.page)).to.include('17 accounts are in use.');
    const page = await save(olga, 'accounts', { account_limit: '3' });
    expect(says(page)).to.include('17 accounts are in use, 14 more than the limit. They all go on working; nobody can be added');
    const full = (await olga.get('/users')).document.querySelector('#full a');
    expect(full?.getAttribute('href')).to.equal('/settings#accounts');
    await olga.get('/users/new');
    const refused = await olga.submit('/users/new', { username: 'zoe-new', email: 'zoe@world.example', first_name: 'Zoë' });
    expect(refused.status).to.equal(409);
    expect(refused.text).to.include('Raise the limit under Settings');
    await olga.get('/settings');
    expect(says(await save(olga, 'accounts', { account_limit: '20' }))).to.include('17 accounts are in use, 3 places are free.');
  });
});
