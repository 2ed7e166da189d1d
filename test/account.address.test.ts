import { expect } from 'chai';
import { worldPassword } from '../seeds/world.ts';
import { actsUpon } from './kit/history.ts';
import { lettersTo, turnMailOn } from './kit/letters.ts';
import { problem } from './kit/reading.ts';
import { openSite, type Site } from './kit/site.ts';
import { modes, type Visitor } from './kit/visitor.ts';

const fresh = 'new@uma.example';

describe('Another address for oneself', () => {
  let site: Site;
  let uma: Visitor;
  beforeEach(async () => {
    site = await openSite();
    await turnMailOn(site);
    uma = await site.visitor('uma');
  });
  afterEach(() => site.close());

  const row = (username = 'uma') => site.db('users').where({ username }).first();
  const sessions = () => site.db('sessions').where({ userId: site.ids.uma });
  const kinds = async (to: string) => (await lettersTo(site, to)).map(({ kind }) => kind);
  const linkTo = async (to: string) => (await lettersTo(site, to)).findLast(({ link }) => link)?.link ?? 'no link';

  async function ask(visitor: Visitor, email: string, more: Record<string, string> = {}) {
    await visitor.get('/account');
    return visitor.submit('/account', { email, your_password: worldPassword, ...more });
  }

  async function follow(visitor: Visitor, link: string) {
    await visitor.get(link);
    return visitor.submit('/verify-email');
  }

  for (const mode of modes) {
    it(`waits until it is verified, and the old one counts meanwhile (${mode})`, async () => {
      uma = await site.visitor('uma', mode);
      const page = await ask(uma, fresh, { phone: '+1 555 0100' });
      expect(page.text).to.include(`A mail is on its way to ${fresh}; your address changes when it is verified.`);
      expect(page.document.querySelector('#pending')?.text.replace(/\s+/g, ' ')).to.include(`Waiting for verification: ${fresh}`);
      expect(await row()).to.include({ email: 'uma@world.example', phone: '+1 555 0100' });
      expect(await kinds(fresh)).to.deep.equal(['email-change']);
      expect(await kinds('uma')).to.deep.equal(['email-change-asked']);
      const verified = await follow(uma, await linkTo(fresh));
      expect(verified.text).to.include(`${fresh} is verified.`);
      expect(verified.document.querySelector('#pending')).to.equal(null);
      expect((await row()).email).to.equal(fresh);
      expect(await kinds('uma')).to.deep.equal(['email-change-asked', 'email-changed']);
      const acts = await actsUpon(site, site.ids.uma);
      expect(acts.map(({ act }) => act)).to.deep.equal(['account.edited', 'account.email-change-asked', 'account.email-changed']);
      expect(acts[1]?.facts).to.deep.equal({ email: fresh });
      expect(acts[2]?.changes.email).to.deep.equal(['uma@world.example', fresh]);
      expect(acts[2]).to.include({ actor: 'uma', outcome: 'done' });
    });
  }

  it('is asked for with the password only', async () => {
    const without = await ask(uma, fresh, { your_password: '' });
    expect([without.status, problem(without, 'your_password')]).to.deep.equal([422, 'Your own password is needed here.']);
    expect(without.document.querySelector('input[name=email]')?.getAttribute('value')).to.equal(fresh);
    const wrong = await ask(uma, fresh, { your_password: 'wrong words' });
    expect([wrong.status, problem(wrong, 'your_password')]).to.deep.equal([422, 'This is not your password.']);
    expect(wrong.html).to.not.include('wrong words');
    expect(await site.db('links')).to.deep.equal([]);
    expect(await site.db('letters')).to.deep.equal([]);
  });

  it('ends every other session when it counts, and keeps the one that verifies it', async () => {
    const other = await site.visitor('uma');
    await ask(uma, fresh);
    expect(await sessions()).to.have.length(2);
    await follow(uma, await linkTo(fresh));
    expect((await uma.get('/account')).text).to.include(fresh);
    expect((await other.get('/account')).url).to.include('/sign-in');
  });

  it('ends every session when it is verified in another browser', async () => {
    await ask(uma, fresh);
    const visitor = await site.visitor();
    const page = await follow(visitor, await linkTo(fresh));
    expect(page.url).to.match(/\/verify-email\/done$/);
    expect(page.text).to.include('Your address is verified');
    expect(await sessions()).to.deep.equal([]);
    const [last] = (await actsUpon(site, site.ids.uma)).slice(-1);
    expect(last).to.include({ act: 'account.email-changed', actor: 'uma' });
  });

  it('makes void what was sent to the old one', async () => {
    await site.db('users').where({ username: 'uma' }).update({ emailVerifiedAt: null });
    await uma.get('/account');
    await uma.submit('/account/verification');
    const old = await linkTo('uma');
    await ask(uma, fresh);
    await follow(uma, await linkTo(fresh));
    const page = await (await site.visitor()).get(old);
    expect([page.status, page.text.includes('This link does not work')]).to.deep.equal([410, true]);
    expect((await row()).email).to.equal(fresh);
  });

  it('replaces the one that was asked for before', async () => {
    await ask(uma, 'first@uma.example');
    const first = await linkTo('first@uma.example');
    await ask(uma, fresh);
    expect((await uma.get('/account')).text)
      .to.include(fresh)
      .and.not.include('first@uma.example');
    const page = await uma.get(first);
    expect([page.status, page.text.includes('A newer link has replaced it')]).to.deep.equal([410, true]);
    expect(page.document.querySelector('form[action="/verify-email/again"]'), 'no way to have it anew').to.equal(null);
  });

  it('can be sent again: the older link works no more', async () => {
    await ask(uma, fresh);
    const older = await linkTo(fresh);
    const page = await uma.submit('/account/email-change');
    expect(page.text).to.include(`A new link is on its way to ${fresh}.`);
    expect(await kinds(fresh)).to.deep.equal(['email-change', 'email-change']);
    expect((await uma.get(older)).status).to.equal(410);
    await follow(uma, await linkTo(fresh));
    expect((await row()).email).to.equal(fresh);
  });

  it('can be taken back, and its link with it', async () => {
    await ask(uma, fresh);
    const page = await uma.submit('/account/email-change/cancel');
    expect(page.text).to.include('Your address stays as it is.').and.not.include('Waiting for verification');
    const link = await uma.get(await linkTo(fresh));
    expect([link.status, link.text.includes('it was taken back')]).to.deep.equal([410, true]);
    expect((await uma.post('/verify-email', {})).status).to.equal(410);
    expect((await uma.post('/verify-email/again', {})).status, 'nobody revives it').to.equal(409);
    expect((await row()).email).to.equal('uma@world.example');
    const acts = await actsUpon(site, site.ids.uma);
    expect(acts.at(-1)).to.include({ act: 'account.email-change-cancelled' });
    expect((await uma.post('/account/email-change/cancel', {})).status, 'twice').to.equal(409);
    expect((await uma.post('/account/email-change', {})).status).to.equal(409);
  });

  it('says that its link is over, and can be had anew', async () => {
    await ask(uma, fresh);
    await site.db('links').update({ expiresAt: '2026-01-01T00:00:00Z' });
    expect((await uma.get('/account')).text).to.include('The link that was sent there works no more.');
    const page = await uma.get(await linkTo(fresh));
    expect([page.status, page.text.includes('It has waited too long')]).to.deep.equal([410, true]);
    await uma.get('/account');
    await uma.submit('/account/email-change');
    expect((await follow(uma, await linkTo(fresh))).text).to.include(`${fresh} is verified.`);
  });

  it('looks the same when it is somebody else’s, who alone is told', async () => {
    const tidy = (text: string) =>
      text.replace(/new@uma\.example|STAN@World\.example/g, 'X').replace(/[A-Z][a-z]+ \d+, [\d: AP.M]+/g, '');
    const unknown = await ask(uma, fresh);
    await site.db('notifications').delete(); // Each asking is told to whoever asks: the bell would count both.
    const known = await ask(uma, 'STAN@World.example');
    expect([known.status, tidy(known.text)]).to.deep.equal([unknown.status, tidy(unknown.text)]);
    expect(await lettersTo(site, 'STAN@World.example')).to.deep.equal([]);
    const [letter, ...more] = await lettersTo(site, 'stan');
    expect(more).to.deep.equal([]);
    expect(letter).to.include({ kind: 'email-change-taken', link: null });
    expect(JSON.stringify(letter?.data)).to.not.include('uma');
  });

  it('is refused when somebody else has taken it meanwhile, and nothing changes', async () => {
    await ask(uma, fresh);
    await site.db('users').where({ username: 'stan' }).update({ email: fresh.toUpperCase() });
    const page = await follow(uma, await linkTo(fresh));
    expect([page.status, page.text.includes('This address belongs to another account by now')]).to.deep.equal([409, true]);
    expect((await row()).email).to.equal('uma@world.example');
    expect(await site.db('links').first()).to.include({ usedAt: null });
  });

  it('tells nothing to an old one that was never verified', async () => {
    const vera = await site.visitor('vera');
    await ask(vera, 'right@vera.example');
    await follow(vera, await linkTo('right@vera.example'));
    expect(await row('vera')).to.include({ email: 'right@vera.example' });
    expect((await row('vera')).emailVerifiedAt).to.be.a('date');
    expect(await kinds('vera')).to.deep.equal([]);
    expect((await vera.get('/account')).text).to.not.include('Your address is not verified');
  });

  it('gets three mails an hour at most, and one account asks for ten at most', async () => {
    for (let time = 0; time < 3; time += 1) expect((await ask(uma, fresh)).status).to.equal(200);
    const page = await ask(uma, fresh);
    expect([page.status, page.headers.get('retry-after')]).to.deep.equal([429, '3600']);
    expect(page.text).to.include('3 such mails an hour');
    for (let time = 4; time <= 10; time += 1) expect((await ask(uma, `other-${time}@uma.example`)).status).to.equal(200);
    expect((await ask(uma, 'other-11@uma.example')).status).to.equal(429);
    expect(await kinds('other-11@uma.example')).to.deep.equal([]);
  });

  it('cannot be had while outgoing mail is off, but from an administrator', async () => {
    await site.db('settings').update({ outgoingMail: false });
    const page = await ask(uma, fresh);
    expect([page.status, problem(page, 'email')]).to.deep.equal([
      422,
      'Outgoing mail is off, so only an administrator can change this address.',
    ]);
    const field = page.document.querySelector('input[name=email]');
    expect([field?.getAttribute('value'), field?.hasAttribute('readonly')]).to.deep.equal(['uma@world.example', true]);
    expect(await site.db('links')).to.deep.equal([]);
    const olga = await site.visitor('olga');
    await olga.get('/users/uma/edit');
    await olga.submit('/users/uma/edit', { email: fresh });
    expect((await row()).email).to.equal(fresh);
  });

  it('is taken back by a new password of one’s own', async () => {
    await ask(uma, fresh);
    await uma.get('/account/password');
    const password = 'velvet-orbit-kettle';
    await uma.submit('/account/password', { current_password: worldPassword, password, password_confirmation: password });
    expect((await uma.get(await linkTo(fresh))).status).to.equal(410);
    expect((await uma.get('/account')).text).to.not.include('Waiting for verification');
  });

  it('is taken back when an administrator stops the password', async () => {
    await ask(uma, fresh);
    const olga = await site.visitor('olga');
    await olga.get('/users/uma/reset-password');
    await olga.submit('/users/uma/reset-password', { stops_now: 'on' });
    expect((await (await site.visitor()).get(await linkTo(fresh))).status).to.equal(410);
  });

  it('asks for the password again where two versions differ in the address', async () => {
    await uma.get('/account');
    await site.db('users').where({ username: 'uma' }).update({ email: 'theirs@uma.example', version: 2 });
    await uma.submit('/account', { email: fresh, your_password: worldPassword });
    const without = await uma.submit('/account', { keep_email: 'mine' });
    expect([without.status, without.text.includes('Your own password is needed here.')]).to.deep.equal([422, true]);
    await uma.submit('/account', { your_password: worldPassword });
    expect((await row()).email).to.equal('theirs@uma.example');
    expect(await kinds(fresh)).to.deep.equal(['email-change']);
  });

  it('is not for a monitor to ask for', async () => {
    const mona = await site.visitor('mona');
    await mona.get('/account');
    expect((await mona.post('/account', { email: fresh, your_password: worldPassword, version: '1' })).status).to.equal(403);
    expect((await mona.post('/account/email-change', {})).status).to.equal(403);
    expect(await site.db('links')).to.deep.equal([]);
  });
});
