import { expect } from 'chai';
import { worldPassword } from '../seeds/world.ts';
import { siteForEach } from './kit/site.ts';
import { modes, type Visitor } from './kit/visitor.ts';

describe('Signing in', () => {
  const { site } = siteForEach();

  const tryAs = async (visitor: Visitor, identifier: string, password: string = worldPassword, more = {}) => {
    await visitor.get('/sign-in');
    return visitor.submit('/sign-in', { identifier, password, ...more });
  };

  const acts = async () => site.db('history').orderBy('id').select('act', 'outcome', 'actorId', 'userId', 'sessionId');

  for (const mode of modes) {
    it(`opens the start page (${mode})`, async () => {
      const page = await tryAs(await site.visitor(null, mode), 'olga');
      expect(page.status).to.equal(200);
      expect(new URL(page.url).pathname).to.equal('/');
    });
  }

  for (const identifier of ['uma', 'uma@world.example', 'UMA', '  uma ', 'Uma@World.EXAMPLE ', '\tuma']) {
    it(`knows a user by ${JSON.stringify(identifier)}`, async () => {
      const page = await tryAs(await site.visitor(), identifier);
      expect(new URL(page.url).pathname).to.equal('/my');
      expect(page.text).to.include('uma@world.example');
    });
  }

  it('takes the password as it is: no blanks cut, no case folded', async () => {
    for (const password of [` ${worldPassword}`, `${worldPassword} `, worldPassword.toUpperCase()]) {
      const page = await tryAs(await site.visitor(), 'uma', password);
      expect(page.status, JSON.stringify(password)).to.equal(422);
    }
  });

  it('leads on to the page that was asked for', async () => {
    const olga = await site.visitor();
    await olga.get('/users/uma/edit?return_to=%2Fusers');
    expect(new URL(olga.page.url).pathname).to.equal('/sign-in');
    const page = await olga.submit('/sign-in', { identifier: 'olga', password: worldPassword });
    expect(new URL(page.url).pathname + new URL(page.url).search).to.equal('/users/uma/edit?return_to=%2Fusers');
  });

  it('asks nobody twice who is signed in', async () => {
    const page = await (await site.visitor('uma')).get('/sign-in');
    expect(new URL(page.url).pathname).to.equal('/my');
  });

  it('remembers when it was, and from where', async () => {
    const uma = await site.visitor();
    await uma.get('/sign-in');
    const agent = { 'user-agent': 'Mozilla/5.0 (Macintosh; Intel Mac OS X 15_0) Safari/605' };
    await uma.post('/sign-in', { identifier: 'uma', password: worldPassword }, agent);
    const user = await site.db('users').where({ username: 'uma' }).first();
    const session = await site.db('sessions').where({ userId: user.id }).first();
    expect(user.lastSignInAt).to.be.a('date');
    expect(session.agent).to.equal(agent['user-agent']);
    expect(session.address).to.match(/127\.0\.0\.1$/);
    expect(await acts()).to.deep.equal([
      { act: 'session.started', outcome: 'done', actorId: user.id, userId: user.id, sessionId: session.id },
    ]);
  });

  it('records a failure under the user whom it was about, and under nobody when there is none', async () => {
    await tryAs(await site.visitor(), 'uma', 'wrong words');
    await tryAs(await site.visitor(), 'nobody-here', 'wrong words');
    const row = { act: 'sign-in.failed', outcome: 'failed', actorId: null, sessionId: null };
    expect(await acts()).to.deep.equal([
      { ...row, userId: site.ids.uma },
      { ...row, userId: null },
    ]);
    const words = JSON.stringify(await site.db('historyWords').select('words'));
    expect(words).to.not.include('wrong words').and.not.include('nobody-here');
  });

  it('leaves no trace of the password anywhere in the database', async () => {
    await tryAs(await site.visitor(), 'uma');
    for (const table of ['history', 'historyWords', 'sessions', 'attempts', 'knownBrowsers', 'users'])
      expect(JSON.stringify(await site.db(table)), table).to.not.include(worldPassword);
  });

  it('keeps only what cannot be turned back into a cookie', async () => {
    const uma = await site.visitor();
    await tryAs(uma, 'uma');
    const { sidHash } = await site.db('sessions').first();
    const cookie =
      decodeURIComponent(uma.cookies.get('roster') ?? '')
        .slice(2)
        .split('.')[0] ?? '';
    expect(cookie).to.have.length(43);
    expect(sidHash).to.be.instanceOf(Buffer).with.length(32);
    expect(sidHash.toString('latin1')).to.not.include(cookie);
  });

  it('sends whoever comes first to set the console up', async () => {
    await site.db('users').delete();
    const page = await (await site.visitor()).get('/sign-in');
    expect(new URL(page.url).pathname).to.equal('/setup');
  });

  it('refuses a federated account its local password', async () => {
    await site.db('users').where({ username: 'uma' }).update({ identitySource: 'federated' });
    expect((await tryAs(await site.visitor(), 'uma')).status).to.equal(422);
  });

  it('remembers a browser only when somebody has signed in from it', async () => {
    const uma = await site.visitor();
    await tryAs(uma, 'uma', 'wrong words');
    expect([...uma.cookies.keys()]).to.deep.equal(['roster']);
    expect(await site.db('knownBrowsers')).to.have.length(0);
    await tryAs(uma, 'uma');
    expect([...uma.cookies.keys()]).to.have.members(['roster', 'roster-browser']);
    expect(await site.db('knownBrowsers')).to.have.length(1);
  });

  it('forgets browsers that have not been seen for a year', async () => {
    const old = { userId: site.ids.uma, tokenHash: Buffer.alloc(32), lastSeenAt: site.db.raw(`now() - interval '13 months'`) };
    await site.db('knownBrowsers').insert(old);
    await tryAs(await site.visitor(), 'uma');
    expect(await site.db('knownBrowsers').where({ tokenHash: Buffer.alloc(32) })).to.have.length(0);
  });
});

describe('A session from before signing in', () => {
  const { site } = siteForEach();

  it('is another than the one after: the old id stays a stranger', async () => {
    const uma = await site.visitor();
    await uma.get('/sign-in');
    const planted = uma.cookies.get('roster') as string;
    await uma.submit('/sign-in', { identifier: 'uma', password: worldPassword });
    expect(uma.cookies.get('roster')).to.not.equal(planted);
    const attacker = await site.visitor();
    attacker.cookies.set('roster', planted);
    expect(new URL((await attacker.get('/account')).url).pathname).to.equal('/sign-in');
  });

  it('takes its token with it', async () => {
    const uma = await site.visitor();
    await uma.get('/sign-in');
    const _csrf = uma.token();
    await uma.submit('/sign-in', { identifier: 'uma', password: worldPassword });
    expect((await uma.post('/theme', { theme: 'dark', _csrf })).status).to.equal(403);
    expect((await site.db('users').where({ username: 'uma' }).first()).theme).to.equal('system');
  });

  it('ends when somebody else signs in over it', async () => {
    const visitor = await site.visitor('uma');
    await visitor.get('/account');
    const page = await visitor.post('/sign-in', { identifier: 'stan', password: worldPassword });
    expect(page.text).to.include('stan@world.example').and.not.include('uma@world.example');
    expect(await site.db('sessions').where({ userId: site.ids.uma })).to.have.length(0);
  });

  it('cannot be chosen by a cookie that we have not signed', async () => {
    const visitor = await site.visitor();
    const sid = 'A'.repeat(43);
    for (const cookie of [sid, `s:${sid}`, `s%3A${sid}.AAAA`, `s%3A${sid}.`]) {
      visitor.cookies.set('roster', cookie);
      await visitor.get('/sign-in');
      expect(visitor.cookies.get('roster'), cookie).to.not.include(sid);
    }
  });
});
