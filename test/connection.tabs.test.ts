import { expect } from 'chai';
import { worldPassword } from '../seeds/world.ts';
import { endLostConnections } from '../src/connection/end.ts';
import { connectTo, lastConnection, letTimeEnd } from './kit/connection.ts';
import { siteForEach } from './kit/site.ts';
import { modes } from './kit/visitor.ts';

describe('A connection that another tab has changed', () => {
  const { site, olga } = siteForEach('olga');

  /** What the form of the last page would send. */
  const formOf = (action: string) => {
    const form = olga.page.document.querySelectorAll('form').find((one) => one.getAttribute('action') === action);
    const fields = form?.querySelectorAll('input[type=hidden]') ?? [];
    return Object.fromEntries(fields.map((field) => [field.getAttribute('name') ?? '', field.getAttribute('value') ?? '']));
  };
  const things = () => site.db('things').where({ name: 'Wrong' });

  it('refuses the form of before with a way on, though its token is of before too', async () => {
    await connectTo(olga, 'uma');
    await olga.get('/my/objects/new');
    const stale = { ...formOf('/my/objects/new'), name: 'Wrong' };
    await connectTo(olga, 'ines');
    const page = await olga.post('/my/objects/new', stale, { referer: `${site.address}/my/objects/new` });
    expect(page.status).to.equal(409);
    expect(page.text).to.include('somebody else’s sections').and.include('Nothing was changed.');
    const links = page.document.querySelectorAll('main a').map((link) => link.getAttribute('href'));
    expect(links).to.include.members(['/my/objects/new', '/my', '/']);
    expect(await things()).to.deep.equal([]);
  });

  it('refuses it when nobody is connected any more, and a form that says nothing of whose it is', async () => {
    await connectTo(olga, 'uma');
    await olga.get('/my/objects/new');
    const stale = { ...formOf('/my/objects/new'), name: 'Wrong' };
    expect((await olga.post('/my/objects/new', { name: 'Wrong' })).status).to.equal(409);
    await olga.get('/my');
    const bare = { method: 'POST', headers: { 'x-csrf-token': olga.token() } };
    expect((await olga.request('/my/feedback/new', bare)).status, 'without any field').to.equal(409);
    await olga.get('/my');
    await olga.submit('/disconnect');
    const page = await olga.post('/my/objects/new', stale);
    expect(page.status).to.equal(409);
    expect(page.text).to.include('not connected to a user any more');
    expect(await things()).to.deep.equal([]);
    expect(await site.db('history').where({ act: 'access.denied' }), 'no denial worth a note').to.deep.equal([]);
  });

  it('carries whose it is in each form under /my', async () => {
    await connectTo(olga, 'uma');
    await site.db('settings').update({ refillConfirmAbove: 1000 });
    await olga.get('/users/uma/refill');
    await olga.submit('/users/uma/refill', { amount: '25' });
    const { id } = await site.db('transactions').first('id');
    const object = await site.db('things').insert({ kind: 'object', name: 'Truck', ownerId: site.ids.uma }).returning('id');
    const thing = `/my/objects/${object[0].id}`;
    const pages = ['/my', '/my/objects/new', ...['', '/edit', '/delete', '/share', '/transfer'].map((act) => thing + act)];
    for (const path of [...pages, `/my/balance/transactions/${id}/cancel`, '/my/visits']) {
      const page = await olga.get(path);
      expect(page.status, path).to.equal(200);
      const own = page.document
        .querySelectorAll('form[method=post]')
        .filter((form) => form.getAttribute('action')?.startsWith('/my'));
      for (const form of own)
        expect(form.querySelector('[name=subject]')?.getAttribute('value'), path).to.equal(String(site.ids.uma));
    }
    await olga.get(`/my/balance/transactions/${id}/cancel`);
    expect((await olga.submit(`/my/balance/transactions/${id}/cancel`)).text).to.include('Cancelled.');
  });

  it('answers a form of before connecting with a page that says what to do', async () => {
    await olga.get('/users/ines');
    const before = olga.token();
    await connectTo(olga, 'uma');
    const page = await olga.post('/users/ines/flag', { _csrf: before, reason: 'x' });
    expect(page.status).to.equal(403);
    expect(page.text).to.include('This form is out of date').and.include('connected to a user');
    expect(page.text).to.include('uma@world.example');
  });

  for (const mode of modes)
    it(`leads back from the user’s pages when its time is over, and says so, as ${mode}`, async () => {
      await olga.get('/users/uma/connect?return_to=%2Fusers%3Fq%3Duma');
      await olga.submit('/users/uma/connect', { reason: 'A call' });
      await letTimeEnd(site);
      await endLostConnections(site.db);
      const page = await olga.get('/my/objects', mode === 'htmx' ? { 'hx-request': 'true' } : {});
      if (mode === 'htmx') {
        expect(page.headers.get('hx-redirect')).to.equal('/users?q=uma');
        await olga.get('/users?q=uma');
      }
      expect(olga.page.url).to.match(/\/users\?q=uma$/);
      expect(olga.page.text).to.include('Your connection to Uma Trucking Ltd has ended.');
      expect((await lastConnection(site)).endedBy).to.equal('expired');
      expect((await olga.get('/users')).text, 'once').to.not.include('has ended');
    });

  it('shows no part of one user’s sections under the name of another: the page is asked for as a whole', async () => {
    const asked = (connection: unknown) => ({ 'hx-request': 'true', 'roster-connection': String(connection) });
    const part = async (connection: unknown) => (await olga.get('/my/objects?q=a', asked(connection))).headers.get('hx-refresh');
    await olga.get('/users');
    expect(olga.page.document.querySelector('body')?.getAttribute('data-connection')).to.equal('none');
    await connectTo(olga, 'uma');
    const { id } = await lastConnection(site);
    expect(olga.page.document.querySelector('body')?.getAttribute('data-connection')).to.equal(String(id));
    expect([await part(id), await part('none'), await part(id + 1)]).to.deep.equal([null, 'true', 'true']);
    await connectTo(olga, 'ines');
    expect(await part(id)).to.equal('true');
    expect(olga.page.html).to.equal('');
    expect((await olga.get('/my/objects', { 'roster-connection': '1' })).headers.get('hx-refresh'), 'a whole page').to.equal(
      null,
    );
  });

  it('changes nothing for a form that was sent after its time', async () => {
    await connectTo(olga, 'uma');
    await olga.get('/my/objects/new');
    await letTimeEnd(site);
    const page = await olga.submit('/my/objects/new', { name: 'Wrong' });
    expect(page.status).to.equal(409);
    expect(page.text).to.include('has ended. Nothing was changed.');
    expect(await things()).to.deep.equal([]);
  });

  it('takes a press on Disconnect after its time back to where it came from', async () => {
    await olga.get('/users/uma/connect?return_to=%2Fusers%3Fq%3Duma');
    await olga.submit('/users/uma/connect', { reason: 'A call' });
    await letTimeEnd(site);
    expect((await olga.submit('/disconnect')).url).to.match(/\/users\?q=uma$/);
    expect(olga.page.text).to.include('has ended').and.not.include('Disconnect');
  });

  it('refuses it from who is no administrator any more, though the sections of one’s own have the same forms', async () => {
    await connectTo(olga, 'uma');
    await olga.get('/my/objects/new');
    const stale = { ...formOf('/my/objects/new'), name: 'Wrong' };
    await site.db('users').where({ username: 'olga' }).update({ profile: 'customer' });
    await olga.get('/account');
    for (const path of ['/my/objects/new', '/my/feedback/new', '/my/objects/selected', '/my/balance/transactions/1/cancel']) {
      const page = await olga.post(path, { ...stale, _csrf: olga.token(), text: 'Wrong', kind: 'idea' });
      expect([403, 409], path).to.include(page.status);
      await olga.get('/account');
    }
    expect(await things()).to.deep.equal([]);
    expect(await site.db('feedback').pluck('id')).to.deep.equal([]);
  });

  it('says to administrators who are not connected whose sections these are', async () => {
    const page = await olga.get('/my/objects');
    expect(page.status).to.equal(403);
    expect(page.text).to.include('You are not connected to a user');
  });

  it('asks for the administrator’s own password, never the user’s, and holds nobody up for what the user still has to do', async () => {
    await site.db('users').where({ username: 'uma' }).update({ mustChangePassword: true, emailVerifiedAt: null });
    await site.db('users').where({ username: 'uma' }).update({ passwordHash: null });
    await connectTo(olga, 'uma');
    expect((await olga.get('/my/objects')).status).to.equal(200);
    await site.db('sessions').update({ confirmedAt: '2026-01-01' });
    await olga.get('/confirm');
    expect(olga.page.text).to.include('uma@world.example');
    await olga.submit('/confirm', { your_password: worldPassword });
    const session = await site.db('sessions').where({ userId: site.ids.olga }).first();
    expect(session.confirmedAt.getTime()).to.be.greaterThan(Date.parse('2026-01-02'));
    await olga.get('/my');
    expect((await olga.submit('/disconnect')).text).to.include('Disconnected from uma.');
  });
});
