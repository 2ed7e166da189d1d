import { expect } from 'chai';
import { columnNames } from '../src/users/columns.ts';
import { giveBalance } from './kit/money.ts';
import { listed } from './kit/reading.ts';
import { openSite, type Site } from './kit/site.ts';
import { modes, type Page, type Visitor } from './kit/visitor.ts';

const heads = (page: Page) => page.document.querySelectorAll('table.list > thead th:not(.pick)').map(({ text }) => text.trim());
const usual = [
  'Name',
  'Username',
  'Email',
  'Phone',
  'Profile',
  'Description',
  'Status',
  'Things',
  'Balance',
  'Last sign-in',
  'Registered',
];
const labels = (page: Page, username: string) =>
  page.document.querySelectorAll(`#user-${username} td[data-label]`).map(({ attributes }) => attributes['data-label']);
const cell = (page: Page, username: string, label: string) =>
  page.document.querySelector(`#user-${username} td[data-label="${label}"]`)?.text.trim();

describe('The columns of the list', () => {
  let site: Site;
  let olga: Visitor;
  beforeEach(async () => {
    site = await openSite();
    olga = await site.visitor('olga');
  });
  afterEach(() => site.close());

  /** Chooses columns as the form sends them. */
  async function choose(who: Visitor, names: readonly string[], more: [string, string][] = []): Promise<Page> {
    await who.get('/users');
    return who.post('/users/columns', [
      ['_csrf', who.token()],
      ...names.map((name): [string, string] => ['columns', name]),
      ...more,
    ]);
  }

  for (const mode of modes) {
    it(`are the usual ones until others are chosen, which stay (${mode})`, async () => {
      olga = await site.visitor('olga', mode);
      expect(heads(await olga.get('/users'))).to.deep.equal(['Details', ...usual, 'Actions']);
      const page = await choose(olga, ['expires', 'email', 'balance', 'unp', 'type', 'organization']);
      const chosen = ['Email', 'Organization', 'User type', 'UNP', 'Balance', 'Expires'];
      expect(heads(page)).to.deep.equal(['Details', 'Name', ...chosen, 'Actions']);
      expect(labels(page, 'uma')).to.deep.equal(chosen);
      expect(heads(await (await site.visitor('olga')).get('/users?q=uma'))).to.include('UNP');
      expect(heads(await (await site.visitor('oscar')).get('/users')))
        .to.include('Phone')
        .and.not.include('UNP');
      expect(heads(await choose(olga, [], [['usual', 'on']]))).to.deep.equal(['Details', ...usual, 'Actions']);
    });
  }

  it('show what each field holds', async () => {
    await giveBalance(site.db, 'uma', -123_456);
    for (const name of ['Lorry 1', 'Lorry 2']) await site.db('things').insert({ kind: 'object', name, ownerId: site.ids.uma });
    await site.db('users').where({ username: 'uma' }).update({ lastSignInAt: new Date() });
    await choose(olga, columnNames);
    const page = await olga.get('/users?q=uma');
    const shown = Object.fromEntries(labels(page, 'uma').map((label) => [label, cell(page, 'uma', label as string)]));
    expect(shown).to.deep.include({
      Organization: 'Uma Trucking Ltd',
      'User type': 'Legal entity',
      UNP: '190275311',
      Things: '2',
      Balance: '-€1,234.56',
      'Last sign-in': 'just now',
      Expires: 'never',
      Description: '–',
    });
    expect(page.document.querySelector('#user-uma td.num[data-label=Balance]')?.text).to.equal('-€1,234.56');
    expect(page.document.querySelector('#user-uma tr')?.querySelectorAll('th, td')).to.have.length(columnNames.length + 4);
  });

  it('can all be left out but the name', async () => {
    const page = await choose(olga, []);
    expect(heads(page)).to.deep.equal(['Details', 'Name', 'Actions']);
    expect(page.document.querySelectorAll('.columns input[checked]')).to.have.length(0);
    const open = await olga.get('/users?open=uma');
    expect(open.document.querySelector('#details-uma td')?.getAttribute('colspan')).to.equal('4');
  });

  it('order the list where an index does, and only there', async () => {
    await choose(olga, columnNames);
    await giveBalance(site.db, 'uma', -5);
    await giveBalance(site.db, 'ivo', 7);
    const page = await olga.get('/users');
    const sortable = page.document.querySelectorAll('thead th a').map(({ text }) => text.trim());
    expect(sortable).to.deep.equal([...usual.slice(0, 8), 'Balance', 'Balance lasts', 'Last sign-in', 'Registered', 'Expires']);
    expect(listed(await olga.get('/users?sort=balance'))[0]).to.equal('uma');
    expect(listed(await olga.get('/users?sort=-balance'))[0]).to.equal('ivo');
    await site.db('things').insert({ kind: 'object', name: 'Lorry', ownerId: site.ids.gus });
    expect(listed(await olga.get('/users?sort=-things'))[0]).to.equal('gus');
    expect(listed(await olga.get('/users?sort=things')).at(-1)).to.equal('gus');
    expect(listed(await olga.get('/users?sort=expires'))[0], 'who never expires comes last').to.equal('xena');
    for (const sort of ['unp', 'organization', 'type', '-unp', 'deleted', 'id', 'name; drop table users'])
      expect(listed(await olga.get(`/users?sort=${sort}`)), sort).to.deep.equal(listed(await olga.get('/users')));
  });

  it('keep phone, description, things and the last sign-in back where it is narrow, but not from whoever chose them', async () => {
    const optional = (page: Page) => page.document.querySelectorAll('th.opt, td.opt').length;
    expect(optional(await olga.get('/users?q=uma'))).to.equal(8);
    expect(optional(await choose(olga, ['description']))).to.equal(0);
  });

  it('refuse what is no column and change nothing then', async () => {
    await choose(olga, ['unp']);
    for (const name of ['password_hash', 'name', 'id', '__proto__', 'constructor', '', 'unp,email'])
      expect((await choose(olga, ['email', name])).status, name).to.equal(422);
    expect(heads(await olga.get('/users'))).to.deep.equal(['Details', 'Name', 'UNP', 'Actions']);
    await site
      .db('users')
      .where({ username: 'olga' })
      .update({ listColumns: ['unp', 'gone'] });
    expect(heads(await olga.get('/users')), 'a column that is no more').to.deep.equal(['Details', 'Name', 'UNP', 'Actions']);
  });

  it('lead back to the list that one had before oneself', async () => {
    await olga.get('/users');
    const page = await olga.post(
      '/users/columns',
      { columns: 'unp' },
      { referer: `${site.address}/users?state=locked&sort=name` },
    );
    expect(page.url).to.equal(`${site.address}/users?state=locked&sort=name`);
  });
});
