import { expect } from 'chai';
import type { Name } from '../seeds/world.ts';
import { sealHistory } from '../src/history/chain.ts';
import { verifyHistory } from '../src/history/verify.ts';
import { actsUpon } from './kit/history.ts';
import { openSite, type Site } from './kit/site.ts';
import { modes, type Page, type Visitor } from './kit/visitor.ts';

const undoOf = (page: Page, within = '#flash') =>
  page.document
    .querySelectorAll(`${within} form, hx-partial form`)
    .map((form) => form.getAttribute('action') ?? '')
    .find((action) => action.startsWith('/undo/')) ?? '';

describe('Undo', () => {
  let site: Site;
  let olga: Visitor;
  const row = async (name: string) => {
    const { version, updatedAt, activeSince, ...rest } = await site.db('users').where({ username: name }).first();
    return rest;
  };
  const set = (name: Name, values: object) => site.db('users').where({ username: name }).update(values);
  const lastUpon = async (name: Name) => (await actsUpon(site, site.ids[name])).at(-1);
  /** Does something to somebody and says where it is undone. */
  const act = async (path: string, fields: Record<string, string> = {}, visitor = olga) => {
    const page = await visitor.post(path, fields);
    expect(page.status, path).to.equal(200);
    return undoOf(page);
  };
  beforeEach(async () => {
    site = await openSite();
    olga = await site.visitor('olga');
    await olga.get('/users/new');
  });
  afterEach(() => site.close());

  const kinds: [name: Name, path: string, fields: Record<string, string>, says: string][] = [
    ['nina', 'activate', {}, 'Undone: olga activated Nina Costa.'],
    ['sue', 'activate', {}, 'Undone: olga activated Sue Tanaka.'],
    ['rita', 'approve', {}, 'Undone: olga approved Rita Almeida.'],
    ['rita', 'reject', { reason: 'No.' }, 'Undone: olga rejected Rita Almeida.'],
    ['uma', 'flag', { reason: 'Look.' }, 'Undone: olga flagged Uma Trucking Ltd.'],
    ['flo', 'suspend', { reason: 'Enough.' }, 'Undone: olga suspended Flo Jansen.'],
    ['ivo', 'deactivate', {}, 'Undone: olga deactivated Ivo Dvořák.'],
    ['lea', 'unlock', {}, 'Undone: olga unlocked Lea Sørensen.'],
    ['uma', 'delete', {}, 'Undone: olga deleted Uma Trucking Ltd.'],
    [
      'uma',
      'edit',
      {
        version: '1',
        email: 'uma@new.example',
        name: 'Uma Again',
        profile: 'standard',
        expires_at: '2027-05-31',
        description: 'Big',
      },
      'Undone: olga edited Uma Again.',
    ],
  ];

  for (const mode of modes) {
    for (const [name, path, fields, says] of kinds) {
      it(`gives back what was before, once, and is recorded: ${path} ${name}, as ${mode}`, async () => {
        const visitor = await site.visitor('olga', mode);
        await visitor.get('/users/new');
        const before = await row(name);
        const page = await visitor.post(`/users/${name}/${path}`, fields);
        const href = undoOf(page);
        expect(await row(name)).to.not.deep.equal(before);
        const done = await lastUpon(name);
        expect(href).to.equal(`/undo/${done?.id}`);

        const back = await visitor.post(href, {}, { referer: page.url });
        expect(back.status).to.equal(200);
        expect(back.url).to.equal(page.url);
        expect(back.text).to.include(says);
        expect(undoOf(back)).to.equal('');
        expect(await row(name)).to.deep.equal(before);
        const undone = await lastUpon(name);
        expect(undone).to.include({ act: 'user.undone', actor: 'olga', user: name, outcome: 'done' });
        expect(undone?.facts).to.deep.equal({ undoes: done?.id, undone: done?.act });
        const reversed = Object.entries(done?.changes ?? {}).map(([field, [was, is]]) => [field, [is, was]]);
        expect(undone?.changes).to.deep.equal(Object.fromEntries(reversed));
        expect(await site.db('history').where({ undoes: done?.id }).pluck('id')).to.deep.equal([undone?.id]);

        await visitor.get('/users/new');
        const again = await visitor.post(href, {});
        expect(again.status).to.equal(409);
        expect(again.text).to.match(/undone already|changed since/);
        expect(await row(name)).to.deep.equal(before);
        expect((await lastUpon(name))?.id).to.equal(undone?.id);
      });
    }

    it(`hides whom it adds and whom it restores, as ${mode}`, async () => {
      const visitor = await site.visitor('olga', mode);
      await visitor.get('/users/new');
      const added = await visitor.submit('/users/new', { username: 'new-one', email: 'new@world.example', name: 'New One' });
      expect(added.text).to.include('Single-use password');
      const back = await visitor.post(undoOf(added), {}, { referer: added.url });
      expect(back.text).to.include('Undone: olga added New One.').and.include('Deleted');
      expect((await row('new-one')).deletedAt).to.be.a('date');

      const restored = await visitor.post('/users/dora/restore', {});
      await visitor.post(undoOf(restored), {}, { referer: restored.url });
      expect((await row('dora')).deletedAt).to.be.a('date');
    });

    it(`has its button in the timelines as long as it is possible, as ${mode}`, async () => {
      const visitor = await site.visitor('olga', mode);
      await visitor.get('/users/new');
      const first = await act('/users/ines/flag', { reason: 'x' }, visitor);
      const second = await act('/users/ines/edit', { version: '2', email: 'ines@world.example', name: 'Ines S' }, visitor);
      await visitor.post('/users/lea/reset-password', { password: 'pear-lamp-77' });
      for (const path of ['/history', '/users/ines/history']) {
        const page = await visitor.get(path);
        const offered = page.document.querySelectorAll('.timeline form').map((form) => form.getAttribute('action'));
        expect(offered, path).to.deep.equal([second, first]);
      }
      expect((await visitor.submit(second)).status).to.equal(200);
      const history = await visitor.get('/users/ines/history');
      expect(history.document.querySelector(`#act-${second.split('/').at(-1)}`)?.text).to.include('undone');
      expect(history.text).to.include('olga undid an act upon ines').and.include('undone edited');
      expect(history.document.querySelectorAll('.timeline form').map((form) => form.getAttribute('action'))).to.deep.equal([
        first,
      ]);
    });
  }

  it('comes back to the view that it was pressed in', async () => {
    await olga.get('/users?q=ines&sort=-name');
    const page = await olga.post('/users/ines/deactivate', { return_to: '/users?q=ines&sort=-name' });
    const back = await olga.post(undoOf(page), {}, { referer: page.url });
    expect(back.url).to.match(/\/users\?q=ines&sort=-name$/);
    const href = await act('/users/ines/deactivate');
    expect((await olga.post(href, {}, { referer: `${site.address}/undo/7` })).url).to.match(/\/users\/ines$/);
  });

  it('says what has been changed since, and by whom', async () => {
    const oscar = await site.visitor('oscar');
    await oscar.get('/users/new');
    const flagged = await act('/users/ines/flag', { reason: 'x' });
    await oscar.post('/users/ines/suspend', { reason: 'y' });
    const page = await olga.post(flagged, {});
    expect(page.status).to.equal(409);
    expect(page.text).to.include('Inês Smirnova has been changed since: state, reason, by oscar.');
    await oscar.post('/users/ines/delete', {});
    expect((await olga.post(flagged, {})).text).to.include('changed since: deletion, state, reason, by oscar.');
    expect((await row('ines')).state).to.equal('STATE_SUSPENDED');
    const deleted = await act('/users/uma/delete');
    await oscar.post('/users/uma/restore', {});
    expect((await olga.post(deleted, {})).text).to.include('Uma Trucking Ltd has been changed since: deletion, by oscar.');
  });

  it('leaves alone what others changed in other fields', async () => {
    const href = await act('/users/ines/flag', { reason: 'x' });
    await set('ines', { phone: '+1 555 01 02' });
    await olga.post(href, {});
    expect(await row('ines')).to.include({ state: 'STATE_APPROVED', stateReason: '', phone: '+1 555 01 02' });
  });

  it('is over after ten minutes', async () => {
    await olga.post('/users/ines/flag', { reason: 'x' });
    const id = await agedCopy((await lastUpon('ines'))?.id as number, 11);
    const page = await olga.post(`/undo/${id}`, {});
    expect(page.status).to.equal(409);
    expect(page.text).to.include('An act can be undone for 10 minutes');
    expect((await olga.get('/users/ines/history')).html).to.not.include(`/undo/${id}"`);
    const inTime = await agedCopy((await lastUpon('ines'))?.id as number, 9);
    expect((await olga.post(`/undo/${inTime}`, {})).status).to.equal(200);
  });

  /** The same act as if it had been done some minutes earlier: rows that are there are never changed. */
  async function agedCopy(id: number, minutes: number): Promise<number> {
    const { rows } = await site.db.raw(
      `insert into history (at, act, actor_id, subject_id, user_id, actor_digest, user_digest)
       select now() - make_interval(mins => ?), act, actor_id, subject_id, user_id, actor_digest, user_digest
       from history where id = ? returning id`,
      [minutes, id],
    );
    await site.db.raw(
      `insert into history_words select ?, part, person_id, salt, words from history_words where history_id = ?`,
      [rows[0].id, id],
    );
    return rows[0].id;
  }

  it('leaves a chain that verifies', async () => {
    await olga.post(await act('/users/ines/flag', { reason: 'x' }), {});
    while ((await sealHistory(site.db)) > 0);
    expect((await verifyHistory(site.db)).broken).to.equal(null);
  });
});
