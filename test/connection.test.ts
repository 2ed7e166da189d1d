import { expect } from 'chai';
import type { Name } from '../seeds/world.ts';
import { can } from '../src/access/can.ts';
import { endLostConnections } from '../src/connection/end.ts';
import { actsUpon } from './kit/history.ts';
import { problem } from './kit/reading.ts';
import { siteForEach } from './kit/site.ts';
import { modes, type Visitor } from './kit/visitor.ts';

describe('Connecting to a user', () => {
  const { site, olga } = siteForEach('olga');

  const connect = async (visitor: Visitor, name: Name, values: Record<string, string> = {}) => {
    await visitor.get(`/users/${name}/connect`);
    return visitor.submit(`/users/${name}/connect`, { reason: 'A call', ...values });
  };
  const open = () => site.db('connections').whereNull('endedAt');
  const banner = (visitor: Visitor) => visitor.page.document.querySelector('.connection')?.textContent ?? null;

  for (const mode of modes) {
    it(`shows on whose behalf and the way out on every page, and comes back to where it was asked from, as ${mode}`, async () => {
      const visitor = await site.visitor('olga', 'plain');
      await visitor.get('/users/uma/connect?return_to=%2Fusers%3Fq%3Duma');
      const start = await visitor.submit('/users/uma/connect', { reason: 'A call' });
      expect(start.url).to.match(/\/my$/);
      expect(start.text).to.include('You are connected to Uma Trucking Ltd.');
      for (const path of ['/my', '/users', '/account', '/history', '/users/ines', '/nothing-here']) {
        await visitor.get(path);
        expect(banner(visitor), path).to.include('uma@world.example').and.include('Disconnect');
      }
      await visitor.get('/users?q=uma');
      expect(visitor.page.text).to.include('Disconnect');
      const back = await visitor.submit('/disconnect');
      expect(back.url).to.match(/\/users\?q=uma$/);
      expect(banner(visitor)).to.equal(null);
      expect((await actsUpon(site, site.ids.uma)).map(({ act }) => act)).to.deep.equal([
        'connection.started',
        'connection.ended',
      ]);
    });
  }

  it('leaves the user’s last sign-in and sessions alone, and the own session lives no longer for it', async () => {
    const before = await site.db('users').where({ username: 'uma' }).first('lastSignInAt');
    const [{ expiresAt }] = await site.db('sessions').where({ userId: site.ids.olga });
    const cookie = olga.cookies.get('roster');
    await connect(olga, 'uma');
    expect(olga.cookies.get('roster')).to.not.equal(cookie);
    expect(await site.db('users').where({ username: 'uma' }).first('lastSignInAt')).to.deep.equal(before);
    expect((await site.db('sessions').where({ userId: site.ids.olga }))[0].expiresAt).to.deep.equal(expiresAt);
    expect(await site.db('sessions').where({ userId: site.ids.uma })).to.deep.equal([]);
  });

  it('asks for a reason, which the setting may spare', async () => {
    await olga.get('/users/uma/connect');
    const page = await olga.submit('/users/uma/connect', { reason: ' ' });
    expect(page.status).to.equal(422);
    expect(problem(page, 'reason')).to.include('A reason is needed');
    expect(await open()).to.deep.equal([]);
    await site.db('settings').update({ connectionReason: false });
    await olga.get('/users/uma/connect');
    expect((await olga.submit('/users/uma/connect')).url).to.match(/\/my$/);
  });

  for (const name of ['olga', 'oscar', 'ivo', 'nina', 'rita', 'sue', 'rex', 'xena', 'lea', 'dora'] as const)
    it(`is refused upon ${name}, and nothing is connected`, async () => {
      expect((await olga.get(`/users/${name}/connect`)).status).to.be.oneOf([403]);
      await olga.get('/users');
      expect((await olga.post(`/users/${name}/connect`, { reason: 'x' })).status).to.equal(403);
      expect(await open()).to.deep.equal([]);
    });

  it('is nested never: connecting to another ends the first, and the actor stays the same', async () => {
    await connect(olga, 'uma');
    await connect(olga, 'ines');
    expect(banner(olga)).to.include('ines@world.example');
    const [uma, ines] = await site.db('connections').orderBy('id');
    expect([uma.endedBy, ines.endedAt, ines.actorId]).to.deep.equal(['replaced', null, site.ids.olga]);
    expect((await actsUpon(site, site.ids.uma)).map(({ act }) => act)).to.deep.equal(['connection.started', 'connection.ended']);
  });

  it('is no GET, and disconnecting when nobody is connected does nothing', async () => {
    await olga.get('/users');
    expect((await olga.get('/disconnect')).status).to.equal(405);
    await olga.get('/users');
    expect((await olga.post('/disconnect', {})).text).to.include('You were not connected any more.');
    const uma = await site.visitor('uma');
    await uma.get('/account');
    expect((await uma.post('/disconnect', {})).status).to.equal(403);
  });

  for (const [path, fields] of [
    ['suspend', { reason: 'x' }],
    ['deactivate', {}],
    ['reset-password', { password: 'orbit-velvet-4711' }],
    ['delete', {}],
    ['sessions', {}],
    ['browsers', { browser: '1' }],
    ['activation-email', {}],
    ['resend-verification', {}],
    ['reset-two-factor', { reason: 'x' }],
    ['clear-tries', {}],
    ['edit', { email: 'other@world.example', name: 'Other', version: '1' }],
  ] as const)
    it(`touches nothing of the account meanwhile: ${path}`, async () => {
      await connect(olga, 'uma');
      const before = await site.db('users').where({ username: 'uma' }).first();
      const page = await olga.post(`/users/uma/${path}`, fields);
      expect(page.status, page.text).to.be.oneOf([403, 409]);
      expect(page.text).to.include('Not while you are connected');
      expect(await site.db('users').where({ username: 'uma' }).first()).to.deep.equal(before);
    });

  it('is not begun anew while it lasts, so its time cannot be prolonged, and offers no form upon the account', async () => {
    await connect(olga, 'uma');
    const [{ endsAt }] = await open();
    await olga.get('/my');
    expect((await olga.get('/users/uma/connect')).status).to.equal(409);
    await olga.get('/my');
    expect((await olga.post('/users/uma/connect', { reason: 'More' })).text).to.include('connected to Uma Trucking Ltd already');
    expect((await open()).map((one: { endsAt: Date }) => one.endsAt)).to.deep.equal([endsAt]);
    for (const path of ['edit', 'suspend', 'deactivate', 'reset-password', 'delete'])
      expect((await olga.get(`/users/uma/${path}`)).status, path).to.equal(409);
    await olga.get('/users/uma');
    expect(olga.page.document.querySelector('main a[href$="/edit"]')).to.equal(null);
    await olga.get('/users?q=uma');
    expect(olga.page.document.querySelector('#user-uma a[href$="/edit"]')).to.equal(null);
    expect(olga.page.document.querySelector('#user-uma form[action="/disconnect"] button')?.textContent).to.equal('Disconnect');
  });

  it('does not let an act upon the user be undone that was done before', async () => {
    await olga.get('/users/uma');
    await olga.post('/users/uma/flag', { reason: 'A look' });
    const { id } = await site.db('history').where({ act: 'user.flagged' }).first('id');
    await connect(olga, 'uma');
    expect((await olga.post(`/undo/${id}`, {})).status).to.be.oneOf([403, 409]);
    expect((await site.db('users').where({ username: 'uma' }).first('state')).state).to.equal('STATE_FLAGGED');
  });

  it('goes on with the menu and the work upon others, stamped with both', async () => {
    await connect(olga, 'uma');
    await olga.get('/users/ines');
    await olga.post('/users/ines/deactivate', {});
    const row = await site.db('history').where({ act: 'user.deactivated' }).first();
    expect(row).to.include({ actorId: site.ids.olga, subjectId: site.ids.uma, userId: site.ids.ines });
    expect(row.connectionId).to.be.a('number');
  });

  for (const [why, change, endedBy] of [
    ['its time is over', () => site.db('connections').update({ endsAt: new Date(Date.now() - 1000) }), 'expired'],
    ['the user is suspended', () => site.db('users').where({ username: 'uma' }).update({ state: 'STATE_SUSPENDED' }), 'standing'],
    [
      'the user is an administrator by now',
      () => site.db('users').where({ username: 'uma' }).update({ profile: 'administrator' }),
      'standing',
    ],
  ] as const)
    it(`ends at once when ${why}, and the administrator is told and works on`, async () => {
      await connect(olga, 'uma');
      await change();
      const page = await olga.get('/users');
      expect(page.status).to.equal(200);
      expect(page.text).to.include('Your connection to Uma Trucking Ltd has ended.');
      expect(banner(olga)).to.equal(null);
      expect((await site.db('connections').first()).endedBy).to.equal(endedBy);
      expect((await olga.get('/my')).status).to.equal(403);
    });

  it('ends when its administrator is demoted: nothing of the user is seen any more', async () => {
    await connect(olga, 'uma');
    await site.db('users').where({ username: 'olga' }).update({ profile: 'monitor' });
    await olga.get('/account');
    expect(banner(olga)).to.equal(null);
    expect((await site.db('connections').first()).endedBy).to.equal('standing');
  });

  it('is ended by the worker when its session has gone', async () => {
    await connect(olga, 'uma');
    await olga.post('/sign-out', {});
    await endLostConnections(site.db);
    expect((await site.db('connections').first()).endedBy).to.equal('signed-out');
    expect((await actsUpon(site, site.ids.uma)).at(-1)).to.include({ act: 'connection.ended', actor: 'olga' });
  });

  it('is told from the user’s name, whatever stands in it', async () => {
    await site.db('users').where({ username: 'uma' }).update({ name: '<script>alert(1)</script>‮moc' });
    await connect(olga, 'uma');
    expect(olga.page.html).to.include('&lt;script&gt;').and.not.include('<script>alert(1)');
    expect(banner(olga)).to.include('Disconnect');
  });

  it('does nothing to the account of the user in bulk either, and stamps what it does to others', async () => {
    await connect(olga, 'uma');
    await olga.get('/users/bulk');
    await olga.submit('/users/bulk', { act: 'suspend user', names: 'uma ines' });
    const path = new URL(olga.page.url).pathname;
    await olga.get(`${path}?verdict=refused`);
    expect(olga.page.text).to.include('Not while you are connected to this user');
    await olga.submit(`${path}/run`, { reason: 'A test' });
    const states = await site.db('users').whereIn('username', ['uma', 'ines']).orderBy('username').pluck('state');
    expect(states).to.deep.equal(['STATE_SUSPENDED', 'STATE_APPROVED']);
    const [act] = await site.db('history').where({ act: 'user.suspended' });
    expect(act).to.include({ actorId: site.ids.olga, subjectId: site.ids.uma, userId: site.ids.ines });
  });

  it('lets whoever only looks change nothing of the user’s', async () => {
    await connect(olga, 'uma', { mode: 'read' });
    expect(banner(olga)).to.include('looking only');
    const [{ mode }] = await open();
    expect(mode).to.equal('read');
    expect(can(null, 'see own sections')).to.equal(false);
    const [{ id }] = await site.db('things').insert({ kind: 'object', name: 'Truck', ownerId: site.ids.uma }).returning('id');
    const [{ id: other }] = await site
      .db('things')
      .insert({ kind: 'object', name: 'Van', ownerId: site.ids.ines })
      .returning('id');
    await site.db('users').where({ username: 'uma' }).update({ version: 1 });
    const books = async () =>
      JSON.stringify([await site.db('things').orderBy('id'), await site.db('shares'), await site.db('transactions')]);
    const before = await books();
    await olga.get('/my');
    const subject = String(site.ids.uma);
    for (const [path, fields, status] of [
      [`/my/objects/${id}/edit`, { name: 'Wrong', version: '1' }, 403],
      [`/my/objects/${id}/delete`, {}, 403],
      ['/my/objects/new', { name: 'Wrong' }, 403],
      [`/objects/${id}/edit`, { name: 'Wrong', version: '1', owner: 'uma' }, 403],
      [`/objects/${id}/delete`, { confirmed: 'on' }, 403],
      [`/objects/${id}/share`, { with: 'ines', may: 'view' }, 403],
      [`/objects/${id}/transfer`, { to: 'ines' }, 403],
      [`/objects/${other}/transfer`, { to: 'uma' }, 422],
      ['/objects/new', { name: 'Wrong', owner: 'uma' }, 422],
      ['/users/uma/refill', { amount: '5', idempotency_key: '00000000-0000-4000-8000-000000000001' }, 403],
      ['/users/uma/transactions/1/cancel', {}, 403],
      ['/my/balance/transactions/1/cancel', {}, 403],
    ] as const) {
      await olga.get('/my');
      expect((await olga.post(path, { subject, ...fields })).status, path).to.equal(status);
    }
    expect(await books()).to.equal(before);
    await olga.get(`/objects/${id}`);
    expect(olga.page.document.querySelector('main a[href$="/edit"]')).to.equal(null);
  });
});
