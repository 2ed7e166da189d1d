import { expect } from 'chai';
import { worldPassword } from '../seeds/world.ts';
import { turnMailOn } from './kit/letters.ts';
import { siteForEach } from './kit/site.ts';
import { modes, type Visitor } from './kit/visitor.ts';

describe('The own account', () => {
  const { site } = siteForEach();

  const userOf = (username: string) => site.db('users').where({ username }).first();
  const acts = async (act: string) => site.db('history').where({ act });

  async function edit(visitor: Visitor, changes: Record<string, string>) {
    await visitor.get('/account');
    return visitor.submit('/account', changes);
  }

  for (const mode of modes) {
    it(`takes what its user says about itself (${mode})`, async () => {
      const uma = await site.visitor('uma', mode);
      const page = await edit(uma, { phone: '+375 29 765-43-21', bank: 'Other bank', name: 'Uma & Söhne' });
      expect([page.status, page.text]).to.satisfy(
        ([status, text]: [number, string]) => status === 200 && text.includes('Profile saved.'),
      );
      expect(await userOf('uma')).to.include({ phone: '+375 29 765-43-21', bank: 'Other bank', name: 'Uma & Söhne', version: 2 });
      const [row] = await acts('account.edited');
      expect(row).to.include({ actorId: site.ids.uma, userId: site.ids.uma });
    });
  }

  it('takes nothing that only administrators say', async () => {
    const uma = await site.visitor('uma');
    const before = await userOf('uma');
    const smuggled = {
      profile: 'administrator',
      state: 'STATE_FLAGGED',
      state_reason: 'x',
      email_verified: 'on',
      email_verified_at: '2020-01-01',
      balance: '100',
      balance_minor: '10000',
      password_hash: 'x',
      password: 'velvet-orbit-kettle',
      description: 'VIP',
      expires_at: '2099-01-01',
      username: 'olga',
      id: '1',
      must_change_password: 'true',
      locked_at: '',
      deleted_at: '2020-01-01',
      identity_source: 'federated',
      'profile[]': 'administrator',
      version: String(before.version),
    };
    await edit(uma, { ...smuggled, phone: '+1 555 0100' });
    const { phone, version, updatedAt, search, ...rest } = await userOf('uma');
    const { phone: _, version: __, updatedAt: ___, search: ____, ...was } = before;
    expect(rest).to.deep.equal(was);
    expect([phone, version]).to.deep.equal(['+1 555 0100', before.version + 1]);
    expect(updatedAt).to.be.a('date');
    expect(search).to.include('15550100');
  });

  it('is always the own one, whatever the form names', async () => {
    const uma = await site.visitor('uma');
    await edit(uma, { username: 'stan', id: String(site.ids.stan), user: 'stan', phone: '+1 555 0100' });
    expect((await userOf('stan')).phone).to.equal('');
  });

  it('takes one bare address only', async () => {
    await turnMailOn(site);
    const uma = await site.visitor('uma');
    for (const email of [
      'a@x.example, b@x.example',
      '"a" <b@x.example>',
      'a@x',
      'a b@x.example',
      'a@x.example\r\nbcc: b@x.example',
      'ü@x.example',
      '',
    ]) {
      const page = await edit(uma, { email, your_password: worldPassword });
      expect(page.status, email).to.equal(422);
    }
    expect((await userOf('uma')).email).to.equal('uma@world.example');
  });

  it('shows both versions when somebody was faster, without a name, and saves what is chosen', async () => {
    const uma = await site.visitor('uma');
    await uma.get('/account');
    await site.db('users').where({ username: 'uma' }).update({ bank: 'Theirs', unp: '7', version: 2 });
    const page = await uma.submit('/account', { bank: 'Mine', phone: '+1 555 0100' });
    expect(page.status).to.equal(409);
    expect(page.text).to.include('Somebody else saved this meanwhile');
    expect(page.document.querySelectorAll('.versions legend').map(({ text }) => text)).to.deep.equal(['Bank']);
    expect((await userOf('uma')).bank).to.equal('Theirs');
    const open = await uma.submit('/account', { description: 'VIP', keep_description: 'mine' });
    expect([open.status, open.text.includes('Bank: choose one of the two.')]).to.deep.equal([409, true]);
    await uma.submit('/account', { keep_bank: 'mine' });
    expect(await userOf('uma')).to.include({ bank: 'Mine', phone: '+1 555 0100', unp: '7', description: '' });
  });

  it('goes on editing with what was chosen so far', async () => {
    const uma = await site.visitor('uma');
    await uma.get('/account');
    await site.db('users').where({ username: 'uma' }).update({ bank: 'Theirs', version: 2 });
    await uma.submit('/account', { bank: 'Mine', phone: '+1 555 0100' });
    await uma.submit('/account', { keep_bank: 'theirs', again: 'on' });
    await uma.submit('/account', { unp: '7' });
    expect(await userOf('uma')).to.include({ bank: 'Theirs', phone: '+1 555 0100', unp: '7' });
  });

  it('shows whatever was typed as text', async () => {
    const uma = await site.visitor('uma');
    const script = `"><script>alert(1)</script>'\${7919*7907}<%= 7919*7907 %>`;
    const page = await edit(uma, { name: script, organization: script, additional_info: `</textarea>${script}` });
    expect(page.text).to.include('Profile saved.');
    for (const path of ['/account', '/account/password']) {
      const shown = await uma.get(path);
      expect(shown.html, path).to.not.include('<script>alert(1)').and.not.include('62615533');
      expect(shown.text, path).to.include('<%= 7919*7907 %>');
    }
  });

  it('offers a monitor nothing that it may not do', async () => {
    const mona = await site.visitor('mona');
    const page = await mona.get('/account');
    expect(page.text).to.not.include('Save Profile');
    expect(page.document.querySelectorAll('main input:not([type=hidden]), main select, main textarea')).to.deep.equal([]);
    expect(page.document.querySelector('.facts')?.text).to.include('mona@world.example');
    expect((await mona.post('/account', { phone: '+1 555 0100' })).status).to.equal(403);
    expect((await userOf('mona')).phone).to.equal('');
  });

  it('refuses a form without its version', async () => {
    const uma = await site.visitor('uma');
    await uma.get('/account');
    for (const version of ['', 'x', '1.5', '-']) {
      const page = await uma.post('/account', { email: 'uma@world.example', name: 'Forced', version });
      expect([409, 422], version).to.include(page.status);
    }
    expect((await userOf('uma')).name).to.equal('Uma Trucking Ltd');
  });

  it('remembers light and dark with the account, from page to page', async () => {
    const uma = await site.visitor('uma');
    await uma.get('/account/password');
    const page = await uma.post('/theme', { theme: 'dark', return_to: '/account/password' });
    expect(new URL(page.url).pathname).to.equal('/account/password');
    expect(page.document.querySelector('html')?.getAttribute('data-theme')).to.equal('dark');
    expect((await (await site.visitor('uma')).get('/account')).html).to.include('data-theme="dark"');
    for (const theme of ['blue', '', 'dark"><script>']) expect((await uma.post('/theme', { theme })).status, theme).to.equal(422);
    expect((await userOf('uma')).theme).to.equal('dark');
  });

  describe('’s password', () => {
    async function change(visitor: Visitor, current: string, password: string, confirmation = password) {
      await visitor.get('/account/password');
      const fields = { current_password: current, password, password_confirmation: confirmation };
      return visitor.submit('/account/password', fields);
    }

    const wrong: [what: string, current: string, password: string, confirmation: string, says: string][] = [
      ['without the current one', '', 'velvet-orbit-kettle', 'velvet-orbit-kettle', 'Your own password is needed here.'],
      ['with a wrong current one', 'wrong words', 'velvet-orbit-kettle', 'velvet-orbit-kettle', 'This is not your password.'],
      ['when the two differ', worldPassword, 'velvet-orbit-kettle', 'velvet-orbit-kettel', 'The two passwords differ.'],
      ['to the same', worldPassword, worldPassword, worldPassword, 'This is the old password'],
      ['to a short one', worldPassword, 'nine-char', 'nine-char', '10 characters or more.'],
      ['to one beyond 72 bytes', worldPassword, 'é'.repeat(37), 'é'.repeat(37), '72 bytes at most'],
      ['to one with the username', worldPassword, 'my-uma-password', 'my-uma-password', 'It must not hold the username.'],
      ['to a common one', worldPassword, '1234567890', '1234567890', 'one of the most common passwords'],
    ];
    for (const [what, current, password, confirmation, says] of wrong) {
      it(`does not change ${what}`, async () => {
        const uma = await site.visitor('uma');
        const { passwordHash } = await userOf('uma');
        const page = await change(uma, current, password, confirmation);
        expect([page.status, page.text]).to.satisfy(([status, text]: [number, string]) => status === 422 && text.includes(says));
        for (const typed of [current, password].filter((word) => word.length > 12)) expect(page.html).to.not.include(typed);
        expect((await userOf('uma')).passwordHash).to.equal(passwordHash);
      });
    }

    it('is not asked without end', async () => {
      const uma = await site.visitor('uma');
      for (let time = 0; time < 5; time += 1)
        expect((await change(uma, 'wrong words', 'velvet-orbit-kettle')).status).to.equal(422);
      const page = await change(uma, worldPassword, 'velvet-orbit-kettle');
      expect([page.status, page.headers.get('retry-after')]).to.deep.equal([429, '900']);
      expect((await userOf('uma')).lockedAt, 'whoever sits there is signed in already').to.equal(null);
    });
  });
});
