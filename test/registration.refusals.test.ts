import { expect } from 'chai';
import { alertOf, fieldValue, problem } from './kit/reading.ts';
import { openRegistration, signUp, zoe } from './kit/registration.ts';
import { siteForEach } from './kit/site.ts';

describe('Registering refuses', () => {
  const { site } = siteForEach();
  beforeEach(() => openRegistration(site));

  const row = (username = 'zoe-new') => site.db('users').where({ username }).first();

  it('a list where one value belongs, and JSON', async () => {
    const visitor = await site.visitor();
    await visitor.get('/register');
    const twice = await visitor.post('/register', [
      ['_csrf', visitor.token()],
      ...Object.entries(zoe),
      ['email', 'other@new.example'],
    ] as [string, string][]);
    expect([twice.status, problem(twice, 'email')]).to.deep.equal([422, 'Needs one plain value.']);
    const body = JSON.stringify({ ...zoe, profile: 'administrator' });
    const json = await visitor.request('/register', {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json', 'x-csrf-token': visitor.token() },
    });
    expect(json.status).to.equal(422);
    expect(await row()).to.equal(undefined);
  });

  const long = (length: number) => 'x'.repeat(length);
  const refused: [field: string, value: string, says: string][] = [
    ['username', '', 'A username is needed'],
    ['username', 'Zoë!', 'Small letters and digits'],
    ['username', long(37), '2 to 36 characters'],
    ['username', 'new', 'reserved'],
    ['username', 'admin', 'reserved'],
    ['username', 'support', 'reserved'],
    ['username', 'olga', 'This username is taken.'],
    ['username', 'dora', 'This username is taken.'],
    ['email', '', 'needed'],
    ['email', 'zoe@new.example, eve@evil.example', 'One address'],
    ['email', 'zoe@new.example\r\nBcc: eve@evil.example', 'One'],
    ['first_name', long(101), '100 characters at most'],
    ['first_name', 'Look at https://evil.example', 'A name, not the address of a page.'],
    ['organization', 'www.evil.example', 'A name, not the address of a page.'],
    ['phone', 'call me', 'Digits'],
    ['password', 'orbit-779', '10 characters or more'],
    ['password', 'ö'.repeat(37), '72 bytes at most'],
    ['password', 'password123', 'most common'],
    ['password', 'my-zoe-new-77', 'must not hold the username'],
    ['password', '', 'A password is needed'],
  ];
  for (const [field, value, says] of refused) {
    it(`${field} ${JSON.stringify(value.slice(0, 30))}: ${says}`, async () => {
      const visitor = await site.visitor();
      const again = field === 'password' ? { password_confirmation: value } : {};
      const page = await signUp(visitor, { ...zoe, phone: '+34 600', ...again, [field]: value });
      expect([page.status, problem(page, field).includes(says)], problem(page, field)).to.deep.equal([422, true]);
      if (field !== 'phone') expect(fieldValue(page, 'phone'), 'what was typed').to.equal('+34 600');
      expect(page.html).to.not.include(zoe.password);
      expect(await row()).to.equal(undefined);
      const tries = await site.db('attempts').whereNot('key', 'like', 'names from %');
      expect(tries, 'a typing error is no try').to.deep.equal([]);
    });
  }

  it('a network that goes through the usernames there are, without telling which are free', async () => {
    const visitor = await site.visitor();
    await signUp(visitor, { ...zoe, username: 'olga' });
    await site.db('attempts').where('key', 'like', 'names from %').update({ count: 100 });
    for (const username of ['olga', 'dora', 'zoe-new']) {
      await visitor.get('/register');
      const page = await visitor.submit('/register', { ...zoe, username });
      expect([page.status, page.text.includes('tried very many usernames')], username).to.deep.equal([429, true]);
    }
    expect(await row()).to.equal(undefined);
  });

  it('two passwords that differ, and somebody without a name', async () => {
    const visitor = await site.visitor();
    const differ = await signUp(visitor, { ...zoe, password_confirmation: 'orbit-velvet-4712' });
    expect([differ.status, problem(differ, 'password_confirmation')]).to.deep.equal([422, 'The two passwords differ.']);
    const nameless = await signUp(visitor, { ...zoe, first_name: '', last_name: '' });
    expect([nameless.status, problem(nameless, 'name').includes('A name is needed')]).to.deep.equal([422, true]);
  });

  it('everybody at the account limit, known and unknown addresses alike, without telling where it is raised', async () => {
    const { live } = await site.db('accountCounter').first();
    await site.db('settings').update({ accountLimit: live, accountLimitUrl: 'https://billing.example/plan' });
    for (const email of [zoe.email, 'uma@world.example']) {
      const page = await signUp(await site.visitor(), { ...zoe, email });
      expect(page.status, email).to.equal(409);
      expect(alertOf(page)).to.equal(
        'All accounts of this console are in use, so nobody can register at present. Ask an administrator.',
      );
      expect(page.html).to.not.include('billing.example').and.not.include(zoe.password);
      expect(fieldValue(page, 'username')).to.equal('zoe-new');
    }
    expect(await site.db('letters')).to.deep.equal([]);
    expect(await row()).to.equal(undefined);
  });

  const nasty = ['\u0000', '\ud800', 'x'.repeat(20_000), '<script>alert(1)</script>', '<%= 7*7 %>', "';--", '\u202e', '-1'];
  for (const value of nasty) {
    it(`or keeps as text ${JSON.stringify(value.slice(0, 30))} in whatever field, and never fails`, async () => {
      for (const registration of ['open', 'listed'] as const) {
        await openRegistration(site, { registration });
        const visitor = await site.visitor();
        for (const field of [...Object.keys(zoe), 'bank', 'additional_info', 'user_type', 'preferred_map']) {
          const page = await signUp(visitor, {
            ...(registration === 'open' ? zoe : { email: zoe.email }),
            username: 'x',
            [field]: value,
          });
          expect(page.status, field).to.be.oneOf([200, 422]);
          expect(page.html, field).to.not.include('<script>alert(1)');
        }
      }
    });
  }
});
