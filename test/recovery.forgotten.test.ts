import { expect } from 'chai';
import type { Name } from '../seeds/world.ts';
import { issueLink } from '../src/links/links.ts';
import { answerForgotten } from '../src/recovery/forgotten.ts';
import { actsUpon } from './kit/history.ts';
import { lettersTo, turnMailOn } from './kit/letters.ts';
import { problem } from './kit/reading.ts';
import { siteForEach } from './kit/site.ts';
import { modes } from './kit/visitor.ts';

describe('Forgot password', () => {
  const { site } = siteForEach();
  beforeEach(() => turnMailOn(site));

  async function ask(identifier: string, mode: (typeof modes)[number] = 'plain') {
    const visitor = await site.visitor(null, mode);
    await visitor.get('/forgot-password');
    return visitor.submit('/forgot-password', { identifier });
  }

  const kindsTo = async (to: string) => (await lettersTo(site, to)).map(({ kind }) => kind);
  const answer = () => answerForgotten(site.db);

  for (const mode of modes) {
    it(`sends a link to who asks by username or by address, in whatever case, as ${mode}`, async () => {
      for (const identifier of ['uma', ' UMA ', 'Uma@World.example']) expect((await ask(identifier, mode)).status).to.equal(200);
      await answer();
      const letters = await lettersTo(site, 'uma');
      expect(letters.map(({ kind }) => kind)).to.deep.equal(['reset', 'reset', 'reset']);
      expect(letters[0]).to.include({ address: 'uma@world.example', state: 'queued' });
      expect(letters[0]?.link).to.match(/^\/reset-password\//);
    });
  }

  it('stands on the sign-in page', async () => {
    const page = await (await site.visitor()).get('/sign-in');
    expect(page.document.querySelector('a[href="/forgot-password"]')?.text).to.equal('Forgot password');
  });

  it('answers and writes the same for everybody, whether there is such an account and in whatever state', async () => {
    const answers = new Set<string>();
    const written = new Set<string>();
    for (const identifier of ['uma', 'nobody-at-all', 'no@where.example', 'nina', 'lea', 'sue', 'vera', 'xena', 'dora', 'ivo']) {
      const visitor = await site.visitor();
      await visitor.get('/forgot-password');
      const body = new URLSearchParams({ _csrf: visitor.token(), identifier }).toString();
      const cookie = [...visitor.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
      const headers = { 'content-type': 'application/x-www-form-urlencoded', cookie };
      const raw = await fetch(new URL('/forgot-password', site.address), { method: 'POST', body, headers, redirect: 'manual' });
      const names = [...raw.headers.keys()].sort().join();
      const said = (await visitor.get('/forgot-password?sent')).text;
      answers.add([raw.status, raw.headers.get('location'), names, await raw.text(), said].join('\n'));
      const { identifier: kept, address } = await site.db('forgotten').orderBy('id', 'desc').first();
      written.add(`${kept === identifier} ${address}`);
    }
    expect([...answers]).to.have.length(1);
    expect([...written]).to.deep.equal(['true 127.0.0.1']);
    expect(await site.db('letters')).to.deep.equal([]);
  });

  it('sends nothing to who has no account, or a deleted one, and keeps nothing of the question', async () => {
    for (const identifier of ['nobody-at-all', 'no@where.example', 'dora', 'dora@world.example']) await ask(identifier);
    await answer();
    expect(await site.db('letters')).to.deep.equal([]);
    expect(await site.db('links')).to.deep.equal([]);
    expect(await site.db('forgotten')).to.deep.equal([]);
  });

  const letters: [Name, string, hasLink: boolean][] = [
    ['lea', 'reset', true],
    ['vera', 'reset', true],
    ['sue', 'reset', true],
    ['rex', 'reset', true],
    ['rita', 'reset', true],
    ['flo', 'reset', true],
    ['olga', 'reset', true],
    ['ivo', 'activation', true],
    ['nina', 'forgotten-not-active', false],
    ['xena', 'forgotten-not-active', false],
    ['gus', 'forgotten-elsewhere', false],
  ];
  it('sends each the letter that fits the account', async () => {
    await site.db('users').where({ username: 'gus' }).update({ identitySource: 'federated', passwordHash: null });
    for (const [name] of letters) await site.db('forgotten').insert({ identifier: name, address: '127.0.0.1' });
    await answer();
    for (const [name, kind, hasLink] of letters) {
      const [letter, ...more] = await lettersTo(site, name);
      expect([letter?.kind, letter?.link !== null, more.length], name).to.deep.equal([kind, hasLink, 0]);
    }
  });

  it('sends an invited user the link that still works once more, and makes none void that was handed over', async () => {
    const ivo = { userId: site.ids.ivo, email: 'ivo@world.example' };
    const { counter } = await site.db.transaction((trx) => issueLink(trx, 'activation', ivo));
    await ask('ivo');
    await answer();
    expect(await site.db('links').where({ userId: site.ids.ivo }).first()).to.include({ counter });
    expect((await lettersTo(site, 'ivo'))[0]?.link).to.match(/^\/activate\//);
    await site.db('links').update({ expiresAt: '2026-01-01T00:00:00Z' });
    await ask('ivo');
    await answer();
    expect(await site.db('links').where({ userId: site.ids.ivo }).first()).to.include({ counter: counter + 1 });
  });

  it('is recorded upon the user, from where it was asked, and changes nothing of the account', async () => {
    const before = await site.db('users').where({ username: 'uma' }).first();
    await ask('uma');
    await answer();
    const acts = await actsUpon(site, site.ids.uma);
    expect(acts.map(({ act, actor, address }) => [act, actor, address])).to.deep.equal([
      ['account.password-forgotten', 'visitor', '127.0.0.1'],
    ]);
    expect(await site.db('users').where({ username: 'uma' }).first()).to.deep.equal(before);
  });

  it('writes to one account three times an hour at most, and answers as before', async () => {
    for (let time = 0; time < 6; time += 1) expect((await ask('uma')).url).to.match(/\?sent$/);
    await answer();
    expect(await kindsTo('uma')).to.have.length(3);
    expect((await site.db('users').where({ username: 'uma' }).first()).lockedAt).to.equal(null);
  });

  it('is taken down twenty times an hour from one network, and answers as before', async () => {
    const visitor = await site.visitor();
    for (let time = 0; time < 25; time += 1) {
      await visitor.get('/forgot-password');
      expect((await visitor.submit('/forgot-password', { identifier: `nobody-${time}` })).url).to.match(/\?sent$/);
    }
    expect(await site.db('forgotten')).to.have.length(20);
  });

  it('answers no question that has waited for more than an hour', async () => {
    await ask('uma');
    await site.db('forgotten').update({ askedAt: site.db.raw(`now() - interval '61 minutes'`) });
    await answer();
    expect(await site.db('letters')).to.deep.equal([]);
    expect(await site.db('forgotten')).to.deep.equal([]);
  });

  it('asks for something, and takes nothing that cannot be a name', async () => {
    const visitor = await site.visitor();
    await visitor.get('/forgot-password');
    for (const [identifier, says] of [
      ['', 'is needed'],
      ['a\u0000b', 'cannot be kept'],
      ['x'.repeat(300), '254 characters at most'],
    ] as const) {
      const page = await visitor.submit('/forgot-password', { identifier });
      expect(page.status).to.equal(422);
      expect(problem(page, 'identifier')).to.include(says);
    }
    const list = await visitor.post('/forgot-password', [
      ['_csrf', visitor.token()],
      ['identifier', 'uma'],
      ['identifier', 'ines'],
    ]);
    expect(list.status).to.equal(422);
    expect(await site.db('forgotten')).to.deep.equal([]);
  });

  it('says who can help while outgoing mail is off, and takes nothing down', async () => {
    await site.db('settings').update({ outgoingMail: false });
    const visitor = await site.visitor();
    const page = await visitor.get('/forgot-password');
    expect(page.text).to.include('An administrator can reset your password');
    expect(page.document.querySelector('form[action="/forgot-password"]')).to.equal(null);
    await visitor.get('/sign-in');
    const token = visitor.token();
    for (const identifier of ['uma', 'nobody'])
      expect((await visitor.post('/forgot-password', { identifier, _csrf: token })).status).to.equal(409);
    expect(await site.db('forgotten')).to.deep.equal([]);
  });
});
