import { expect } from 'chai';
import { worldPassword } from '../seeds/world.ts';
import { routes } from '../src/routes.ts';
import { isRouteWord, usernamePattern } from '../src/users/fields.ts';
import { isPassword } from '../src/users/password.ts';
import { onlyActUpon } from './kit/history.ts';
import { fieldValue, problem } from './kit/reading.ts';
import { openSite, type Site } from './kit/site.ts';
import { modes, type Visitor } from './kit/visitor.ts';

const zoe = { username: 'zoe-new', email: 'zoe@world.example', first_name: 'Zoë', last_name: 'Ivanova' };
const chosen = 'orbit-velvet-4711';

describe('Adding a user', () => {
  let site: Site;
  let olga: Visitor;
  const row = (username: string) => site.db('users').where({ username }).first();
  beforeEach(async () => {
    site = await openSite();
    olga = await site.visitor('olga');
    await olga.get('/users/new');
  });
  afterEach(() => site.close());

  for (const mode of modes) {
    it(`shows a single-use password on the next page and never again, as ${mode}`, async () => {
      const visitor = await site.visitor('olga', mode);
      const form = await visitor.get('/users/new');
      const password = fieldValue(form, 'single_use_password');
      expect(password).to.match(/^([a-z2-9]{4}-){3}[a-z2-9]{4}$/);
      const page = await visitor.submit('/users/new', { ...zoe, single_use_password: password });
      expect(page.url).to.match(/\/users\/zoe-new$/);
      expect(page.text).to.include(password).and.include('zoe-new has been added.');
      expect(page.headers.get('cache-control')).to.include('no-store');
      expect((await visitor.get('/users/zoe-new')).html).to.not.include(password);
    });

    it(`says beside each field what is wrong, and keeps what was typed, as ${mode}`, async () => {
      const visitor = await site.visitor('olga', mode);
      await visitor.get('/users/new');
      const page = await visitor.submit('/users/new', {
        ...zoe,
        username: 'Zoë!',
        email: 'zoe@',
        password_by: 'now',
        password: chosen,
      });
      expect(page.status).to.equal(422);
      expect(problem(page, 'username')).to.include('Small letters and digits');
      expect(problem(page, 'email')).to.include('One address such as');
      expect(fieldValue(page, 'username')).to.equal('Zoë!');
      expect(fieldValue(page, 'first_name')).to.equal('Zoë');
      expect(page.document.querySelector('input[value=now]')?.hasAttribute('checked')).to.equal(true);
      expect(page.html).to.not.include(chosen);
      expect(await row('zoe-new')).to.equal(undefined);
    });
  }

  it('keeps no single-use password in the database but its hash, with its end in 72 hours', async () => {
    const password = 'pear-lamp-77';
    await olga.submit('/users/new', { ...zoe, single_use_password: password });
    const user = await row('zoe-new');
    expect(await isPassword(password, user.passwordHash)).to.equal(true);
    expect(user.mustChangePassword).to.equal(true);
    expect((user.singleUseExpiresAt - user.registeredAt) / 3_600_000).to.equal(72);
    const kept = await site.db.raw(
      `select (select json_agg(w) from history_words w)::text || (select json_agg(s) from sessions s)::text as all`,
    );
    expect(kept.rows[0].all).to.not.include(password).and.not.include(user.passwordHash);
  });

  it('sets the password now when that is chosen', async () => {
    const page = await olga.submit('/users/new', { ...zoe, password_by: 'now', password: chosen, password_confirmation: chosen });
    expect(page.status).to.equal(200);
    expect(page.html).to.not.include(chosen);
    const user = await row('zoe-new');
    expect(await isPassword(chosen, user.passwordHash)).to.equal(true);
    expect(user).to.include({
      mustChangePassword: false,
      singleUseExpiresAt: null,
      state: 'STATE_APPROVED',
      profile: 'customer',
    });
  });

  it('makes an Inactive user when Enabled is off', async () => {
    await olga.post('/users/new', zoe);
    expect((await row('zoe-new')).state).to.equal('STATE_INACTIVE');
  });

  it('counts an address that an administrator enters as verified while outgoing mail is off', async () => {
    await olga.post('/users/new', { ...zoe, enabled: 'on' });
    expect((await row('zoe-new')).emailVerifiedAt).to.be.instanceOf(Date);
  });

  it('records one act with every value and no secret', async () => {
    await olga.submit('/users/new', { ...zoe, phone: '+34 600 111 222', single_use_password: 'pear-lamp-77' });
    const act = await onlyActUpon(site, (await row('zoe-new')).id);
    expect(act).to.include({ act: 'user.added', actor: 'olga', user: 'zoe-new', outcome: 'done' });
    expect(act.changes).to.include.keys('email', 'phone', 'state', 'profile').and.not.include.keys('bank', 'passwordHash');
    expect(act.changes.name).to.deep.equal([null, 'Zoë Ivanova']);
    expect(act.facts).to.deep.equal({ passwordBy: 'single_use' });
    expect(JSON.stringify(act)).to.not.include('pear-lamp-77');
  });

  const long = (length: number) => 'x'.repeat(length);
  const refused: [field: string, value: string, says: string][] = [
    ['username', '', 'A username is needed'],
    ['username', 'z', '2 to 36 characters'],
    ['username', long(37), '2 to 36 characters'],
    ['username', 'zoe--new', 'single hyphens'],
    ['username', '-zoe', 'single hyphens'],
    ['username', 'new', 'reserved'],
    ['username', 'count', 'reserved'],
    ['username', 'olga', 'taken'],
    ['username', 'dora', 'A deleted user holds this username'],
    ['email', '', 'needed'],
    ['email', 'zoe@world', 'One address'],
    ['email', 'zoe@world.example, eve@evil.example', 'One address'],
    ['email', 'zoe@world.example\r\nBcc: eve@evil.example', 'One'],
    ['email', '"Zoe" <zoe@world.example>', 'One address'],
    ['email', 'zo\u0131@world.example', 'One address'],
    ['email', '\u212Aate@world.example', 'One address'],
    ['email', `${long(250)}@world.example`, '254 characters at most'],
    ['email', 'UMA@World.Example', 'Another user has this email'],
    ['first_name', long(101), '100 characters at most; these are 101'],
    ['last_name', long(101), '100 characters at most'],
    ['organization', long(101), '100 characters at most'],
    ['name', `a\u0000b`, 'cannot be kept'],
    ['phone', 'call me', 'Digits'],
    ['unp', '19/02', 'Letters and digits only'],
    ['legal_address', long(301), '300 characters at most'],
    ['postal_address', long(301), '300 characters at most'],
    ['bank', long(101), '100 characters at most'],
    ['bank_account', long(51), '50 characters at most'],
    ['additional_info', long(2001), '2000 characters at most'],
    ['description', long(2001), '2000 characters at most'],
    ['expires_at', '2027-02-30', 'A day such as'],
    ['profile', 'root', 'One of'],
    ['user_type', 'robot', 'Individual or legal'],
    ['single_use_password', 'short77', '8 characters or more'],
    ['single_use_password', `my-zoe-new-77`, 'must not hold the username'],
  ];
  for (const [field, value, says] of refused) {
    it(`refuses ${field} ${JSON.stringify(value.length > 50 ? `${value.slice(0, 9)}… (${value.length})` : value)}: ${says}`, async () => {
      const page = await olga.submit('/users/new', { ...zoe, [field]: value });
      expect(page.status).to.equal(422);
      expect(problem(page, field)).to.include(says);
      expect(await row('zoe-new')).to.equal(undefined);
    });
  }

  const passwords: [password: string, says: string][] = [
    ['orbit-779', '10 characters or more'],
    ['ö'.repeat(37), '72 bytes at most'],
    ['password123', 'most common'],
    ['my-zoe-new-77', 'must not hold the username'],
  ];
  for (const [password, says] of passwords) {
    it(`refuses to set the password ${password.slice(0, 12)} now: ${says}`, async () => {
      const page = await olga.submit('/users/new', { ...zoe, password_by: 'now', password, password_confirmation: password });
      expect(page.status).to.equal(422);
      expect(problem(page, 'password')).to.include(says);
    });
  }

  it('refuses two passwords that differ', async () => {
    const page = await olga.submit('/users/new', {
      ...zoe,
      password_by: 'now',
      password: chosen,
      password_confirmation: `${chosen}x`,
    });
    expect(problem(page, 'password_confirmation')).to.include('differ');
  });

  it('takes words that mislead from administrators, and a word that is a route from nobody', async () => {
    expect((await olga.submit('/users/new', { ...zoe, username: 'support' })).url).to.match(/\/users\/support$/);
    const words = routes
      .map(([, path]) => /^\/users\/([^/:]+)/.exec(path)?.[1] ?? '')
      .filter((word) => usernamePattern.test(word));
    expect(words).to.include('count').and.include('deleted');
    expect(words.filter((word) => !isRouteWord(word))).to.deep.equal([]);
  });

  it('ignores what the form does not have', async () => {
    const more = {
      state: 'STATE_FLAGGED',
      balance_minor: '100',
      password_hash: 'x',
      id: '1',
      deleted_at: '2026-01-01',
      version: '9',
    };
    await olga.submit('/users/new', { ...zoe, ...more, identity_source: 'federated', 'profile[]': 'administrator' });
    expect(await row('zoe-new')).to.include({
      state: 'STATE_APPROVED',
      balanceMinor: 0,
      deletedAt: null,
      version: 1,
      identitySource: 'local',
    });
    expect((await row('zoe-new')).id).to.be.greaterThan(1);
  });

  it('takes no list where one value belongs', async () => {
    const page = await olga.post('/users/new', [
      ['_csrf', olga.token()],
      ['username', 'zoe-new'],
      ['email', 'a@b.example'],
      ['email', 'c@d.example'],
    ]);
    expect(page.status).to.equal(422);
    expect(problem(page, 'email')).to.include('one plain value');
  });

  it('asks for one’s own password before it makes an administrator', async () => {
    await site.db('sessions').update({ confirmedAt: site.db.raw(`now() - interval '11 minutes'`) });
    const asked = await olga.submit('/users/new', { ...zoe, profile: 'administrator' });
    expect(asked.status).to.equal(422);
    expect(problem(asked, 'your_password')).to.include('needed');
    expect(problem(await olga.submit('/users/new', { your_password: 'wrong-password' }), 'your_password')).to.include(
      'not your password',
    );
    expect(await row('zoe-new')).to.equal(undefined);
    await olga.submit('/users/new', { your_password: worldPassword, username: 'olga' });
    expect(problem(olga.page, 'username')).to.include('taken');
    await olga.submit('/users/new', { username: 'zoe-new' });
    expect((await row('zoe-new')).profile).to.equal('administrator');
  });

  for (const name of ['stan', 'mona', 'gus', 'april', 'uma'] as const) {
    it(`is not for ${name}`, async () => {
      const visitor = await site.visitor(name);
      expect((await visitor.get('/users/new')).status).to.equal(403);
      expect((await visitor.post('/users/new', { ...zoe })).status).to.equal(403);
      expect(await row('zoe-new')).to.equal(undefined);
    });
  }
});
