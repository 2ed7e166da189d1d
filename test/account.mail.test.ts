import { expect } from 'chai';
import { actsUpon } from './kit/history.ts';
import { openSite, type Site } from './kit/site.ts';
import { modes } from './kit/visitor.ts';

describe('The choice of own letters', () => {
  let site: Site;
  beforeEach(async () => {
    site = await openSite();
  });
  afterEach(() => site.close());

  const muted = async () => (await site.db('users').where({ username: 'uma' }).first()).mutedLetters;

  for (const mode of modes) {
    it(`is saved, and noted once in the history (${mode})`, async () => {
      const uma = await site.visitor('uma', mode);
      await uma.get('/account/mail');
      expect(uma.page.document.querySelectorAll('input[role=switch][checked]')).to.have.length(4);
      const page = await uma.post('/account/mail', { reminders: 'on', announcements: 'on' });
      expect(page.text).to.include('Saved.');
      expect(await muted()).to.deep.equal(['state', 'signIn']);
      expect(page.document.querySelectorAll('input[role=switch][checked]').map((box) => box.getAttribute('name'))).to.deep.equal([
        'reminders',
        'announcements',
      ]);
      const [act, ...more] = await actsUpon(site, site.ids.uma);
      expect(more).to.deep.equal([]);
      expect(act).to.deep.include({
        act: 'account.letters-chosen',
        actor: 'uma',
        changes: { stateLetters: ['on', 'off'], signInLetters: ['on', 'off'] },
      });
    });
  }

  it('saved as it was changes nothing', async () => {
    const uma = await site.visitor('uma');
    await uma.get('/account/mail');
    await uma.submit('/account/mail');
    expect(await muted()).to.deep.equal([]);
    expect(await actsUpon(site, site.ids.uma)).to.deep.equal([]);
  });

  it('says which letters always come, and leads there from the account', async () => {
    const uma = await site.visitor('uma');
    const page = await uma.get('/account');
    expect(page.document.querySelector('.tabs a[href="/account/mail"]')?.text).to.equal('Mail');
    expect((await uma.get('/account/mail')).text)
      .to.include('These always come')
      .and.include('sends no mail at present');
  });

  it('takes whatever is sent along for yes or no', async () => {
    const uma = await site.visitor('uma');
    await uma.get('/account/mail');
    const token = uma.token();
    const pairs: [string, string][] = [
      ['_csrf', token],
      ['state', 'on'],
      ['state', 'off'],
    ];
    expect((await uma.post('/account/mail', pairs)).status).to.equal(422);
    expect(await muted()).to.deep.equal([]);
    await uma.get('/account/mail');
    await uma.post('/account/mail', { state: '\0', sign_in: 'x'.repeat(5000), locked: 'off', muted_letters: 'locked' });
    expect(await muted()).to.deep.equal(['reminders', 'announcements']);
  });

  it('is everybody’s own, but for who is restricted to the own profile', async () => {
    for (const [name, status] of [
      ['mona', 200],
      ['april', 200],
      ['sue', 403],
    ] as const) {
      const visitor = await site.visitor(name);
      expect((await visitor.get('/account/mail')).status, name).to.equal(status);
    }
  });
});
