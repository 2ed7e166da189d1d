import { expect } from 'chai';
import type { Name } from '../seeds/world.ts';
import { actUponMany } from '../src/users/act.ts';
import { activationAct } from '../src/users/activation.ts';
import { undo } from '../src/users/undo.ts';
import { actorFor } from './kit/actor.ts';
import { actsUpon, onlyActUpon } from './kit/history.ts';
import { lettersTo, turnMailOn } from './kit/letters.ts';
import { belongings, saidOf } from './kit/many.ts';
import { openSite, type Site } from './kit/site.ts';
import { modes, type Visitor } from './kit/visitor.ts';

describe('Sending an activation mail', () => {
  let site: Site;
  let olga: Visitor;
  const row = (username: string) => site.db('users').where({ username }).first();
  const link = (username: Name) => site.db('links').where({ userId: site.ids[username], purpose: 'activation' }).first();
  beforeEach(async () => {
    site = await openSite();
    await turnMailOn(site);
    olga = await site.visitor('olga');
    await olga.get('/account');
  });
  afterEach(() => site.close());

  const send = (username: string) => olga.post(`/users/${username}/activation-email`, {});
  const later = (time = '2 minutes') => site.db('letters').update({ createdAt: site.db.raw(`created_at - ?::interval`, [time]) });

  for (const mode of modes) {
    it(`makes an Inactive user Invited, and writes the letter with the link, as ${mode}`, async () => {
      const visitor = await site.visitor('olga', mode);
      await visitor.get('/users/nina');
      const page = await visitor.submit('/users/nina/activation-email');
      expect(page.text).to.include('An activation mail goes to nina@world.example.');
      expect(await row('nina')).to.include({ state: 'STATE_INVITED', version: 2 });
      const [letter, ...more] = await lettersTo(site, 'nina');
      expect(more).to.deep.equal([]);
      expect(letter).to.include({ kind: 'reactivation', state: 'queued', address: 'nina@world.example' });
      expect(letter?.data).to.deep.equal({ username: 'nina' });
      expect(letter?.link).to.match(/^\/activate\//);
      const act = await onlyActUpon(site, site.ids.nina);
      expect(act).to.include({ act: 'user.activation-sent', actor: 'olga' });
      expect(act.changes).to.deep.equal({ state: ['STATE_INACTIVE', 'STATE_INVITED'] });
      const { issuedAt, expiresAt } = await link('nina');
      expect((expiresAt - issuedAt) / 86_400_000).to.equal(7);
    });
  }

  it('gives an Invited user a new link, and the old one works no more', async () => {
    await send('ivo');
    await later();
    await send('ivo');
    const [first, second] = await lettersTo(site, 'ivo');
    expect([first?.kind, second?.kind]).to.deep.equal(['activation', 'activation']);
    expect((await link('ivo')).counter).to.equal(2);
    expect(await row('ivo')).to.include({ state: 'STATE_INVITED', version: 1 });
    const ivo = await site.visitor();
    expect((await ivo.get(second?.link as string)).status).to.equal(200);
  });

  it('is undone: the state is as before, the link is taken back and a mail that has not left is not sent', async () => {
    await send('nina');
    const sent = (await lettersTo(site, 'nina'))[0]?.link as string;
    await olga.submit(olga.page.document.querySelector('form[action^="/undo/"]')?.getAttribute('action') as string);
    expect(olga.page.text).to.include('Undone');
    expect((await row('nina')).state).to.equal('STATE_INACTIVE');
    expect((await (await site.visitor()).get(sent)).status).to.equal(410);
  });

  it('is undone for an Invited user too, as long as the link has not been used', async () => {
    await send('ivo');
    const by = await actorFor(site.db, 'olga');
    const act = await onlyActUpon(site, site.ids.ivo);
    await undo(site.db, by, act.id, belongings);
    expect((await link('ivo')).voidedAt).to.be.instanceOf(Date);
    await later();
    await send('ivo');
    const ivo = await site.visitor();
    await ivo.get((await lettersTo(site, 'ivo')).at(-1)?.link as string);
    await ivo.submit('/activate', { password: 'velvet-orbit-4711', password_confirmation: 'velvet-orbit-4711' });
    const again = (await actsUpon(site, site.ids.ivo)).findLast((one) => one.act === 'user.activation-sent');
    const said = await undo(site.db, by, again?.id as number, belongings).catch((error) => error.message);
    expect(said).to.include('has been changed since: state');
    expect((await row('ivo')).state).to.equal('STATE_APPROVED');
  });

  it('comes once a minute and five times an hour at most', async () => {
    await send('ivo');
    const soon = await send('ivo');
    expect(soon.status).to.equal(409);
    expect(soon.text).to.include('less than a minute ago');
    for (let time = 0; time < 4; time += 1) {
      await later();
      expect((await send('ivo')).status).to.equal(200);
    }
    await later();
    const often = await send('ivo');
    expect(often.status).to.equal(409);
    expect(often.text).to.include('within the last hour');
    expect(await lettersTo(site, 'ivo')).to.have.length(5);
    await later('1 hour');
    expect((await send('ivo')).status).to.equal(200);
  });

  const refused: [Name, number, says: string][] = [
    ['uma', 409, 'is Active: there is nothing to activate'],
    ['sue', 409, 'is Suspended'],
    ['rita', 409, 'is Requested'],
    ['dora', 404, 'is deleted'],
    ['gus', 409, 'identity provider'],
    ['stan', 409, 'has expired'],
  ];
  it('is refused where there is nothing to activate, and nothing changes', async () => {
    await site.db('users').where({ username: 'gus' }).update({ state: 'STATE_INACTIVE', identitySource: 'federated' });
    await site.db('users').where({ username: 'stan' }).update({ state: 'STATE_INACTIVE', expiresAt: '2026-06-30T23:59:59Z' });
    for (const [name, status, says] of refused) {
      const page = await send(name);
      expect(page.status, name).to.equal(status);
      expect(page.text, name).to.include(says);
      expect(await row(name), name).to.include({ version: 1 });
    }
    expect(await site.db('letters')).to.deep.equal([]);
    expect(await site.db('links')).to.deep.equal([]);
  });

  it('keeps the letter unsent while outgoing mail is off, and says where its link is copied', async () => {
    await site.db('settings').update({ outgoingMail: false });
    expect((await send('ivo')).text).to.include('Outgoing mail is off: copy the activation link');
    const [letter] = await lettersTo(site, 'ivo');
    expect(letter).to.include({ state: 'unsent' });
    const notice = (await olga.get('/users/ivo')).document.querySelector('#way-in');
    expect(notice?.text).to.include('Not activated yet.').and.include('copy the link and hand it over');
    expect(notice?.querySelector('a')?.getAttribute('href')).to.equal('/users/ivo/mail');
    const ivo = await site.visitor();
    expect((await ivo.get(letter?.link as string)).status).to.equal(200);
  });

  it('is offered in the words of where it stands: in the details, in the menu, on the page', async () => {
    const label = (path: string, name: string) =>
      olga.get(path).then((page) => page.document.querySelector(`form[action="/users/${name}/activation-email"]`)?.text.trim());
    await site.db('users').where({ username: 'nina' }).update({ lastSignInAt: '2026-10-01T08:00:00Z' });
    expect(await label('/users?q=nina&open=nina', 'nina')).to.equal('Send Activation Email');
    expect(await label('/users/nina/menu', 'nina')).to.equal('Resend Verification');
    expect(await label('/users/ivo/menu', 'ivo')).to.equal('Resend Verification');
    expect(await label('/users/ivo', 'ivo')).to.equal('Send Activation Email');
    await site.db('users').where({ username: 'nina' }).update({ lastSignInAt: null });
    expect(await label('/users/nina/menu', 'nina')).to.equal('Send Activation Email');
    for (const name of ['uma', 'sue', 'rita', 'dora']) expect(await label(`/users/${name}/menu`, name), name).to.equal(undefined);
  });

  it('says on the user’s page until when the link works, and that it works no more', async () => {
    const says = async () => (await olga.get('/users/ivo')).document.querySelector('#way-in p')?.text;
    expect(await says()).to.include('No activation link has been sent.');
    await send('ivo');
    expect(await says()).to.match(/The activation link of .* works until \d+ \w+ \d{4}/);
    await site.db('links').update({ expiresAt: '2026-01-01T00:00:00Z' });
    expect(await says()).to.include('ran out');
  });

  it('takes back the link when the account is activated by hand or given a password', async () => {
    await send('nina');
    await olga.post('/users/nina/activate', {});
    expect((await link('nina')).voidedAt).to.be.instanceOf(Date);
    await site.db('settings').update({ outgoingMail: false });
    await send('ivo');
    await olga.post('/users/ivo/reset-password', { password: 'pear-lamp-77' });
    expect((await link('ivo')).voidedAt).to.be.instanceOf(Date);
  });

  it('is done to many in one go, each with a link of its own, whatever is said of letters', async () => {
    const by = await actorFor(site.db, 'olga');
    const ids = [site.ids.ivo, site.ids.nina, site.ids.uma];
    const outcomes = await site.db.transaction((trx) => actUponMany(trx, by, activationAct, ids, {}, 'none'));
    expect(outcomes.map(saidOf).map((said) => said.slice(0, 30))).to.deep.equal([
      'done',
      'done',
      'Uma Trucking Ltd is Active: th',
    ]);
    const links = [(await lettersTo(site, 'ivo'))[0]?.link, (await lettersTo(site, 'nina'))[0]?.link];
    for (const [index, name] of ['ivo', 'nina'].entries())
      expect((await (await site.visitor()).get(links[index] as string)).text).to.include(`account ${name} `);
  });

  for (const name of ['stan', 'mona', 'gus', 'april', 'uma'] as const) {
    it(`is not for ${name}`, async () => {
      const visitor = await site.visitor(name);
      await visitor.get('/account');
      expect((await visitor.post('/users/nina/activation-email', {})).status).to.equal(403);
      expect((await row('nina')).state).to.equal('STATE_INACTIVE');
    });
  }
});
