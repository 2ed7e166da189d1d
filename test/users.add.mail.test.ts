import { expect } from 'chai';
import { isPassword } from '../src/users/password.ts';
import { onlyActUpon } from './kit/history.ts';
import { lettersTo, turnMailOn } from './kit/letters.ts';
import { problem } from './kit/reading.ts';
import { openSite, type Site } from './kit/site.ts';
import { modes, type Visitor } from './kit/visitor.ts';

const zoe = { username: 'zoe-new', email: 'zoe@world.example', first_name: 'Zoë', last_name: 'Ivanova' };
const chosen = 'orbit-velvet-4711';
const now = { password_by: 'now', password: chosen, password_confirmation: chosen };

describe('Adding a user while outgoing mail is on', () => {
  let site: Site;
  let olga: Visitor;
  const row = () => site.db('users').where({ username: 'zoe-new' }).first();
  const letters = () => lettersTo(site, 'zoe@world.example');
  beforeEach(async () => {
    site = await openSite();
    await turnMailOn(site);
    olga = await site.visitor('olga');
    await olga.get('/users/new');
  });
  afterEach(() => site.close());

  for (const mode of modes) {
    it(`sends an activation mail unless something else is chosen, as ${mode}`, async () => {
      const visitor = await site.visitor('olga', mode);
      const form = await visitor.get('/users/new');
      expect(form.document.querySelectorAll('[name=password_by]').map((one) => one.getAttribute('value'))).to.deep.equal([
        'activation_mail',
        'now',
      ]);
      expect(form.document.querySelector('#field-single_use_password')).to.equal(null);
      const page = await visitor.submit('/users/new', zoe);
      expect(page.url).to.match(/\/users\/zoe-new$/);
      expect(page.text).to.include('An activation mail goes to zoe@world.example.');
      const user = await row();
      expect(user).to.include({ state: 'STATE_INVITED', passwordHash: null, mustChangePassword: false });
      expect(user.emailVerifiedAt).to.be.instanceOf(Date);
      const [letter, ...more] = await letters();
      expect(letter).to.include({ kind: 'activation', state: 'queued' });
      expect(more).to.deep.equal([]);
      const act = await onlyActUpon(site, user.id);
      expect(act.facts).to.deep.equal({ passwordBy: 'activation_mail' });
      expect(act.changes.state).to.deep.equal([null, 'STATE_INVITED']);
    });
  }

  it('lets the user in by the link', async () => {
    await olga.submit('/users/new', { ...zoe, email_verified: '' });
    expect((await row()).emailVerifiedAt).to.equal(null);
    const visitor = await site.visitor();
    await visitor.get((await letters())[0]?.link as string);
    await visitor.submit('/activate', { password: chosen, password_confirmation: chosen });
    expect(new URL(visitor.page.url).pathname).to.equal('/my');
    expect((await row()).emailVerifiedAt).to.be.instanceOf(Date);
    expect((await letters()).map(({ kind }) => kind)).to.deep.equal(['activation']);
  });

  it('sends nothing and needs no password when Enabled is off', async () => {
    for (const chosenBy of ['activation_mail', 'now']) {
      await site.db('users').where({ username: 'zoe-new' }).delete();
      await olga.get('/users/new');
      expect((await olga.submit('/users/new', { ...zoe, password_by: chosenBy, enabled: '' })).status).to.equal(200);
      expect(await row()).to.include({ state: 'STATE_INACTIVE', passwordHash: null });
      expect((await onlyActUpon(site, (await row()).id)).facts).to.deep.equal({ passwordBy: 'none' });
      expect(await letters()).to.deep.equal([]);
    }
    await olga.post('/users/zoe-new/activation-email', {});
    expect((await letters()).map(({ kind }) => kind)).to.deep.equal(['activation']);
  });

  it('asks whose address is not verified to verify it, when a password is set now', async () => {
    const page = await olga.submit('/users/new', { ...zoe, ...now, email_verified: '' });
    expect(page.text).to.include('A mail to verify the address goes to zoe@world.example.');
    expect(await row()).to.include({ state: 'STATE_APPROVED', emailVerifiedAt: null });
    const [letter, ...more] = await letters();
    expect(letter?.kind).to.equal('verification');
    expect(letter?.link).to.match(/^\/verify-email\//);
    expect(more).to.deep.equal([]);
  });

  it('writes no letter to whom has a password and a verified address', async () => {
    await olga.submit('/users/new', { ...zoe, ...now });
    expect((await row()).emailVerifiedAt).to.be.instanceOf(Date);
    expect(await letters()).to.deep.equal([]);
  });

  it('makes a password set now one that must be replaced, when that is ticked', async () => {
    await olga.submit('/users/new', { ...zoe, ...now, must_change: 'on' });
    expect(await row()).to.include({ mustChangePassword: true, singleUseExpiresAt: null });
    expect((await onlyActUpon(site, (await row()).id)).facts).to.deep.equal({ passwordBy: 'now', mustChange: true });
    expect((await olga.get('/users/zoe-new')).text).to.include('to be replaced at the next sign-in');
    const visitor = await site.visitor();
    await visitor.get('/sign-in');
    await visitor.submit('/sign-in', { identifier: 'zoe-new', password: chosen });
    expect(new URL((await visitor.get('/account')).url).pathname).to.equal('/account/password');
    const other = await site.visitor();
    await other.get('/sign-in');
    await other.submit('/sign-in', { identifier: 'zoe-new', password: chosen });
    expect(new URL(other.page.url).pathname, 'it is not used up').to.equal('/account/password');
    await other.submit('/account/password', { password: 'kettle-pear-88', password_confirmation: 'kettle-pear-88' });
    expect(await row()).to.include({ mustChangePassword: false });
    expect((await olga.get('/users/zoe-new/sign-in-check')).text).to.include('Nothing keeps');
  });

  it('gives no single-use password, whatever is sent', async () => {
    const page = await olga.submit('/users/new', { ...zoe, password_by: 'single_use', single_use_password: 'pear-lamp-77' });
    expect(page.status).to.equal(409);
    expect(page.text).to.include('Outgoing mail is on');
    expect(page.document.querySelector('#field-username')?.getAttribute('value')).to.equal('zoe-new');
    expect(await row()).to.equal(undefined);
    const other = await olga.submit('/users/new', { ...zoe, password_by: 'by-magic' });
    expect(other.status).to.equal(422);
    expect(problem(other, 'password_by')).to.include('One of these');
  });

  it('is undone with its letter: the account is deleted, the link works no more', async () => {
    await olga.submit('/users/new', zoe);
    const link = (await letters())[0]?.link as string;
    await olga.submit(olga.page.document.querySelector('form[action^="/undo/"]')?.getAttribute('action') as string);
    expect((await row()).deletedAt).to.be.instanceOf(Date);
    expect((await (await site.visitor()).get(link)).status).to.equal(410);
  });

  it('makes a link to copy while outgoing mail is off, when that is chosen', async () => {
    await site.db('settings').update({ outgoingMail: false });
    await olga.get('/users/new');
    const page = await olga.submit('/users/new', { ...zoe, password_by: 'activation_mail', email_verified: '' });
    expect(page.text).to.include('Copy the activation link and hand it over.');
    const user = await row();
    expect(user).to.include({ state: 'STATE_INVITED', passwordHash: null });
    expect(user.emailVerifiedAt, 'an administrator’s word counts').to.be.instanceOf(Date);
    const [letter] = await letters();
    expect(letter).to.include({ kind: 'activation', state: 'unsent' });
    const visitor = await site.visitor();
    await visitor.get(letter?.link as string);
    await visitor.submit('/activate', { password: chosen, password_confirmation: chosen });
    expect(await isPassword(chosen, (await row()).passwordHash)).to.equal(true);
  });
});
