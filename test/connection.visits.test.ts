import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { keepOpened, listOpened, mostPages } from '../src/connection/opened.ts';
import { durationWords } from '../src/connection/words.ts';
import { connectTo, lastConnection } from './kit/connection.ts';
import { hangUp } from './kit/raw.ts';
import { siteForEach } from './kit/site.ts';
import type { Visitor } from './kit/visitor.ts';

describe('A visit', () => {
  const { site, olga, uma } = siteForEach('olga', 'uma');

  const facts = (visitor: Visitor) =>
    Object.fromEntries(
      visitor.page.document.querySelectorAll('#visit .facts > div').map((line) => {
        const [term, value] = ['dt', 'dd'].map((tag) => line.querySelector(tag)?.textContent.trim() ?? '');
        return [term, value];
      }),
    );
  const part = (visitor: Visitor, id: string) =>
    visitor.page.document.querySelector(`#${id}`)?.textContent.replace(/\s+/g, ' ').trim() ?? null;
  const opened = async () => (await listOpened(site.db, (await lastConnection(site)).id)).map(({ path }) => path);

  /** Olga adds a tracker for Uma, names it anew, shares it with Ines and refills the balance. */
  async function visit() {
    await connectTo(olga, 'uma', { reason: 'Ticket 12' });
    await olga.get('/my/trackers/new');
    await olga.submit('/my/trackers/new', { name: 'Box' });
    const { id } = await site.db('things').where({ name: 'Box' }).first('id');
    await olga.get(`/my/trackers/${id}/edit`);
    await olga.submit(`/my/trackers/${id}/edit`, { name: 'Box 2' });
    await olga.get(`/my/trackers/${id}/share`);
    await olga.submit(`/my/trackers/${id}/share`, { with: 'ines', may: 'view' });
    await olga.get('/users/uma/refill');
    await olga.submit('/users/uma/refill', { amount: '25' });
    await olga.get('/users/stan');
    await olga.post('/users/stan/flag', { reason: 'A look' });
    await olga.get('/my');
    await olga.submit('/disconnect');
    return lastConnection(site);
  }

  it('is told to administrators: who, why, how far, how long, its end, what was opened and changed, money, and the rest', async () => {
    const { id } = await visit();
    const list = await olga.get('/users/uma/visits');
    expect(list.document.querySelector('.tabs [aria-current]')?.textContent).to.equal('Visits');
    expect(list.text).to.include('Olga').and.include('Ticket 12');
    await olga.get(`/users/uma/visits/${id}`);
    expect(facts(olga)).to.include({
      Reason: 'Ticket 12',
      'How far': 'Full',
      'How long': 'less than a minute',
      End: 'Disconnected',
    });
    expect(olga.page.document.querySelector('#visit a')?.getAttribute('href')).to.equal('/users/olga');
    expect(part(olga, 'changed'))
      .to.include('added Box for uma')
      .and.include('Box → Box 2')
      .and.include('shared Box 2 with ines');
    expect(part(olga, 'changed')).to.not.include('stan');
    expect(part(olga, 'money')).to.include('Refill').and.include('25.00');
    expect(part(olga, 'opened')).to.include('/my/trackers/new');
    expect(part(olga, 'others')).to.include('flagged stan');
  });

  it('is told to its user by the administrator’s name, without address or whatever was done to others', async () => {
    const { id } = await visit();
    expect((await uma.get('/my/visits')).text).to.include('Ticket 12');
    expect(uma.page.document.querySelector(`a[href="/my/visits/${id}"]`)).to.not.equal(null);
    const { status } = await uma.get(`/my/visits/${id}`);
    const { name } = await site.db('users').where({ username: 'olga' }).first('name');
    expect([status, facts(uma).Who]).to.deep.equal([200, name]);
    expect(part(uma, 'changed')).to.include('added Box for you').and.include('Box → Box 2').and.include('shared Box 2 with ines');
    expect(part(uma, 'money')).to.include('25.00');
    const shown = uma.page.document.querySelector('main')?.outerHTML ?? '';
    for (const hidden of ['olga@', '127.0.0.1', '::1', '/users/', 'stan', 'others']) expect(shown, hidden).to.not.include(hidden);
  });

  it('is read by the connected administrator in the user’s own section too, and shows that it still lasts', async () => {
    await connectTo(olga, 'uma', { mode: 'read' });
    const { id } = await lastConnection(site);
    expect((await olga.get('/my/visits')).text)
      .to.include('Looking only')
      .and.include('Now');
    await olga.get(`/my/visits/${id}`);
    expect(facts(olga).End).to.equal('It still lasts');
    expect(facts(olga).To).to.match(/at the latest$/);
    expect(part(olga, 'changed')).to.include('Nothing was changed.');
    expect(part(olga, 'money')).to.equal(null);
  });

  it('says so where there is none', async () => {
    expect((await uma.get('/my/visits')).text).to.include('Nobody has connected yet');
    expect((await olga.get('/users/uma/visits')).text).to.include('Nobody has connected yet');
  });

  it('is shown to nobody else, under no other number or user', async () => {
    const { id } = await visit();
    const [ines, stan] = [await site.visitor('ines'), await site.visitor('stan')];
    for (const path of [`/my/visits/${id}`, '/my/visits/0', '/my/visits/x', '/my/visits/99999999999999999999', '/my/visits/%00'])
      expect((await ines.get(path)).status, path).to.equal(404);
    expect((await olga.get(`/users/ines/visits/${id}`)).status).to.equal(404);
    for (const path of ['/users/uma/visits', `/users/uma/visits/${id}`]) {
      expect((await stan.get(path)).status, path).to.equal(403);
      expect((await uma.get(path)).status, path).to.equal(403);
    }
  });

  it('turns its pages by key', async () => {
    const rows = Array.from({ length: 30 }, (_, index) => ({
      actorId: site.ids.olga,
      userId: site.ids.uma,
      mode: 'full',
      reason: `Reason ${index}.`,
      endsAt: new Date(),
      endedAt: new Date(),
      endedBy: 'disconnected',
    }));
    await site.db('connections').insert(rows);
    await uma.get('/my/visits');
    const reasons = () => uma.page.document.querySelectorAll('[data-label=Reason]').map((cell) => cell.textContent);
    expect([reasons()[0], reasons().length]).to.deep.equal(['Reason 29.', 25]);
    await uma.get(uma.page.document.querySelector('#page-next')?.getAttribute('href') as string);
    expect(reasons()).to.deep.equal([4, 3, 2, 1, 0].map((index) => `Reason ${index}.`));
    await uma.get(uma.page.document.querySelector('#page-previous')?.getAttribute('href') as string);
    expect(reasons()[0]).to.equal('Reason 29.');
    expect((await uma.get('/my/visits?after=nonsense')).status).to.equal(200);
  });

  it('keeps the pages of the user’s that were answered, by their paths alone', async () => {
    await connectTo(olga, 'uma');
    await olga.get('/my/objects?q=secret');
    await olga.get('/my/objects/99999');
    await olga.get('/my/objects', { 'hx-request': 'true' });
    await olga.get('/users');
    await olga.get('/my/balance', { 'hx-request': 'true', 'hx-history-restore-request': 'true' });
    await olga.get('/account');
    expect(await opened()).to.deep.equal(['/my', '/my/objects', '/my/balance']);
    await uma.get('/my/objects');
    expect((await opened()).length, 'the user itself').to.equal(3);
  });

  it('keeps a page that is asked for without its frame, once, and no count that is fetched into one', async () => {
    await connectTo(olga, 'uma');
    for (const path of ['/my/balance', '/my/balance?kind=refill', '/my/objects/count', '/my/objects', '/my/objects?q=x'])
      await olga.get(path, { 'hx-request': 'true' });
    expect(await opened()).to.deep.equal(['/my', '/my/balance', '/my/objects']);
    expect((await lastConnection(site)).pages).to.equal(3);
  });

  it('keeps a file that was broken off when most of it had been read', async () => {
    await connectTo(olga, 'uma');
    await site.db.raw('alter table transactions disable trigger user');
    await site.db.raw(
      `with rows as (
         insert into transactions (user_id, seq, kind, amount_minor, balance_after_minor, idempotency_key)
         select ?, nth, 'refill', 1, nth, gen_random_uuid() from generate_series(1, 25000) nth returning id, user_id)
       insert into transaction_words (transaction_id, user_id, note, reference) select id, user_id, repeat('x', 200), '' from rows`,
      [site.ids.uma],
    );
    await site.db.raw('alter table transactions enable trigger user');
    const cookie = [...olga.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    await hangUp(site.address, '/my/balance/statement.csv', { headers: { cookie }, afterBytes: 1_000_000 });
    while ((await opened()).length < 2) await new Promise((resolve) => setTimeout(resolve, 10));
    expect(await opened()).to.deep.equal(['/my', '/my/balance/statement.csv']);
  });

  it('opens no page in other letters, which would be kept nowhere, and sends no form to one', async () => {
    await connectTo(olga, 'uma');
    for (const path of ['/MY/balance', '/My', '/my/Balance']) expect((await olga.get(path)).status, path).to.equal(404);
    await olga.get('/my/feedback/new');
    const form = { kind: 'idea', text: 'Ours', subject: String(site.ids.ines), idempotency_key: randomUUID() };
    expect((await olga.post('/MY/feedback/new', form)).status).to.equal(404);
    expect(await site.db('feedback').where({ userId: site.ids.uma })).to.deep.equal([]);
  });

  it('keeps the first pages of very many and counts the rest', async () => {
    await connectTo(olga, 'uma');
    const { id } = await lastConnection(site);
    await site
      .db('connections')
      .where({ id })
      .update({ pages: mostPages - 1 });
    for (const path of ['/my/one', '/my/two', '/my/three']) await keepOpened(site.db, id, path);
    expect(await opened())
      .to.include('/my/one')
      .and.not.include('/my/two');
    await olga.get(`/users/uma/visits/${id}`);
    expect(part(olga, 'opened')).to.include('And 2 more after these.');
  });

  it('is named in the history, where one reads on whose behalf something was done, and in its file', async () => {
    const { id } = await visit();
    const page = await olga.get('/history?act=thing.added');
    expect(page.text).to.include('added Box for uma on behalf of uma');
    expect(page.document.querySelector(`.timeline a[href$="/visits/${id}"]`)?.textContent).to.equal('uma');
    expect((await olga.get('/history?act=connection.started')).text).to.include('connected to uma (the visit)');
    const file = await olga.get('/history/export.csv?act=user.flagged');
    const [head, row] = file.html
      .replace(/^\uFEFF/, '')
      .split('\r\n')
      .map((line) => line.split(','));
    const cell = (name: string) => row?.[head?.indexOf(name) ?? -1];
    expect([cell('subject'), cell('connection_id'), cell('user')]).to.deep.equal(['uma', String(id), 'stan']);
  });

  it('outlives its administrator’s account, without a name', async () => {
    const { id } = await visit();
    await site.db('connections').where({ id }).update({ actorId: null });
    await uma.get(`/my/visits/${id}`);
    expect(facts(uma).Who).to.equal('An account that is erased');
    expect((await uma.get('/my/visits')).text).to.include('An account that is erased');
  });

  it('says how long it was', () => {
    const said = [0, 59, 60, 3600, 3660, 7325].map(durationWords);
    expect(said).to.deep.equal([
      'less than a minute',
      'less than a minute',
      '1 minute',
      '1 hour',
      '1 hour 1 minute',
      '2 hours 2 minutes',
    ]);
  });
});
