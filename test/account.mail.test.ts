import { expect } from 'chai';
import { forAdministrators, preferences } from '../src/mail/words/template.ts';
import { actsUpon } from './kit/history.ts';
import { siteForEach } from './kit/site.ts';
import { modes } from './kit/visitor.ts';

describe('The choice of own letters', () => {
  const { site } = siteForEach();

  /** What a customer can turn off. */
  const offered = Object.keys(preferences).filter((name) => !(forAdministrators as readonly string[]).includes(name));
  const muted = async () => (await site.db('users').where({ username: 'uma' }).first()).mutedLetters;

  for (const mode of modes) {
    it(`is saved, and noted once in the history (${mode})`, async () => {
      const uma = await site.visitor('uma', mode);
      await uma.get('/account/mail');
      expect(uma.page.document.querySelectorAll('input[role=switch][checked]')).to.have.length(offered.length);
      const page = await uma.post('/account/mail', { reminders: 'on', renewals: 'on' });
      expect(page.text).to.include('Saved.');
      expect(await muted()).to.deep.equal(offered.filter((name) => !['reminders', 'renewals'].includes(name)));
      expect(page.document.querySelectorAll('input[role=switch][checked]').map((box) => box.getAttribute('name'))).to.deep.equal([
        'reminders',
        'renewals',
      ]);
      const [act, ...more] = await actsUpon(site, site.ids.uma);
      expect(more).to.deep.equal([]);
      expect(act).to.include({ act: 'account.letters-chosen', actor: 'uma' });
      expect(act?.changes).to.deep.include({ stateLetters: ['on', 'off'], signInLetters: ['on', 'off'] });
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
    expect(await muted()).to.deep.equal(offered.filter((name) => name !== 'state' && name !== 'signIn'));
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
