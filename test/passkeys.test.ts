import { expect } from 'chai';
import { worldPassword } from '../seeds/world.ts';
import { belongings } from '../src/belongings.ts';
import { partyAt } from '../src/passkeys/party.ts';
import { consequencesOf } from '../src/users/belongings.ts';
import { userColumns } from '../src/users/user.ts';
import { type Authenticator, authenticator } from './kit/authenticator.ts';
import { actsUpon } from './kit/history.ts';
import { lettersTo, turnMailOn } from './kit/letters.ts';
import { alertOf, fieldValue, problem } from './kit/reading.ts';
import { siteForEach } from './kit/site.ts';
import { challengeFrom, pathOf, withApp, withPasskey } from './kit/twofactor.ts';
import { modes, type Visitor } from './kit/visitor.ts';

describe('Passkeys of the own account', () => {
  const { site } = siteForEach();
  let device: Authenticator;
  beforeEach(async () => {
    device = authenticator(site.address);
    await turnMailOn(site);
  });

  const keys = () => site.db('passkeys').orderBy('id');
  const find = (username: string) => site.db('users').where({ username }).first();
  const forgetProof = () => site.db('sessions').update({ confirmedAt: site.db.raw(`now() - interval '11 minutes'`) });
  const acts = async () => (await actsUpon(site, site.ids.uma)).map(({ act, facts }) => [act, facts]);
  const post = (visitor: Visitor, passkey: string, name = 'Phone') =>
    visitor.post('/account/passkeys/new', { _csrf: visitor.token(), name, passkey });
  async function asked(visitor: Visitor) {
    await visitor.get('/account/passkeys/new');
    const { options } = await challengeFrom(visitor, '/account/passkeys/challenge');
    await visitor.get('/account/passkeys/new');
    return options;
  }

  for (const mode of modes) {
    it(`are added under a name; the first turns two-factor on and brings recovery codes (${mode})`, async () => {
      const [uma, elsewhere] = [await site.visitor('uma', mode), await site.visitor('uma')];
      const page = await withPasskey(uma, device, 'Work laptop');
      expect([page.status, pathOf(page)]).to.deep.equal([200, '/account/two-factor/codes']);
      expect(page.document.querySelectorAll('.codes code')).to.have.length(10);
      expect(pathOf(await elsewhere.get('/account')), 'other sessions end').to.equal('/sign-in');
      expect((await find('uma')).twoFactorSince).to.be.a('date');
      expect((await uma.get('/account/passkeys')).text)
        .to.include('Work laptop')
        .and.include('never');
      expect(await acts()).to.deep.equal([['account.passkey-added', { name: 'Work laptop', twoFactor: 'on' }]]);
      expect(await lettersTo(site, 'uma')).to.have.length(1);
      expect((await lettersTo(site, 'uma'))[0]).to.deep.include({
        kind: 'passkey-added',
        data: { name: 'Work laptop', isFirst: 'yes' },
      });
    });
  }

  it('are asked for with what the server knows, and nothing about the person in the handle', async () => {
    const uma = await site.visitor('uma');
    const options = await asked(uma);
    expect(options.rp).to.deep.equal({ name: 'Roster', id: 'localhost' });
    expect(options.authenticatorSelection).to.include({ residentKey: 'preferred', userVerification: 'preferred' });
    expect(options.user).to.include({ name: 'uma', displayName: 'Uma Trucking Ltd' });
    expect(Buffer.from(options.user.id, 'base64url')).to.have.length(32);
    expect(Buffer.from(options.challenge, 'base64url')).to.have.length(32);
    expect(JSON.stringify(await site.db('passkeyChallenges'))).to.not.include(options.challenge);
    await post(uma, device.create(options));
    expect((await asked(uma)).excludeCredentials.map(({ id }: { id: string }) => id)).to.deep.equal([device.id]);
  });

  it('bring no new codes where there is a second factor already', async () => {
    await withApp(site, 'uma');
    const page = await withPasskey(await site.visitor('uma'), device);
    expect(pathOf(page)).to.equal('/account/passkeys');
    expect(await site.db('recoveryCodes')).to.have.length(10);
  });

  it('are refused when anything about them is wrong, and the name is kept', async () => {
    const uma = await site.visitor('uma');
    const wrongs = [{ origin: 'https://evil.test' }, { rpId: 'evil.test' }, { challenge: 'AAAA' }, { type: 'webauthn.get' }];
    for (const wrong of wrongs) {
      const page = await post(uma, device.create(await asked(uma), wrong), 'My phone');
      expect([page.status, alertOf(page)], JSON.stringify(wrong)).to.deep.equal([
        422,
        'That did not work, or took too long. Try again.',
      ]);
      expect(fieldValue(page, 'name')).to.equal('My phone');
    }
    for (const junk of [
      '{}',
      '[]',
      'null',
      '"x"',
      '{"id":1}',
      '\0',
      'x'.repeat(60_000),
      JSON.stringify({
        id: 'AA',
        rawId: 'AA',
        type: 'public-key',
        response: { clientDataJSON: 'AAAA', attestationObject: 'AAAA' },
      }),
    ])
      expect((await post(uma, junk)).status, junk.slice(0, 20)).to.equal(422);
    expect(await keys()).to.deep.equal([]);
    expect((await post(uma, '')).text).to.include('it needs JavaScript');
  });

  it('take each challenge once, in its session, in time, for its purpose', async () => {
    const [uma, elsewhere] = [await site.visitor('uma'), await site.visitor('uma')];
    await elsewhere.get('/account/passkeys/new');
    const options = await asked(uma);
    expect((await post(elsewhere, device.create(options))).status, 'another session').to.equal(422);
    await post(uma, device.create(options));
    await site.db('passkeys').delete();
    expect((await post(uma, device.create(options))).status, 'again').to.equal(422);
    const late = await asked(uma);
    await site.db('passkeyChallenges').update({ expiresAt: site.db.raw(`now() - interval '1 second'`) });
    expect((await post(uma, device.create(late))).status, 'too late').to.equal(422);
    await uma.get('/account');
    const { options: other } = await challengeFrom(uma, '/confirm/challenge');
    await uma.get('/account/passkeys/new');
    expect((await post(uma, device.create(other))).status, 'asked for something else').to.equal(422);
    expect(await keys()).to.deep.equal([]);
  });

  it('are known once, and twenty are the most', async () => {
    const [uma, stan] = [await site.visitor('uma'), await site.visitor('stan')];
    await withPasskey(uma, device);
    expect((await post(stan, device.create(await asked(stan)))).text).to.include('This passkey is known already.');
    expect(await keys()).to.have.length(1);
    const [row] = await keys();
    for (let more = 1; more < 20; more += 1)
      await site.db('passkeys').insert({ ...row, id: undefined, credentialId: `more${more}`, transports: [] });
    const page = await post(uma, authenticator(site.address).create(await asked(uma)));
    expect([page.status, page.text.includes('20 passkeys are the most.')]).to.deep.equal([409, true]);
  });

  it('need a fresh proof of who it is to be added and removed, not to be renamed', async () => {
    const uma = await site.visitor('uma');
    await withPasskey(uma, device);
    const [{ id }] = await keys();
    await forgetProof();
    expect(pathOf(await uma.get('/account/passkeys/new'))).to.equal('/confirm');
    expect((await challengeFrom(uma, '/account/passkeys/challenge')).status).to.equal(409);
    await uma.get('/account');
    expect(pathOf(await post(uma, 'x'))).to.equal('/confirm');
    await uma.get(`/account/passkeys/${id}/remove`);
    expect(uma.page.text).to.include('It is your only second factor');
    expect((await uma.submit(`/account/passkeys/${id}/remove`)).status).to.equal(422);
    await uma.get(`/account/passkeys/${id}`);
    expect((await uma.submit(`/account/passkeys/${id}`, { name: 'Old laptop' })).text).to.include('Old laptop');
    await uma.get(`/account/passkeys/${id}/remove`);
    const page = await uma.submit(`/account/passkeys/${id}/remove`, { your_password: worldPassword });
    expect(page.text).to.include('The passkey “Old laptop” has been removed.');
    expect(await keys()).to.deep.equal([]);
    expect((await find('uma')).twoFactorSince).to.equal(null);
    expect(await site.db('recoveryCodes')).to.deep.equal([]);
    expect((await acts()).map(([act]) => act)).to.deep.equal([
      'account.passkey-added',
      'account.passkey-renamed',
      'session.confirmed',
      'account.passkey-removed',
    ]);
    expect((await lettersTo(site, 'uma')).map(({ kind, data }) => [kind, data.name, data.isLast])).to.deep.equal([
      ['passkey-added', 'Work laptop', undefined],
      ['passkey-removed', 'Old laptop', 'yes'],
    ]);
  });

  it('want a name of one line that fits', async () => {
    const uma = await site.visitor('uma');
    expect(problem(await post(uma, device.create(await asked(uma)), ' '), 'name')).to.include('Give it a name');
    await withPasskey(uma, device, '<script>alert(1)</script>');
    expect((await uma.get('/account/passkeys')).html).to.not.include('<script>alert');
    const [{ id }] = await keys();
    for (const name of ['', 'a\nb', 'x'.repeat(61), 'a\0b']) {
      await uma.get(`/account/passkeys/${id}`);
      expect((await uma.submit(`/account/passkeys/${id}`, { name })).status, JSON.stringify(name)).to.equal(422);
    }
  });

  it('are nobody else’s: for others they are not there', async () => {
    const [uma, olga] = [await site.visitor('uma'), await site.visitor('olga')];
    await withPasskey(uma, device);
    const [{ id }] = await keys();
    await olga.get('/account/passkeys');
    expect(olga.page.text).to.include('No passkeys yet');
    for (const path of [
      `/account/passkeys/${id}`,
      `/account/passkeys/${id}/remove`,
      '/account/passkeys/0',
      '/account/passkeys/x',
    ])
      expect((await olga.get(path)).status, path).to.equal(404);
    await olga.get('/account');
    for (const path of [`/account/passkeys/${id}`, `/account/passkeys/${id}/remove`])
      expect((await olga.post(path, { _csrf: olga.token(), name: 'Mine' })).status, path).to.equal(404);
    expect((await keys())[0].name).to.equal('Work laptop');
  });

  it('stay while one is required and there is no app', async () => {
    const olga = await site.visitor('olga');
    await withPasskey(olga, device);
    await site.db('settings').update({ twoFactorForAdministrators: 'required' });
    expect(pathOf(await olga.get('/users'))).to.equal('/users');
    const [{ id }] = await keys();
    const remove = async () => {
      await olga.get(`/account/passkeys/${id}/remove`);
      return olga.submit(`/account/passkeys/${id}/remove`);
    };
    expect((await remove()).status).to.equal(409);
    expect(await keys()).to.have.length(1);
    await withApp(site, 'olga');
    expect((await remove()).status).to.equal(200);
  });

  it('are counted among what goes with a user', async () => {
    await withPasskey(await site.visitor('uma'), device);
    const users = await site.db('users').where({ username: 'uma' }).select(userColumns(site.db));
    expect(await consequencesOf(site.db, users, belongings)).to.deep.include({ noun: 'passkey', count: 1, isMade: false });
    expect((await (await site.visitor('olga')).get('/users/uma/delete')).text).to.match(/1 passkey|passkey\s*1/);
  });
});

describe('Where passkeys are made for', () => {
  const cases: [base: string, host: string, expected: object | string][] = [
    ['https://roster.example', 'roster.example', { rpId: 'roster.example', origin: 'https://roster.example' }],
    ['https://roster.example:8443', 'evil.test', { rpId: 'roster.example', origin: 'https://roster.example:8443' }],
    ['http://localhost:3000', 'localhost:3000', { rpId: 'localhost', origin: 'http://localhost:3000' }],
    ['http://127.0.0.1:3000', 'localhost:4000', { rpId: 'localhost', origin: 'http://localhost:4000' }],
    ['http://localhost:3000', '127.0.0.1:3000', 'open http://localhost:3000 instead'],
    ['http://localhost:3000', '[::1]:3000', 'open http://localhost:3000 instead'],
    ['http://roster.example', 'roster.example', 'reached by https'],
    ['https://10.0.0.7', '10.0.0.7', 'not by a number'],
    ['https://[2001:db8::7]', '[2001:db8::7]', 'not by a number'],
  ];
  for (const [base, host, expected] of cases) {
    it(`is ${typeof expected === 'string' ? 'nowhere' : JSON.stringify(expected)} under ${base}, asked as ${host}`, () => {
      const party = partyAt(base, host);
      if (typeof expected === 'string') expect('instead' in party && party.instead).to.include(expected);
      else expect(party).to.deep.equal(expected);
    });
  }
});
