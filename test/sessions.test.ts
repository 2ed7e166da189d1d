import { expect } from 'chai';
import { listSessions, pruneSessions } from '../src/sessions/sessions.ts';
import { sessionKeeper } from '../src/sessions/store.ts';
import { signedIn, siteForEach } from './kit/site.ts';
import { modes, signed, Visitor } from './kit/visitor.ts';

describe('A session', () => {
  const { site } = siteForEach();

  const pathOf = (visitor: Visitor) => new URL(visitor.page.url).pathname;
  const back = (column: string, minutes: number) =>
    site.db('sessions').update({ [column]: site.db.raw('now() - make_interval(secs => ?)', [minutes * 60]) });
  const isIn = async (visitor: Visitor) => {
    await visitor.get('/account');
    return pathOf(visitor) === '/account';
  };
  const sessionsOf = (name: 'uma' | 'olga' | 'stan') => site.db('sessions').where({ userId: site.ids[name] }).orderBy('id');

  const idle: ['olga' | 'uma', stillIn: number, out: number][] = [
    ['olga', 29, 30],
    ['uma', 719, 720],
  ];
  for (const [name, stillIn, out] of idle) {
    it(`ends for ${name} after ${out} idle minutes`, async () => {
      const visitor = await site.visitor(name);
      await back('lastSeenAt', stillIn);
      expect(await isIn(visitor)).to.equal(true);
      await back('lastSeenAt', out);
      expect(await isIn(visitor)).to.equal(false);
    });
  }

  it('counts as seen again after a minute, not at every request', async () => {
    const uma = await site.visitor('uma');
    const seen = async () => (await sessionsOf('uma'))[0].lastSeenAt.getTime();
    await back('lastSeenAt', 0.5);
    const before = await seen();
    await uma.get('/account');
    expect(await seen()).to.equal(before);
    await back('lastSeenAt', 2);
    await uma.get('/account');
    expect(await seen()).to.be.greaterThan(before);
  });

  it('ends at its day, however busy', async () => {
    const uma = await site.visitor('uma');
    const { rows } = await site.db.raw('select extract(epoch from expires_at - created_at) / 86400 as days from sessions');
    expect(Number(rows[0].days)).to.be.closeTo(7, 0.01);
    await site.db('sessions').update({ expiresAt: site.db.raw(`now() - interval '1 second'`) });
    expect(await isIn(uma)).to.equal(false);
  });

  it('follows the settings at once, also when it has begun before', async () => {
    const [uma, olga] = [await site.visitor('uma'), await site.visitor('olga')];
    await back('lastSeenAt', 9);
    await back('createdAt', 3 * 1440);
    await site.db('settings').update({ idleMinutes: 8 });
    expect([await isIn(uma), await isIn(olga)], 'idle').to.deep.equal([false, true]);
    await site.db('settings').update({ idleMinutes: 720, sessionDays: 3 });
    expect([await isIn(uma), await isIn(olga)], 'too old').to.deep.equal([false, false]);
    await site.db('settings').update({ sessionDays: 4 });
    expect([await isIn(uma), await isIn(olga)], 'not cleared away yet').to.deep.equal([true, true]);
  });

  it('is cleared away when it is over, idle or not, and only then', async () => {
    const sids = await Promise.all([signedIn(site.db, site.ids.uma)]);
    sids.push(await signedIn(site.db, site.ids.uma), await signedIn(site.db, site.ids.uma));
    const [over, idleOne, live] = (await sessionsOf('uma')).map(({ id }) => id);
    await site
      .db('sessions')
      .where({ id: over })
      .update({ expiresAt: site.db.raw(`now() - interval '1 second'`) });
    await site
      .db('sessions')
      .where({ id: idleOne })
      .update({ lastSeenAt: site.db.raw(`now() - interval '721 minutes'`) });
    expect((await listSessions(site.db, site.ids.uma)).map(({ id }) => id)).to.deep.equal([live]);
    await pruneSessions(site.db);
    expect((await sessionsOf('uma')).map(({ id }) => id)).to.deep.equal([live]);
  });

  for (const mode of modes) {
    it(`is dead after signing out, cookie and all (${mode})`, async () => {
      const uma = await site.visitor('uma', mode);
      const cookie = uma.cookies.get('roster') as string;
      await uma.get('/account/sessions', { 'hx-request': 'false' });
      await uma.post('/sign-out', {});
      expect(pathOf(uma)).to.equal('/sign-in');
      expect(uma.page.text).to.include('You have signed out.');
      expect(uma.cookies.get('roster')).to.not.equal(cookie);
      uma.cookies.set('roster', cookie);
      expect((await uma.get('/account', { 'hx-request': 'false' })).text).to.not.include('uma@world.example');
      expect(await sessionsOf('uma')).to.have.length(0);
      const [row] = await site.db('history').where({ act: 'session.ended' });
      expect(row).to.include({ actorId: site.ids.uma, userId: site.ids.uma, outcome: 'done' });
    });
  }

  it('cannot be brought back by a request that was under way: nothing but signing in makes one', async () => {
    const sid = await signedIn(site.db, site.ids.uma);
    const keeper = sessionKeeper(site.db);
    expect((await keeper.find(sid))?.signedIn.actor.username).to.equal('uma');
    await keeper.end(sid);
    await keeper.saveFlash(sid, { text: 'Saved.' });
    await keeper.markSeen(sid);
    expect(await keeper.find(sid)).to.equal(null);
    expect(await site.db('sessions')).to.have.length(0);
  });

  it('takes cached pages with it', async () => {
    const uma = await site.visitor('uma');
    await uma.get('/account');
    const answer = await fetch(`${site.address}/sign-out`, {
      method: 'POST',
      redirect: 'manual',
      headers: { cookie: `roster=${uma.cookies.get('roster')}`, 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ _csrf: uma.token() }).toString(),
    });
    expect(answer.headers.get('clear-site-data')).to.equal('"cache"');
    expect(answer.headers.get('cache-control')).to.equal('no-store');
  });

  it('can be ended with all others from here: “End all others”', async () => {
    const [here, there, olga] = [await site.visitor('uma'), await site.visitor('uma'), await site.visitor('olga')];
    await here.get('/account/sessions');
    const page = await here.post('/account/sessions', {});
    expect(page.text).to.include('Every other session has been ended.');
    expect([await isIn(here), await isIn(there), await isIn(olga)]).to.deep.equal([true, false, true]);
  });

  it('can be ended one at a time', async () => {
    const [here, there, elsewhere] = [await site.visitor('uma'), await site.visitor('uma'), await site.visitor('uma')];
    const [, second] = await sessionsOf('uma');
    await here.get('/account/sessions');
    await here.post('/account/sessions', { session: String(second.id) });
    expect([await isIn(here), await isIn(there), await isIn(elsewhere)]).to.deep.equal([true, false, true]);
  });

  it('signs out here when it is this one', async () => {
    const uma = await site.visitor('uma');
    const [own] = await sessionsOf('uma');
    await uma.get('/account/sessions');
    await uma.post('/account/sessions', { session: String(own.id) });
    expect(pathOf(uma)).to.equal('/sign-in');
    expect(await site.db('history').where({ act: 'session.ended' })).to.have.length(1);
  });

  it('of somebody else cannot be ended, and looks like one that is not there', async () => {
    const [uma, olga] = [await site.visitor('uma'), await site.visitor('olga')];
    const [hers] = await sessionsOf('olga');
    await uma.get('/account/sessions');
    const foreign = await uma.post('/account/sessions', { session: String(hers.id) });
    const absent = await uma.post('/account/sessions', { session: '999999999' });
    expect(foreign.text).to.equal(absent.text);
    expect(await isIn(olga)).to.equal(true);
    expect(await site.db('history').where({ userId: site.ids.olga, act: 'session.all-ended' })).to.have.length(0);
  });

  it('is not ended by a number that is none', async () => {
    const [here, there] = [await site.visitor('uma'), await site.visitor('uma')];
    await here.get('/account/sessions');
    for (const session of ['abc', '-1', '1.5', '0x1', '', '99999999999999999999', '١'])
      await here.post('/account/sessions', { session });
    expect([await isIn(here), await isIn(there)]).to.deep.equal([true, true]);
  });

  it('shows where it is: device and address, in the own list and the administrator’s', async () => {
    const uma = await site.visitor('uma');
    const own = await uma.get('/account/sessions');
    expect(own.text).to.include('Firefox on Linux').and.include('127.0.0.1').and.include('this one');
    const shown = await (await site.visitor('olga')).get('/users/uma/sessions');
    expect(shown.text).to.include('Firefox on Linux').and.not.include('this one');
  });

  it('shows a browser that calls itself a script as nothing but text', async () => {
    const agent = '"><script>alert(1)</script><img src=x onerror=alert(1)> Firefox/1';
    await site.db('sessions').insert({
      sidHash: Buffer.alloc(32),
      userId: site.ids.uma,
      expiresAt: site.db.raw(`now() + interval '1 day'`),
      address: '<b>1</b>',
      agent,
    });
    for (const [name, path] of [
      ['uma', '/account/sessions'],
      ['olga', '/users/uma/sessions'],
    ] as const) {
      const page = await (await site.visitor(name)).get(path);
      expect(page.html, path).to.not.include('alert(1)').and.not.include('<b>1</b>');
    }
  });

  it('goes on under a new id after a password change, and all others end', async () => {
    const [here, there] = [await site.visitor('uma'), await site.visitor('uma')];
    const before = here.cookies.get('roster') as string;
    await here.get('/account/password');
    const token = here.token();
    const page = await here.submit('/account/password', {
      current_password: 'kettle-orbit-velvet',
      password: 'velvet-orbit-kettle',
      password_confirmation: 'velvet-orbit-kettle',
    });
    expect(page.text).to.include('Password changed. Every other session has been ended.');
    expect([await isIn(here), await isIn(there)]).to.deep.equal([true, false]);
    expect((await here.post('/theme', { theme: 'dark', _csrf: token })).status).to.equal(403);
    here.cookies.set('roster', before);
    expect(await isIn(here)).to.equal(false);
    expect(await site.db('history').where({ act: 'account.password-changed', userId: site.ids.uma })).to.have.length(1);
  });

  it('shows a message once', async () => {
    const uma = await site.visitor('uma');
    await uma.get('/account/sessions');
    expect((await uma.post('/account/sessions', {})).text).to.include('Every other session has been ended.');
    expect((await uma.get('/account/sessions')).text).to.not.include('Every other session has been ended.');
  });

  it('is never made by a visit', async () => {
    for (let visit = 0; visit < 20; visit += 1) await (await site.visitor()).get('/sign-in');
    expect(await site.db('sessions')).to.have.length(0);
    expect(await site.db('attempts')).to.have.length(0);
  });

  it('is never made by a cookie, though we signed it', async () => {
    const visitor = new Visitor(site.address, 'B'.repeat(43), 'plain');
    await visitor.get('/sign-in');
    expect(visitor.cookies.get('roster')).to.equal(signed('B'.repeat(43)));
    expect(await isIn(visitor)).to.equal(false);
    expect(await site.db('sessions')).to.have.length(0);
  });
});
