import { expect } from 'chai';
import { worldPassword } from '../seeds/world.ts';
import { system } from '../src/access/actor.ts';
import { giveSingleUsePassword } from '../src/users/credentials.ts';
import { actsUpon } from './kit/history.ts';
import { lettersTo, turnMailOn } from './kit/letters.ts';
import { problem } from './kit/reading.ts';
import { siteForEach } from './kit/site.ts';
import { type App, pathOf, typeCode, typePassword, withApp } from './kit/twofactor.ts';
import { modes, type Page, type Visitor } from './kit/visitor.ts';

describe('The second step of signing in', () => {
  const { site } = siteForEach();
  let app: App;
  let codes: string[];
  beforeEach(async () => {
    ({ app, codes } = await withApp(site, 'uma'));
  });

  const sessions = () => site.db('sessions').where({ userId: site.ids.uma });
  const change = (changes: object) => site.db('users').where({ username: 'uma' }).update(changes);
  const by = system('test');
  /** Whose password was right, with the second step before it. */
  async function halfway(): Promise<Visitor> {
    const uma = await site.visitor();
    await typePassword(uma, 'uma');
    return uma;
  }
  const isOut = async (page: Page) => {
    expect(await sessions()).to.deep.equal([]);
    return page.status === 422 || pathOf(page) === '/sign-in';
  };

  for (const mode of modes) {
    it(`follows the right password, and only then there is a session (${mode})`, async () => {
      const uma = await site.visitor(null, mode);
      const asked = await typePassword(uma, 'uma');
      expect([asked.status, pathOf(asked)]).to.deep.equal([200, '/two-factor']);
      expect(await sessions()).to.deep.equal([]);
      for (const path of ['/', '/account', '/users', '/account/two-factor']) {
        const refused = await uma.get(path);
        if (mode === 'htmx') expect([refused.status, refused.headers.get('hx-redirect')], path).to.deep.equal([401, '/sign-in']);
        else expect(pathOf(refused), 'and from there on to the second step').to.equal('/two-factor');
      }
      const page = await typeCode(uma, await app.code());
      expect([page.status, pathOf(page)]).to.deep.equal([200, '/my']);
      expect(await sessions()).to.have.length(1);
    });
  }

  it('asks for the code in a field that telephones fill in', async () => {
    const field = (await halfway()).page.document.querySelector('input[name=code]');
    expect(field?.getAttribute('autocomplete')).to.equal('one-time-code');
    expect(field?.getAttribute('inputmode')).to.equal('numeric');
  });

  it('leads on to the page that was asked for, and nowhere else', async () => {
    await withApp(site, 'olga').then(async (olgas) => {
      const olga = await site.visitor();
      await olga.get('/users/uma?open=x');
      await olga.submit('/sign-in', { identifier: 'olga', password: worldPassword });
      const page = await olga.submit('/two-factor', { code: await olgas.app.code() });
      expect(new URL(page.url).pathname + new URL(page.url).search).to.equal('/users/uma?open=x');
    });
    const uma = await halfway();
    const page = await uma.submit('/two-factor', { code: await app.code(), next: '//evil.test' });
    expect(new URL(page.url).origin + pathOf(page)).to.equal(`${site.address}/my`);
  });

  it('is no way to learn a password: a wrong one is answered as it is without a second factor', async () => {
    const shown = ({ status, html, headers }: Page) => {
      const nonce = /'nonce-([^']+)'/.exec(headers.get('content-security-policy') ?? '')?.[1] ?? '';
      const token = /name="_csrf" value="([^"]+)"/.exec(html)?.[1] ?? '';
      const cookies = headers.getSetCookie().map((line) => line.split('=')[0]);
      return {
        status,
        cookies,
        body: html
          .replaceAll(nonce, '')
          .replaceAll(token, '')
          .replace(/value="(uma|stan)"/, ''),
      };
    };
    const answers = [];
    for (const name of ['uma', 'stan'] as const)
      answers.push(shown(await typePassword(await site.visitor(), name, 'wrong words')));
    expect(answers[0]).to.deep.equal(answers[1]);
    await change({ lockedAt: site.db.raw('now()') });
    expect(shown(await typePassword(await site.visitor(), 'uma')), 'locked, with the right one').to.deep.equal(answers[1]);
  });

  it('takes each code of the app once, and none that is older than the last', async () => {
    expect(pathOf(await typeCode(await halfway(), await app.code()))).to.equal('/my');
    await site.db('sessions').delete();
    for (const aside of [0, -1]) expect(await isOut(await typeCode(await halfway(), await app.code(aside)))).to.equal(true);
    expect(pathOf(await typeCode(await halfway(), await app.code(1)))).to.equal('/my');
  });

  it('takes each recovery code once, however it is written, and says how many are left', async () => {
    await turnMailOn(site);
    const [first, second] = codes as [string, string];
    const page = await typeCode(await halfway(), ` ${first.toUpperCase().replaceAll('-', ' ')} `);
    expect(page.text).to.include('9 recovery codes are left');
    expect(await lettersTo(site, 'uma')).to.deep.include({
      kind: 'recovery-code-used',
      address: 'uma@world.example',
      data: { left: '9' },
      state: 'queued',
      link: null,
    });
    await site.db('sessions').delete();
    expect(await isOut(await typeCode(await halfway(), first))).to.equal(true);
    expect(pathOf(await typeCode(await halfway(), second.replaceAll('-', '')))).to.equal('/my');
    const started = (await actsUpon(site, site.ids.uma)).filter(({ act }) => act === 'session.started');
    expect(started.map(({ facts }) => facts)).to.deep.equal([{ by: 'recovery code' }, { by: 'recovery code' }]);
    for (const table of ['history', 'historyWords', 'letters', 'attempts', 'pendingSignIns'])
      expect(JSON.stringify(await site.db(table)), table).to.not.include(first);
  });

  it('offers a page for a recovery code, which a telephone lets type letters', async () => {
    const uma = await halfway();
    const link = uma.page.document.querySelectorAll('a').find((one) => one.text === 'Use a recovery code');
    await uma.get(link?.getAttribute('href') ?? '');
    expect(uma.page.document.querySelector('input[name=code]')?.getAttribute('inputmode')).to.equal(undefined);
    const wrong = await uma.submit('/two-factor', { code: 'abcd-efgh-jkmn-pqrs' });
    expect([wrong.status, problem(wrong, 'code') !== '']).to.deep.equal([422, true]);
    expect(wrong.html, 'still that page').to.include('Recovery code').and.not.include('inputmode');
    expect(pathOf(await uma.submit('/two-factor', { code: codes[3] as string }))).to.equal('/my');
  });

  it('waits five minutes, in the browser that knows the password', async () => {
    const [uma, elsewhere] = [await halfway(), await site.visitor()];
    await elsewhere.get('/sign-in');
    const foreign = await elsewhere.post('/two-factor', { code: await app.code() });
    expect(pathOf(foreign)).to.equal('/sign-in');
    await site.db('pendingSignIns').update({ expiresAt: site.db.raw(`now() - interval '1 second'`) });
    expect(pathOf(await uma.get('/two-factor'))).to.equal('/sign-in');
    expect(pathOf(await uma.post('/two-factor', { code: await app.code() }))).to.equal('/sign-in');
    expect(await sessions()).to.deep.equal([]);
  });

  it('goes on under another session id than the password, and that under another than before', async () => {
    const uma = await site.visitor();
    await uma.get('/sign-in');
    const planted = uma.cookies.get('roster') as string;
    await uma.submit('/sign-in', { identifier: 'uma', password: worldPassword });
    const half = uma.cookies.get('roster') as string;
    const attacker = await site.visitor();
    attacker.cookies.set('roster', planted);
    expect(pathOf(await attacker.get('/two-factor'))).to.equal('/sign-in');
    await typeCode(uma, await app.code());
    expect(new Set([planted, half, uma.cookies.get('roster')]).size).to.equal(3);
    attacker.cookies.set('roster', half);
    expect(pathOf(await attacker.get('/account'))).to.equal('/sign-in');
  });

  const meanwhile: [what: string, act: () => Promise<unknown>][] = [
    ['locked', () => change({ lockedAt: site.db.raw('now()') })],
    ['deactivated', () => change({ state: 'STATE_INACTIVE' })],
    ['deleted', () => change({ deletedAt: site.db.raw('now()') })],
    ['expired', () => change({ expiresAt: '2026-01-01' })],
    ['federated', () => change({ identitySource: 'federated' })],
    ['given another password', () => giveSingleUsePassword(site.db, by, 'uma', 'handed-over-once')],
  ];
  for (const [what, act] of meanwhile) {
    it(`refuses who has been ${what} meanwhile`, async () => {
      const uma = await halfway();
      await act();
      expect(await isOut(await typeCode(uma, await app.code()))).to.equal(true);
    });
  }

  it('remembers the browser only when it has been passed', async () => {
    const uma = await halfway();
    expect(await site.db('knownBrowsers')).to.deep.equal([]);
    expect([...uma.cookies.keys()]).to.deep.equal(['roster']);
    await typeCode(uma, await app.code());
    expect(await site.db('knownBrowsers')).to.have.length(1);
  });

  it('comes after a single-use password too, which then must be replaced', async () => {
    await giveSingleUsePassword(site.db, by, 'uma', 'handed-over-once');
    const uma = await site.visitor();
    await typePassword(uma, 'uma', 'handed-over-once');
    expect(pathOf(await typeCode(uma, await app.code()))).to.equal('/account/password');
    const again = await site.visitor();
    expect(await typePassword(again, 'uma', 'handed-over-once').then(({ status }) => status)).to.equal(422);
  });

  it('is asked of nobody who has none', async () => {
    expect(pathOf(await typePassword(await site.visitor(), 'stan'))).to.equal('/my');
    expect(pathOf(await (await site.visitor()).get('/two-factor'))).to.equal('/sign-in');
    expect(pathOf(await (await site.visitor('stan')).get('/two-factor'))).to.equal('/my');
  });

  it('lets somebody else sign in instead', async () => {
    const visitor = await halfway();
    expect(pathOf(await visitor.get('/sign-in?over'))).to.equal('/sign-in');
    await visitor.submit('/sign-in', { identifier: 'stan', password: worldPassword });
    expect(visitor.page.text).to.include('stan@world.example');
  });

  it('answers other things than texts as bad input', async () => {
    const uma = await halfway();
    for (const code of ['\0\0', 'x'.repeat(9000), '{}', "' or 1=1", '𝟙𝟚𝟛𝟜𝟝𝟞']) {
      await uma.get('/two-factor');
      if (pathOf(uma.page) === '/two-factor')
        expect((await uma.submit('/two-factor', { code })).status, code.slice(0, 9)).to.equal(422);
    }
    const twice: [string, string][] = [
      ['_csrf', uma.token()],
      ['code', '1'],
      ['code', '2'],
    ];
    expect((await uma.post('/two-factor', twice)).status).to.equal(422);
  });
});
