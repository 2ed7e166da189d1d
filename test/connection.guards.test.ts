import { expect } from 'chai';
import { worldPassword } from '../seeds/world.ts';
import type { Actor } from '../src/access/actor.ts';
import { findBulk } from '../src/bulk/bulk.ts';
import { runBulk } from '../src/bulk/run.ts';
import { undoBulk } from '../src/bulk/undo.ts';
import { hashPassword } from '../src/users/password.ts';
import { act, actNamed, outcomes, worksOn } from './fixtures/bulk.ts';
import { actorFor } from './kit/actor.ts';
import { connectTo, lastConnection } from './kit/connection.ts';
import { actsUpon } from './kit/history.ts';
import { problem } from './kit/reading.ts';
import { siteForEach } from './kit/site.ts';
import type { Visitor } from './kit/visitor.ts';

describe('A connection', () => {
  const { site, olga } = siteForEach('olga');

  const banner = (visitor: Visitor) => visitor.page.document.querySelector('.connected-email')?.text ?? null;
  const uma = () => site.db('users').where({ username: 'uma' }).first();

  it('needs the administrator’s own password again when the setting says so, not the user’s, and keeps what was typed', async () => {
    await site.db('settings').update({ connectionProof: true });
    const passwordHash = await hashPassword('meadow-lantern-4711');
    await site.db('users').where({ username: 'uma' }).update({ passwordHash });
    await site.db('sessions').update({ confirmedAt: new Date(Date.now() - 3_600_000) });
    for (const password of ['', 'meadow-lantern-4711']) {
      const page = await connectTo(olga, 'uma', { reason: 'Ticket 12', mode: 'read', your_password: password });
      expect(page.status).to.equal(422);
      expect(problem(page, 'your_password')).to.not.equal('');
      expect(page.document.querySelector('#field-reason')?.textContent.trim()).to.equal('Ticket 12');
      expect(page.document.querySelector('[name=mode][checked]')?.getAttribute('value')).to.equal('read');
      expect(await lastConnection(site)).to.equal(undefined);
    }
    const page = await olga.submit('/users/uma/connect', { your_password: worldPassword });
    expect(page.url).to.match(/\/my$/);
    expect(await lastConnection(site)).to.include({ mode: 'read', reason: 'Ticket 12' });
  });

  it('takes no reason in which there is nothing to read, for the user is shown it', async () => {
    for (const reason of ['', ' \n', '\u200b\u00a0\u2060']) {
      const page = await connectTo(olga, 'uma', { reason });
      expect([page.status, problem(page, 'reason')]).to.deep.equal([422, 'A reason is needed; the user is shown it.']);
    }
    expect(await lastConnection(site)).to.equal(undefined);
    expect((await connectTo(olga, 'uma', { reason: '☎' })).url).to.match(/\/my$/);
  });

  it('leaves everything under /account the administrator’s own', async () => {
    await connectTo(olga, 'uma');
    const before = await uma();
    expect((await olga.get('/account')).document.querySelector('main')?.text)
      .to.include('olga')
      .and.not.include('uma@');
    await olga.get('/account/preferences');
    await olga.submit('/account/preferences', { time_zone: 'Europe/Minsk' });
    await olga.get('/account/mail');
    await olga.post('/account/mail', {});
    await olga.get('/account/sessions');
    expect(olga.page.document.querySelectorAll('main tbody tr')).to.have.length(1);
    expect(await uma()).to.deep.equal(before);
    expect((await site.db('users').where({ username: 'olga' }).first()).timeZone).to.equal('Europe/Minsk');
    expect((await olga.get('/account/delete')).status).to.equal(403);
  });

  it('does not let an act upon many be undone upon its user, which it is upon the others', async () => {
    const by = await actorFor(site.db, 'olga');
    const whom = { upon: 'live' as const, ids: [site.ids.uma, site.ids.ines] };
    const id = await act(site.db, by, 'deactivate user', whom);
    const user = { id: site.ids.uma, username: 'uma', name: 'Uma', email: '', profile: 'customer' } as const;
    const connected: Actor = { ...by, connection: { id: 1, mode: 'full', endsAt: new Date(), user } };
    const undoing = await undoBulk(site.db, connected, await findBulk(site.db, id), actNamed('deactivate user'));
    await runBulk(worksOn(site.db), undoing);
    expect(await outcomes(site.db, undoing)).to.deep.equal({
      uma: 'refused: Not while you are connected to this user: disconnect first.',
      ines: 'done',
    });
    const states = await site.db('users').whereIn('username', ['ines', 'uma']).orderBy('username').pluck('state');
    expect(states).to.deep.equal(['STATE_APPROVED', 'STATE_INACTIVE']);
  });

  it('is the session’s own: another administrator’s Disconnect ends only its own, whatever it sends along', async () => {
    await connectTo(olga, 'uma');
    const { id } = await lastConnection(site);
    const oscar = await site.visitor('oscar');
    await oscar.get('/users');
    const forged = { connection: String(id), user: 'uma', actor: 'olga', subject: String(site.ids.uma) };
    expect((await oscar.post('/disconnect', forged)).text).to.include('You were not connected any more.');
    await connectTo(oscar, 'uma');
    await olga.get('/users');
    expect([banner(olga), banner(oscar)]).to.deep.equal(['uma@world.example', 'uma@world.example']);
    await oscar.submit('/disconnect');
    await olga.get('/my');
    expect(banner(olga)).to.equal('uma@world.example');
    const second = await site.visitor('olga');
    await second.get('/my');
    expect([second.page.status, banner(second)]).to.deep.equal([403, null]);
  });

  it('of two administrators to one user lets neither overwrite the other', async () => {
    const [{ id }] = await site.db('things').insert({ kind: 'object', name: 'Truck', ownerId: site.ids.uma }).returning('id');
    const oscar = await site.visitor('oscar');
    await connectTo(olga, 'uma');
    await connectTo(oscar, 'uma');
    const path = `/my/objects/${id}/edit`;
    await olga.get(path);
    await oscar.get(path);
    await olga.submit(path, { name: 'Truck of Olga' });
    expect((await oscar.submit(path, { name: 'Truck of Oscar' })).status).to.equal(409);
    expect((await site.db('things').where({ id }).first()).name).to.equal('Truck of Olga');
  });

  for (const [what, change] of [
    ['deleted', () => site.db('users').where({ username: 'uma' }).update({ deletedAt: new Date() })],
    ['purged', () => site.db('users').where({ username: 'uma' }).delete()],
    ['locked out of sight by an expiry', () => site.db('users').where({ username: 'uma' }).update({ expiresAt: '2026-01-01' })],
  ] as const)
    it(`is over at once when its user is ${what}: nothing is shown and nothing is changed`, async () => {
      await connectTo(olga, 'uma');
      const form = await olga.get('/my/objects/new');
      await change();
      const page = await olga.submit('/my/objects/new', { name: 'Wrong' });
      expect(page.status).to.equal(409);
      expect(page.text).to.include('othing was changed').and.not.include('uma@world.example');
      expect(await site.db('things').pluck('id')).to.deep.equal([]);
      expect((await olga.get('/my')).status).to.equal(403);
      olga.page = form;
      expect((await olga.get('/users')).status).to.equal(200);
      expect(banner(olga)).to.equal(null);
    });

  it('is over for an administrator who is demoted, suspended or must change the password meanwhile', async () => {
    for (const values of [{ profile: 'standard' }, { state: 'STATE_SUSPENDED' }, { mustChangePassword: true }]) {
      const oscar = await site.visitor('oscar');
      await connectTo(oscar, 'uma');
      await oscar.get('/my/objects/new');
      await site.db('users').where({ username: 'oscar' }).update(values);
      const page = await oscar.submit('/my/objects/new', { name: 'Wrong' });
      expect([403, 409, 200], JSON.stringify(values)).to.include(page.status);
      expect(await site.db('things').pluck('id'), JSON.stringify(values)).to.deep.equal([]);
      await oscar.get('/account/password');
      expect(banner(oscar)).to.equal(null);
      expect((await lastConnection(site)).endedBy).to.equal('standing');
      const whole = { profile: 'administrator', state: 'STATE_APPROVED', mustChangePassword: false };
      await site.db('users').where({ username: 'oscar' }).update(whole);
      await site.db('sessions').where({ userId: site.ids.oscar }).delete();
    }
  });

  it('is begun and ended by forms with their token alone, from this site', async () => {
    await olga.get('/users/uma/connect');
    const fields = { reason: 'A call', mode: 'full' };
    expect((await olga.post('/users/uma/connect', { ...fields, _csrf: 'x' })).status).to.equal(403);
    const foreign = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' };
    await olga.get('/users/uma/connect');
    expect((await olga.post('/users/uma/connect', fields, foreign)).status).to.equal(403);
    expect((await olga.get('/users/uma/connect?reason=x&mode=full', { purpose: 'prefetch' })).status).to.equal(200);
    expect(await lastConnection(site)).to.equal(undefined);
    await connectTo(olga, 'uma');
    expect((await olga.post('/disconnect', {}, foreign)).status).to.equal(403);
    expect((await olga.post('/disconnect', { _csrf: '' })).status).to.equal(403);
    await olga.get('/my');
    expect(banner(olga)).to.equal('uma@world.example');
    const acts = (await actsUpon(site, site.ids.uma)).map(({ act }) => act);
    expect(acts.filter((act) => act.startsWith('connection.'))).to.deep.equal(['connection.started']);
  });

  it('lives no longer than it was given at first, whatever is done in it', async () => {
    await connectTo(olga, 'uma');
    const { endsAt } = await lastConnection(site);
    const { expiresAt } = await site.db('sessions').where({ userId: site.ids.olga }).first('expiresAt');
    await site.db('settings').update({ connectionMinutes: 480 });
    await olga.get('/confirm');
    await olga.submit('/confirm', { your_password: worldPassword });
    await olga.get('/my');
    await olga.post('/users/uma/connect', { reason: 'More' });
    expect((await lastConnection(site)).endsAt).to.deep.equal(endsAt);
    expect((await site.db('sessions').where({ userId: site.ids.olga }).first('expiresAt')).expiresAt).to.deep.equal(expiresAt);
  });
});
