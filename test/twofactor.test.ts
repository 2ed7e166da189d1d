import { expect } from 'chai';
import { worldPassword } from '../seeds/world.ts';
import { actsUpon, onlyActUpon } from './kit/history.ts';
import { lettersTo, turnMailOn } from './kit/letters.ts';
import { alertOf, problem } from './kit/reading.ts';
import { siteForEach } from './kit/site.ts';
import { type App, appFor, pathOf, withApp } from './kit/twofactor.ts';
import { modes, type Page, type Visitor } from './kit/visitor.ts';

describe('Two-factor of the own account', () => {
  const { site } = siteForEach();
  beforeEach(() => turnMailOn(site));

  /** The app has read the picture: its secret stands in the link for the same device. */
  const read = (page: Page): App => {
    const uri = page.document.querySelector('a[href^="otpauth:"]')?.getAttribute('href') ?? '';
    return appFor(site.db, new URL(uri).searchParams.get('secret') ?? '');
  };
  const codesOn = (page: Page) => page.document.querySelectorAll('.codes code').map((code) => code.text);
  const find = (username: string) => site.db('users').where({ username }).first();
  const forgetProof = () => site.db('sessions').update({ confirmedAt: site.db.raw(`now() - interval '11 minutes'`) });

  async function turnOn(visitor: Visitor): Promise<{ app: App; page: Page; codes: string[] }> {
    const app = read(await visitor.get('/account/two-factor/app'));
    const page = await visitor.submit('/account/two-factor/app', { code: await app.code() });
    return { app, page, codes: codesOn(page) };
  }

  for (const mode of modes) {
    it(`is off until a right code has come, then shows ten recovery codes this once (${mode})`, async () => {
      const uma = await site.visitor('uma', mode);
      expect((await uma.get('/account/two-factor')).text).to.include('Two-factor is off');
      const { page, codes } = await turnOn(uma);
      expect([page.status, pathOf(page)]).to.deep.equal([200, '/account/two-factor/codes']);
      expect(page.text).to.include('Two-factor is on.');
      expect(new Set(codes).size).to.equal(10);
      for (const code of codes) expect(code).to.match(/^([a-z2-9]{4}-){3}[a-z2-9]{4}$/);
      const again = await uma.get('/account/two-factor/codes');
      expect(codesOn(again)).to.deep.equal([]);
      expect(again.text).to.include('10 of 10 left');
      expect((await uma.get('/account/two-factor')).text)
        .to.include('Two-factor is on')
        .and.include('10 of 10 left');
      expect((await find('uma')).twoFactorSince).to.be.a('date');
    });
  }

  it('stays off with a wrong code, and the page keeps its secret', async () => {
    const uma = await site.visitor('uma');
    const app = read(await uma.get('/account/two-factor/app'));
    for (const code of ['', '000000', '12345', 'abcdef', await app.code(5), await app.code(-5)]) {
      const page = await uma.submit('/account/two-factor/app', { code });
      expect([page.status, problem(page, 'code') !== ''], code).to.deep.equal([422, true]);
      expect(read(page).secret).to.equal(app.secret);
    }
    expect(await site.db('authenticators')).to.deep.equal([]);
    const page = await uma.submit('/account/two-factor/app', { code: ` ${(await app.code()).replace(/(...)/, '$1 ')}` });
    expect(page.text).to.include('Two-factor is on.');
  });

  it('shows the secret as a picture, as a link and in fours', async () => {
    const page = await (await site.visitor('uma')).get('/account/two-factor/app');
    const picture = page.document.querySelector('img.qr');
    expect(picture?.getAttribute('src')).to.match(/^data:image\/svg\+xml;base64,/);
    expect(picture?.getAttribute('alt')).to.include('QR code');
    const { secret } = read(page);
    expect(secret).to.match(/^[A-Z2-7]{32}$/);
    expect(page.document.querySelector('.secret code')?.text).to.equal(secret.match(/.{4}/g)?.join(' '));
    expect(page.html).to.include('otpauth://totp/Roster:uma');
  });

  it('keeps nothing by which a copy of the database lets in, and no code in the history', async () => {
    const { app, codes } = await turnOn(await site.visitor('uma'));
    for (const table of ['authenticators', 'recoveryCodes', 'users', 'sessions', 'history', 'historyWords', 'letters']) {
      const rows = JSON.stringify(await site.db(table));
      for (const secret of [app.secret, await app.code(), ...codes]) expect(rows, table).to.not.include(secret);
    }
  });

  it('is recorded, told by mail, and ends every other session', async () => {
    const [uma, elsewhere] = [await site.visitor('uma'), await site.visitor('uma')];
    await turnOn(uma);
    expect(pathOf(await elsewhere.get('/account'))).to.equal('/sign-in');
    expect(pathOf(await uma.get('/account'))).to.equal('/account');
    expect((await onlyActUpon(site, site.ids.uma)).act).to.equal('account.two-factor-on');
    expect((await lettersTo(site, 'uma')).map(({ kind }) => kind)).to.deep.equal(['two-factor-on']);
  });

  it('asks first who it is, and again in the same form when that was long ago', async () => {
    const uma = await site.visitor('uma');
    await forgetProof();
    expect(pathOf(await uma.get('/account/two-factor/app'))).to.equal('/confirm');
    const app = read(await uma.submit('/confirm', { your_password: worldPassword }));
    await forgetProof();
    const asked = await uma.submit('/account/two-factor/app', { code: await app.code() });
    expect([asked.status, problem(asked, 'your_password')]).to.deep.equal([422, 'Your own password is needed here.']);
    expect(await site.db('authenticators')).to.deep.equal([]);
    expect(read(asked).secret).to.equal(app.secret);
    const page = await uma.submit('/account/two-factor/app', { code: await app.code(), your_password: worldPassword });
    expect(page.text).to.include('Two-factor is on.');
  });

  it('takes no secret but the one that it has shown to this user', async () => {
    const [uma, stan] = [await site.visitor('uma'), await site.visitor('stan')];
    const app = read(await stan.get('/account/two-factor/app'));
    const theirs = stan.page.document.querySelector('input[name=sealed]')?.getAttribute('value') ?? '';
    for (const sealed of [theirs, '', 'x', 'AAAA'.repeat(20), `${theirs.slice(0, -4)}AAAA`]) {
      await uma.get('/account/two-factor/app');
      const page = await uma.submit('/account/two-factor/app', { sealed, code: await app.code() });
      expect(page.status, sealed.slice(0, 10)).to.equal(409);
    }
    expect(await site.db('authenticators')).to.deep.equal([]);
  });

  it('moves to another app, and the recovery codes stay', async () => {
    const uma = await site.visitor('uma');
    const { app } = await withApp(site, 'uma');
    const { page, codes } = await turnOn(uma);
    expect([pathOf(page), codes]).to.deep.equal(['/account/two-factor', []]);
    expect(await site.db('authenticators')).to.have.length(1);
    expect(await site.db('recoveryCodes')).to.have.length(10);
    expect((await site.db('authenticators').first()).sealedSecret).to.not.include(app.secret);
    expect((await onlyActUpon(site, site.ids.uma)).act).to.equal('account.app-changed');
    expect((await lettersTo(site, 'uma')).map(({ kind }) => kind)).to.deep.equal(['app-changed']);
  });

  it('is turned off with a proof of who it is; the recovery codes go too', async () => {
    await withApp(site, 'uma');
    const uma = await site.visitor('uma');
    await forgetProof();
    await uma.get('/account/two-factor/app/remove');
    expect(uma.page.text).to.include('Turn off two-factor?');
    expect((await uma.submit('/account/two-factor/app/remove')).status).to.equal(422);
    expect((await uma.submit('/account/two-factor/app/remove', { your_password: 'wrong words' })).status).to.equal(422);
    expect((await find('uma')).twoFactorSince).to.be.a('date');
    const page = await uma.submit('/account/two-factor/app/remove', { your_password: worldPassword });
    expect(page.text).to.include('Two-factor is off.');
    for (const table of ['authenticators', 'recoveryCodes']) expect(await site.db(table), table).to.deep.equal([]);
    expect((await find('uma')).twoFactorSince).to.equal(null);
    expect((await actsUpon(site, site.ids.uma)).map(({ act }) => act)).to.deep.equal([
      'session.confirmed',
      'account.two-factor-off',
    ]);
    expect((await lettersTo(site, 'uma')).map(({ kind }) => kind)).to.deep.equal(['two-factor-off']);
    expect((await uma.get('/account/two-factor/app/remove')).status, 'there is none to remove').to.equal(409);
  });

  it('makes new recovery codes, and the old ones work no more', async () => {
    const { codes } = await withApp(site, 'uma');
    const uma = await site.visitor('uma');
    await forgetProof();
    await uma.get('/account/two-factor/codes');
    expect((await uma.submit('/account/two-factor/codes')).status).to.equal(422);
    const page = await uma.submit('/account/two-factor/codes', { your_password: worldPassword });
    expect(codesOn(page)).to.have.length(10).and.not.include(codes[0]);
    expect(await site.db('recoveryCodes')).to.have.length(10);
    expect((await lettersTo(site, 'uma')).map(({ kind }) => kind)).to.deep.equal(['recovery-codes-made']);
    const stan = await site.visitor('stan');
    await stan.get('/account/two-factor/codes');
    expect((await stan.post('/account/two-factor/codes', { _csrf: stan.token() })).status, 'two-factor is off').to.equal(409);
  });

  it('gives the codes that it shows as a file, and nothing else', async () => {
    const uma = await site.visitor('uma');
    const { page, codes } = await turnOn(uma);
    expect(page.document.querySelector('[data-copy]')?.getAttribute('data-copy')).to.equal(codes.join('\n'));
    const file = await uma.submit('/account/two-factor/codes.txt');
    expect(file.headers.get('content-disposition')).to.equal('attachment; filename=roster-recovery-codes-uma.txt');
    expect(file.headers.get('content-type')).to.match(/^text\/plain/);
    for (const code of codes) expect(file.html).to.include(`${code}\r\n`);
    await uma.get('/account');
    for (const other of ['', '<script>', 'abcd-efgh-jkmn-pqrs<', 'x'.repeat(5000)])
      expect((await uma.post('/account/two-factor/codes.txt', { codes: other })).status, other.slice(0, 9)).to.equal(422);
  });

  it('shows new codes to who looks, not to a program that only asks for the head of the page', async () => {
    const uma = await site.visitor('uma');
    const app = read(await uma.get('/account/two-factor/app'));
    const form = { _csrf: uma.token(), sealed: uma.page.document.querySelector('[name=sealed]')?.getAttribute('value') ?? '' };
    const cookie = `roster=${uma.cookies.get('roster')}`;
    const body = new URLSearchParams({ ...form, code: await app.code() }).toString();
    const headers = { cookie, 'content-type': 'application/x-www-form-urlencoded' };
    await fetch(`${site.address}/account/two-factor/app`, { method: 'POST', redirect: 'manual', body, headers });
    await fetch(`${site.address}/account/two-factor/codes`, { method: 'HEAD', headers: { cookie } });
    expect(codesOn(await uma.get('/account/two-factor/codes'))).to.have.length(10);
  });

  it('may be had by every profile, but not by who is restricted', async () => {
    for (const name of ['olga', 'stan', 'gus', 'mona', 'april', 'uma', 'flo'] as const)
      expect((await (await site.visitor(name)).get('/account/two-factor')).status, name).to.equal(200);
    for (const name of ['sue', 'rita', 'rex', 'vera'] as const) {
      const visitor = await site.visitor(name);
      expect((await visitor.get('/account')).html, name).to.not.include('/account/two-factor');
      expect((await visitor.get('/account/two-factor')).status, name).to.equal(403);
    }
  });

  it('proves who it is by a code of the app, each once', async () => {
    const { app, codes } = await withApp(site, 'olga');
    const olga = await site.visitor('olga');
    await forgetProof();
    await olga.get('/confirm?next=%2Fusers');
    for (const your_code of ['000000', codes[0] as string]) {
      const page = await olga.submit('/confirm', { your_code });
      expect([page.status, problem(page, 'your_code') !== ''], your_code).to.deep.equal([422, true]);
    }
    const code = await app.code();
    expect(pathOf(await olga.submit('/confirm', { your_code: code }))).to.equal('/users');
    await forgetProof();
    await olga.get('/confirm');
    expect((await olga.submit('/confirm', { your_code: code })).status, 'the same again').to.equal(422);
    expect(pathOf(await olga.submit('/confirm', { your_code: await app.code(1) }))).to.equal('/');
    expect(await site.db('recoveryCodes').whereNotNull('usedAt'), 'recovery codes are for signing in').to.deep.equal([]);
  });

  it('counts wrong codes as wrong passwords where it proves who it is', async () => {
    const { app } = await withApp(site, 'olga');
    const olga = await site.visitor('olga');
    await forgetProof();
    await olga.get('/confirm');
    for (let time = 0; time < 5; time += 1) await olga.submit('/confirm', { your_code: '000000' });
    const page = await olga.submit('/confirm', { your_code: await app.code() });
    expect([page.status, alertOf(page)]).to.deep.equal([429, '']);
  });

  it('offers a code only to who has an app', async () => {
    await withApp(site, 'olga');
    const [olga, oscar] = [await site.visitor('olga'), await site.visitor('oscar')];
    await forgetProof();
    expect((await olga.get('/users/dora/purge')).html).to.include('name="your_code"');
    expect((await oscar.get('/users/dora/purge')).html).to.not.include('name="your_code"');
    const page = await oscar.submit('/users/dora/purge', { typed_username: 'dora', your_code: '123456' });
    expect(page.status).to.equal(422);
  });
});
