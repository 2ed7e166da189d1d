import { expect } from 'chai';
import { endSessions } from '../src/sessions/sessions.ts';
import { actsUpon } from './kit/history.ts';
import { alertOf, listed, problem } from './kit/reading.ts';
import { openSite, type Site } from './kit/site.ts';
import { modes, type Page, type Visitor } from './kit/visitor.ts';

/** The row above the list, as names with what is marked. */
const strip = (page: Page) =>
  page.document
    .querySelectorAll('#views li a')
    .map((link) => `${link.querySelector('bdi')?.text}${link.hasAttribute('aria-current') ? ' (open)' : ''}`);
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

  /** Saves a list as it is done from its page; the page that follows. */
  async function save(who: Visitor, name: string, query: string, more: Record<string, string> = {}): Promise<Page> {
    await who.get(`/users/views/new?${query}`);
    return who.submit('/users/views', { name, ...more });
  }
  const shared = { is_shared: 'on' };
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
      expect([listed(again), strip(again), buttons(again)]).to.deep.equal([['rex', 'sue'], ['Trouble (open)'], []]);
    });
  }

  it('are marked also when their list was reached otherwise', async () => {
    await save(olga, 'Locked', 'state=locked');
    expect(strip(await olga.get('/users?q=state:Locked'))).to.deep.equal(['Locked (open)']);
    expect(strip(await olga.get('/users'))).to.deep.equal(['Locked']);
  });

  it('offer to save what was changed, or to save it as another', async () => {
    const opened = await save(olga, 'Locked', 'state=locked');
    const id = await idOf('Locked');
    const changed = await olga.get(`${new URL(opened.url).search.replace(/^/, '/users')}&verified=yes`);
    expect(changed.text).to.include('“Locked”, changed');
    expect([strip(changed), buttons(changed)]).to.deep.equal([['Locked (open)'], ['Save changes', 'Save as a new view']]);
    const kept = await olga.submit(`/users/views/${id}/query`);
    expect([kept.status, buttons(kept), listed(kept)]).to.deep.equal([200, [], ['lea']]);
    expect((await site.db('savedViews').where({ id }).first()).query).to.equal('state=locked&verified=yes');
  });

  it('keep their mark while one searches, sorts and turns pages', async () => {
    await save(olga, 'Customers', 'profile=customer');
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
    await save(olga, 'A thousand', 'q=crowd&state=inactive&registered=%3C7d');
    await save(olga, 'Locked', 'state=locked');
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

  it('are shared with all administrators, who can open but not change them', async () => {
    await save(olga, 'Ours', 'state=locked', shared);
    await save(olga, 'Mine', 'state=flagged');
    const page = await oscar.get('/users');
    expect(strip(page)).to.deep.equal(['Ours']);
    expect(listed(await oscar.get(hrefOf(page, 'Ours')))).to.deep.equal(['lea']);
    expect(buttons(await oscar.get(`${hrefOf(page, 'Ours')}&verified=yes`))).to.deep.equal(['Save as a new view']);
    expect((await oscar.get('/users/views')).text)
      .to.include('All, by olga')
      .and.not.include('Rename');
  });

  it('are renamed, shared, kept to oneself again and deleted by their owner', async () => {
    await save(olga, 'Locked', 'state=locked');
    const id = await idOf('Locked');
    await olga.get(`/users/views/${id}`);
    const changed = await olga.submit(`/users/views/${id}`, { name: 'Locked out', is_shared: 'on' });
    expect(changed.text).to.include('Locked out').and.include('All administrators');
    expect(strip(await oscar.get('/users'))).to.deep.equal(['Locked out']);
    await olga.get(`/users/views/${id}`);
    expect(olga.page.document.querySelector('#field-is_shared')?.hasAttribute('checked')).to.equal(true);
    await olga.post(`/users/views/${id}`, { name: 'Locked out' });
    expect(strip(await oscar.get('/users'))).to.deep.equal([]);
    await olga.get(`/users/views/${id}/delete`);
    expect((await olga.submit(`/users/views/${id}/delete`)).text).to.include('No view is saved yet');
    expect((await olga.get(`/users/views/${id}`)).status).to.equal(404);
  });

  it('leave every change in the history, without what was searched for', async () => {
    await save(olga, 'Locked', 'q=secret-name&state=locked');
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

  it('of others are as if they were not there', async () => {
    await save(olga, 'Ours', 'state=locked', shared);
    await save(olga, 'Mine', 'state=flagged');
    const before = await site.db('savedViews').orderBy('id');
    await oscar.get('/users/new');
    for (const id of [await idOf('Ours'), await idOf('Mine'), 999_999, '0', '-1', '1.5', 'x', '9'.repeat(30), '١']) {
      const answers = [
        await oscar.get(`/users/views/${encodeURIComponent(id)}`),
        await oscar.get(`/users/views/${encodeURIComponent(id)}/delete`),
        await oscar.post(`/users/views/${encodeURIComponent(id)}`, { _csrf: await token(), name: 'Taken' }),
        await oscar.post(`/users/views/${encodeURIComponent(id)}/query`, { _csrf: await token(), query: 'state=active' }),
        await oscar.post(`/users/views/${encodeURIComponent(id)}/delete`, { _csrf: await token() }),
      ];
      for (const page of answers)
        expect([page.status, page.document.querySelector('.failure p:not(.failure-status)')?.text]).to.deep.equal([
          404,
          'There is no such view.',
        ]);
    }
    expect(await site.db('savedViews').orderBy('id')).to.deep.equal(before);
    const page = await oscar.get(`/users?view=${await idOf('Mine')}`);
    expect(page.document.querySelector('main')?.toString()).to.not.match(new RegExp(`Mine|view=${await idOf('Mine')}\\b`));
  });

  const token = async () => {
    await oscar.get('/users/new');
    return oscar.token();
  };

  it('refuse a name that is missing, long, broken or taken, and keep what was typed', async () => {
    await save(olga, 'Locked', 'state=locked');
    for (const [name, says] of [
      ['', 'A name is needed.'],
      [' \t ', 'A name is needed.'],
      ['x'.repeat(61), '60 characters at most; these are 61.'],
      ['two\nlines', 'One line only.'],
      ['a\u0000b', 'Holds a character that cannot be kept.'],
      ['LOCKED', 'You have a view of this name already.'],
    ] as const) {
      const page = await save(olga, name, 'state=flagged', shared);
      expect([page.status, problem(page, 'name')], name).to.deep.equal([422, says]);
      expect(page.document.querySelector('#field-is_shared')?.hasAttribute('checked')).to.equal(true);
      expect(page.document.querySelector('[name=query]')?.getAttribute('value')).to.equal('state=flagged');
    }
    await save(olga, 'x'.repeat(60), 'state=flagged');
    const id = await idOf('x'.repeat(60));
    await olga.get(`/users/views/${id}`);
    expect(problem(await olga.submit(`/users/views/${id}`, { name: 'locked' }), 'name')).to.equal(
      'You have a view of this name already.',
    );
    expect((await save(oscar, 'Locked', 'state=locked')).status, 'another’s name is free').to.equal(200);
  });

  it('refuse a list that says nothing or is not understood', async () => {
    for (const [query, says] of [
      ['', 'This is the usual list of all users'],
      ['limit=25&sort=-registered&x=1&after=abc&open=uma&view=1', 'This is the usual list of all users'],
      ['q=state:lockd', 'Status does not know “lockd”'],
      ['last=soon', 'Last sign-in does not know “soon”'],
      ['__proto__=1&constructor=2', 'This is the usual list of all users'],
    ] as const) {
      await olga.get('/users/views/new');
      const page = await olga.post('/users/views', { name: 'Any', query });
      expect([page.status, alertOf(page)]).to.satisfy(
        ([status, text]: [number, string]) => status === 422 && text.includes(says),
      );
    }
    expect(await site.db('savedViews')).to.deep.equal([]);
  });

  it('are fifty at most', async () => {
    const rows = Array.from({ length: 50 }, (_, n) => ({ ownerId: site.ids.olga, name: `View ${n}`, query: 'state=locked' }));
    await site.db('savedViews').insert(rows);
    const page = await save(olga, 'One more', 'state=flagged');
    expect([page.status, alertOf(page)]).to.deep.equal([409, 'You keep 50 views, the most there can be. Delete one first.']);
    expect((await save(oscar, 'One more', 'state=flagged')).status).to.equal(200);
  });

  it('of whoever is no administrator any more, or deleted, are not shown to others', async () => {
    await save(oscar, 'Of Oscar', 'state=locked', shared);
    const seen = async () => strip(await olga.get('/users'));
    expect(await seen()).to.deep.equal(['Of Oscar']);
    await site.db('users').where({ username: 'oscar' }).update({ profile: 'standard' });
    expect(await seen()).to.deep.equal([]);
    await site.db('users').where({ username: 'oscar' }).update({ profile: 'administrator', deletedAt: new Date() });
    expect(await seen()).to.deep.equal([]);
    await site.db('users').where({ username: 'oscar' }).update({ deletedAt: null });
    expect(await seen()).to.deep.equal(['Of Oscar']);
  });

  it('go with their owner, who is told how many', async () => {
    await save(oscar, 'Of Oscar', 'state=locked', shared);
    await save(olga, 'Of Olga', 'state=locked');
    await site.db.transaction((trx) => endSessions(trx, site.ids.oscar));
    expect((await olga.get('/users/oscar/delete')).text).to.include('1 saved view');
    await olga.submit('/users/oscar/delete');
    await olga.get('/users/oscar/purge');
    await olga.submit('/users/oscar/purge', { typed_username: 'oscar' });
    expect(await site.db('savedViews').pluck('name')).to.deep.equal(['Of Olga']);
  });

  it('teach how to keep the first one', async () => {
    const page = await olga.get('/users/views');
    const href = page.document.querySelector('.empty a')?.getAttribute('href') ?? '';
    expect((await olga.get(href)).text).to.include('It shows: Last sign-in: more than 90 days ago');
  });

  it('show names and searches as text only', async () => {
    const name = '<img src=x onerror=alert(1)>"\' {{7*7}}';
    await save(olga, name, `q=${encodeURIComponent('<script>x</script> "onload=y"')}`, shared);
    for (const [who, path] of [
      [olga, '/users'],
      [olga, '/users/views'],
      [olga, '/users/views/counts'],
      [olga, `/users/views/${await idOf(name)}`],
      [olga, `/users/views/${await idOf(name)}/delete`],
      [olga, '/history'],
      [oscar, '/users'],
    ] as const) {
      const page = await who.get(path);
      expect(page.status, path).to.equal(200);
      expect(page.text, path).to.include(name);
      expect(page.document.querySelectorAll('img, script:not([src]), [onload], [onerror]').length, path).to.equal(0);
    }
  });
});
