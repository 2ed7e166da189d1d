import { expect } from 'chai';
import { actsUpon } from './kit/history.ts';
import { lettersTo } from './kit/letters.ts';
import { problem } from './kit/reading.ts';
import { openRegistration, signUp, zoe } from './kit/registration.ts';
import { siteForEach } from './kit/site.ts';
import { modes } from './kit/visitor.ts';

describe('Signing up with a listed address', () => {
  const { site } = siteForEach();
  beforeEach(() => openRegistration(site, { registration: 'listed' }));

  const row = (username: string) => site.db('users').where({ username }).first();
  const signUpAs = async (email: string) => signUp(await site.visitor(), { email });

  for (const mode of modes) {
    it(`mails the link that opens the account to the address (${mode})`, async () => {
      const page = await signUp(await site.visitor(null, mode), { email: 'IVO@world.example' });
      expect(page.url).to.match(/\/register\/done$/);
      expect(page.text).to.include('If this address is on the list, a mail is on its way.');
      const [letter, ...more] = await lettersTo(site, 'ivo');
      expect([letter?.kind, more.length]).to.deep.equal(['sign-up-listed', 0]);
      expect(letter?.link).to.match(/^\/activate\/./);
      const [act] = await actsUpon(site, site.ids.ivo);
      expect(act).to.include({ act: 'user.sign-up-asked', actor: 'visitor', user: 'ivo' });
    });
  }

  it('claims nothing by knowing the address alone', async () => {
    const before = await row('ivo');
    const visitor = await site.visitor();
    await visitor.get('/register');
    await visitor.post('/register', { ...zoe, username: 'ivo', email: 'ivo@world.example' });
    expect(await row('ivo')).to.deep.equal(before);
  });

  it('answers the same for every address, and makes no account', async () => {
    const before = await site.db('users').count();
    const listed = await signUpAs('ivo@world.example');
    const tidy = (html: string) => html.replace(/nonce="[^"]*"/g, '');
    for (const email of ['uma@world.example', 'nina@world.example', 'dora@world.example', 'nobody@new.example']) {
      const page = await signUpAs(email);
      expect([page.status, page.url, tidy(page.html)], email).to.deep.equal([listed.status, listed.url, tidy(listed.html)]);
    }
    expect(await site.db('users').count()).to.deep.equal(before);
    expect((await lettersTo(site, 'uma')).map(({ kind }) => kind)).to.deep.equal(['registered-already']);
    expect(await lettersTo(site, 'dora')).to.deep.equal([]);
    expect(await lettersTo(site, 'nobody@new.example')).to.deep.equal([]);
  });

  it('takes as long for one as for another', async () => {
    for (const email of ['ivo@world.example', 'nobody@new.example', 'uma@world.example']) {
      const visitor = await site.visitor();
      await visitor.get('/register');
      const start = performance.now();
      await visitor.submit('/register', { email });
      expect(performance.now() - start, email).to.be.greaterThan(300);
    }
  });

  it('sends the link that works already once more, instead of making it void', async () => {
    await signUpAs('ivo@world.example');
    await signUpAs('ivo@world.example');
    const [first, second] = await lettersTo(site, 'ivo');
    expect(second?.link).to.equal(first?.link);
    await site.db('links').update({ expiresAt: '2026-01-01T00:00:00Z' });
    await signUpAs('ivo@world.example');
    expect((await lettersTo(site, 'ivo'))[2]?.link).to.not.equal(first?.link);
    expect((await site.db('links').first()).counter).to.equal(2);
  });

  it('writes three letters an hour at most, and answers as before', async () => {
    for (let time = 1; time <= 5; time += 1) expect((await signUpAs('ivo@world.example')).status).to.equal(200);
    expect(await lettersTo(site, 'ivo')).to.have.length(3);
  });

  it('says what is wrong with an address before anything else', async () => {
    const page = await signUpAs('zoe@');
    expect([page.status, problem(page, 'email').includes('One address')]).to.deep.equal([422, true]);
    expect(await site.db('attempts')).to.deep.equal([]);
  });

  it('keeps the link to be copied while outgoing mail is off', async () => {
    await openRegistration(site, { registration: 'listed', outgoingMail: false });
    const page = await signUpAs('ivo@world.example');
    expect(page.text).to.include('an administrator can hand you the link');
    expect((await lettersTo(site, 'ivo'))[0]).to.include({ kind: 'sign-up-listed', state: 'unsent' });
  });
});
