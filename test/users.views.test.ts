import { expect } from 'chai';
import { endSessions } from '../src/sessions/sessions.ts';
import { actsUpon } from './kit/history.ts';
import { listed } from './kit/reading.ts';
import { openSite, type Site } from './kit/site.ts';
import { saveView, shared, viewsOf } from './kit/views.ts';
import { modes, type Page, type Visitor } from './kit/visitor.ts';

const counts = (page: Page) => page.document.querySelectorAll('#views li .count').map(({ text }) => text);
const hrefOf = (page: Page, name: string) =>
  page.document
    .querySelectorAll('#views li a')
    .find((link) => link.querySelector('bdi')?.text === name)
    ?.getAttribute('href') ?? '';
const buttons = (page: Page) => page.document.querySelectorAll('.listbar .button').map(({ text }) => text.trim());

describe('Saved views', () => {
  let site: Site;
  let olga: Visitor;
  let oscar: Visitor;
  beforeEach(async () => {
    site = await openSite();
    olga = await site.visitor('olga');
    oscar = await site.visitor('oscar');
  });
  afterEach(() => site.close());

  const idOf = async (name: string): Promise<number> => (await site.db('savedViews').where({ name }).first('id')).id;

  for (const mode of modes) {
    it(`are saved under a name and open the same list again (${mode})`, async () => {
      olga = await site.visitor('olga', mode);
      const list = await olga.get('/users?q=state:suspended,rejected+-lea&sort=username&limit=50&after=x&open=rex');
      const href = list.document.querySelector('#save-view')?.getAttribute('href') ?? '';
      await olga.get(href);
      expect(olga.page.text).to.include('Without “lea” · Status: Suspended, Rejected · by Username');
      const saved = await olga.submit('/users/views', { name: '  Trouble ' });
      expect(listed(saved)).to.deep.equal(['rex', 'sue']);
      expect(saved.text).to.include('The view “Trouble” has been saved.');
      expect((await site.db('savedViews').first()).query).to.equal('q=-lea&state=suspended%2Crejected&sort=username&limit=50');
      const again = await olga.get(hrefOf(await olga.get('/users'), 'Trouble'));
      expect([listed(again), viewsOf(again), buttons(again)]).to.deep.equal([['rex', 'sue'], ['Trouble (open)'], []]);
    });
  }

  it('are marked also when their list was reached otherwise', async () => {
    await saveView(olga, 'Locked', 'state=locked');
    expect(viewsOf(await olga.get('/users?q=state:Locked'))).to.deep.equal(['Locked (open)']);
    expect(viewsOf(await olga.get('/users'))).to.deep.equal(['Locked']);
  });

  it('offer to save what was changed, or to save it as another', async () => {
    const opened = await saveView(olga, 'Locked', 'state=locked');
    const id = await idOf('Locked');
    const changed = await olga.get(`${new URL(opened.url).search.replace(/^/, '/users')}&verified=yes`);
    expect(changed.text).to.include('“Locked”, changed');
    expect([viewsOf(changed), buttons(changed)]).to.deep.equal([['Locked (open)'], ['Save changes', 'Save as a new view']]);
    const kept = await olga.submit(`/users/views/${id}/query`);
    expect([kept.status, buttons(kept), listed(kept)]).to.deep.equal([200, [], ['lea']]);
    expect((await site.db('savedViews').where({ id }).first()).query).to.equal('state=locked&verified=yes');
  });

  it('keep their mark while one searches, sorts and turns pages', async () => {
    await saveView(olga, 'Customers', 'profile=customer');
    const id = await idOf('Customers');
    const page = await olga.get('/users?profile=customer');
    const links = page.document.querySelectorAll('.sort, .sizes a, .chip').map(({ attributes }) => attributes.href);
    for (const href of links) expect(href, href).to.include(`view=${id}`);
    expect(page.document.querySelector('#filters [name=view]')?.getAttribute('value')).to.equal(String(id));
    expect(
      (await olga.get('/users?profile=customer&state=active')).document.querySelector('.chips .button')?.attributes.href,
    ).to.equal('/users');
  });

  it('are counted exactly to 1,000, and beyond that say so', async () => {
    await site.db.raw(
      `insert into users (username, email, name, state) select 'crowd-' || n, n || '@crowd.example', 'Crowd', 'STATE_INACTIVE' from generate_series(1, 1001) n`,
    );
    await saveView(olga, 'A thousand', 'q=crowd&state=inactive&registered=%3C7d');
    await saveView(olga, 'Locked', 'state=locked');
    const page = await olga.get('/users');
    expect(counts(page)).to.deep.equal(['…', '…']);
    const href = page.document.querySelector('#views')?.getAttribute('hx-get') ?? '';
    expect(counts(await olga.get(href))).to.deep.equal(['1,000+', '1']);
    await site.db('users').where({ username: 'crowd-1' }).update({ deletedAt: new Date() });
    expect(counts(await olga.get(href))).to.deep.equal(['1,000', '1']);
    expect(olga.page.document.querySelector('#views')?.getAttribute('hx-get'), 'they are asked for once').to.equal(undefined);
    const cells = (await olga.get('/users/views')).document.querySelectorAll('td.num').map(({ text }) => text);
    expect(cells).to.deep.equal(['1,000', '1']);
  });

  it('stand in a short row, with all of them in the menu beside it', async () => {
    const rows = Array.from({ length: 12 }, (_, n) => ({
      ownerId: site.ids.olga,
      name: `View ${n + 10}`,
      query: `q=${n}&state=locked`,
    }));
    await site.db('savedViews').insert(rows);
    expect(viewsOf(await olga.get('/users'))).to.deep.equal(rows.slice(0, 8).map(({ name }) => name));
    expect(olga.page.document.querySelectorAll('#views .menu bdi').map(({ text }) => text)).to.deep.equal(
      rows.map(({ name }) => name),
    );
    expect(viewsOf(await olga.get('/users?q=11&state=locked')))
      .to.have.length(9)
      .and.include('View 21 (open)');
  });

  it('are shared with all administrators, who can open but not change them', async () => {
    await saveView(olga, 'Ours', 'state=locked', shared);
    await saveView(olga, 'Mine', 'state=flagged');
    const page = await oscar.get('/users');
    expect(viewsOf(page)).to.deep.equal(['Ours']);
    expect(listed(await oscar.get(hrefOf(page, 'Ours')))).to.deep.equal(['lea']);
    expect(buttons(await oscar.get(`${hrefOf(page, 'Ours')}&verified=yes`))).to.deep.equal(['Save as a new view']);
    expect((await oscar.get('/users/views')).text)
      .to.include('All, by olga')
      .and.not.include('Rename');
  });

  it('are renamed, shared, kept to oneself again and deleted by their owner', async () => {
    await saveView(olga, 'Locked', 'state=locked');
    const id = await idOf('Locked');
    await olga.get(`/users/views/${id}`);
    const changed = await olga.submit(`/users/views/${id}`, { name: 'Locked out', is_shared: 'on' });
    expect(changed.text).to.include('Locked out').and.include('All administrators');
    expect(viewsOf(await oscar.get('/users'))).to.deep.equal(['Locked out']);
    await olga.get(`/users/views/${id}`);
    expect(olga.page.document.querySelector('#field-is_shared')?.hasAttribute('checked')).to.equal(true);
    await olga.post(`/users/views/${id}`, { name: 'Locked out' });
    expect(viewsOf(await oscar.get('/users'))).to.deep.equal([]);
    await olga.get(`/users/views/${id}/delete`);
    expect((await olga.submit(`/users/views/${id}/delete`)).text).to.include('No view is saved yet');
    expect((await olga.get(`/users/views/${id}`)).status).to.equal(404);
  });

  it('leave every change in the history, without what was searched for', async () => {
    await saveView(olga, 'Locked', 'q=secret-name&state=locked');
    const id = await idOf('Locked');
    await olga.post(`/users/views/${id}`, { name: 'Lost', is_shared: 'on' });
    await olga.post(`/users/views/${id}`, { name: 'Lost', is_shared: 'on' });
    await olga.post(`/users/views/${id}/query`, { query: 'state=flagged' });
    await olga.post(`/users/views/${id}/delete`, {});
    const acts = await actsUpon(site, site.ids.olga);
    expect(acts.map(({ act, changes, facts }) => [act, changes, facts])).to.deep.equal([
      ['view.saved', {}, { view: 'Locked', isShared: false, filteredBy: ['q', 'state'] }],
      ['view.changed', { name: ['Locked', 'Lost'], isShared: [false, true] }, { view: 'Lost' }],
      ['view.changed', {}, { view: 'Lost', filteredBy: ['state'] }],
      ['view.deleted', {}, { view: 'Lost' }],
    ]);
    expect((await olga.get('/history')).text).to.include('olga saved a view of the list as olga');
    expect(olga.page.text).to.not.include('secret-name');
  });

  it('go with their owner, who is told how many', async () => {
    await saveView(oscar, 'Of Oscar', 'state=locked', shared);
    await saveView(olga, 'Of Olga', 'state=locked');
    await site.db.transaction((trx) => endSessions(trx, site.ids.oscar));
    expect((await olga.get('/users/oscar/delete')).text).to.include('1 saved view');
    await olga.submit('/users/oscar/delete');
    await olga.get('/users/oscar/purge');
    await olga.submit('/users/oscar/purge', { typed_username: 'oscar' });
    expect(await site.db('savedViews').pluck('name')).to.deep.equal(['Of Olga']);
  });

  it('no longer search for whoever is purged, nor find who gets that username next', async () => {
    await saveView(olga, 'Dora', 'q=-dora%40world.example+horvat&state=locked');
    await saveView(oscar, 'Others', 'q=dorado&state=locked');
    await olga.get('/users/dora/purge');
    await olga.submit('/users/dora/purge', { typed_username: 'dora' });
    const kept = await site.db('savedViews').orderBy('id').pluck('query');
    expect(kept.map((query) => Object.fromEntries(new URLSearchParams(query)))).to.deep.equal([
      { q: '-(erased) horvat', state: 'locked' },
      { q: 'dorado', state: 'locked' },
    ]);
  });

  it('teach how to keep the first one', async () => {
    const page = await olga.get('/users/views');
    const href = page.document.querySelector('.empty a')?.getAttribute('href') ?? '';
    expect((await olga.get(href)).text).to.include('It shows: Last sign-in: more than 90 days ago');
  });
});
