import { expect } from 'chai';
import { openSite, type Site } from './kit/site.ts';
import { modes, type Page, type Visitor } from './kit/visitor.ts';

const zoe = { username: 'zoe-new', email: 'zoe@world.example', first_name: 'Zoë' };
const url = 'https://billing.example/plan';

describe('The account limit', () => {
  let site: Site;
  let olga: Visitor;
  const live = async (): Promise<number> => (await site.db('accountCounter').first()).live;
  const limitTo = async (accountLimit: number, accountLimitUrl = url) => {
    await site.db('settings').update({ accountLimit, accountLimitUrl });
  };
  beforeEach(async () => {
    site = await openSite();
    olga = await site.visitor('olga');
  });
  afterEach(() => site.close());

  it('counts every user that is not deleted, through adding, deleting, restoring and purging', async () => {
    const counted = async () => Number((await site.db('users').where({ deletedAt: null }).count({ count: '*' }).first())?.count);
    expect(await live()).to.equal(await counted());
    await olga.get('/users/new');
    await olga.submit('/users/new', zoe);
    expect(await live()).to.equal(await counted());
    for (const [name, act, change] of [
      ['zoe-new', 'delete', -1],
      ['zoe-new', 'restore', 1],
      ['uma', 'delete', -1],
      ['uma', 'purge', 0],
    ] as const) {
      const before = await live();
      await olga.get('/users/new');
      await olga.post(`/users/${name}/${act}`, { typed_username: name });
      expect(await live(), `${act} ${name}`).to.equal(before + change);
      expect(await live()).to.equal(await counted());
    }
  });

  for (const mode of modes) {
    it(`refuses one more, keeps the form and links to where the limit is raised, as ${mode}`, async () => {
      const visitor = await site.visitor('olga', mode);
      await limitTo(await live());
      await visitor.get('/users/new');
      const page = await visitor.submit('/users/new', zoe);
      expect(page.status).to.equal(409);
      expect(page.text).to.include(`All ${await live()} accounts of this console are in use.`);
      expect(page.document.querySelector(`a[href="${url}"]`)?.text).to.equal('raise the limit');
      expect(page.document.querySelector('#field-username')?.getAttribute('value')).to.equal('zoe-new');
      expect(await site.db('users').where({ username: 'zoe-new' })).to.deep.equal([]);
    });
  }

  it('is said on the list and on Add User, with the link to Settings where no other place is named', async () => {
    await limitTo(100);
    expect((await olga.get('/users')).text)
      .to.include(`${await live()} of 100 accounts used`)
      .and.not.include('Nobody can be added');
    await limitTo(await live());
    for (const path of ['/users', '/users/new']) {
      const page = await olga.get(path);
      expect(page.text, path).to.include('Nobody can be added');
      expect(page.document.querySelector(`#full a`)?.getAttribute('href'), path).to.equal(url);
    }
    await limitTo(await live(), '');
    const link = (await olga.get('/users')).document.querySelector('#full a')?.getAttribute('href') ?? '';
    expect(link).to.equal('/settings#accounts');
    expect((await olga.get(link)).document.querySelector('section#accounts [name=account_limit]')).to.not.equal(null);
  });

  it('takes the last free place and no more', async () => {
    await limitTo((await live()) + 1);
    await olga.get('/users/new');
    expect((await olga.submit('/users/new', zoe)).status).to.equal(200);
    await olga.get('/users/new');
    expect((await olga.submit('/users/new', { ...zoe, username: 'zack', email: 'zack@world.example' })).status).to.equal(409);
  });

  it('refuses to restore, with the same link', async () => {
    await limitTo(await live());
    await olga.get('/users/dora/restore');
    const page = await olga.submit('/users/dora/restore');
    expect(page.status).to.equal(409);
    expect(page.document.querySelector(`#full a`)?.getAttribute('href')).to.equal(url);
    expect((await site.db('users').where({ id: site.ids.dora }).first()).deletedAt).to.be.instanceOf(Date);
  });

  it('refuses the rows of an import that find no place, before and after it has run, with the same link', async () => {
    await limitTo((await live()) + 1);
    await olga.get('/users/import');
    const text = 'username\temail\tname\nzoe-new\tzoe@x.example\tZoë\nzack\tzack@x.example\tZack\nzora\tzora@x.example\tZora\n';
    const link = (page: Page) => page.document.querySelector(`p:has(a[href="${url}"])`)?.text;
    const checked = await olga.submit('/users/import', { text });
    expect(link(checked)).to.include('2 rows find no place').and.include('Raise the limit, then check again');
    const done = await olga.submit(`${new URL(checked.url).pathname}/run`);
    expect(done.text).to.include('1 account has been created');
    expect(link(done)).to.include('2 rows find no place').and.include('Raise the limit, then import');
    expect((await olga.get('/users')).text).to.include('Nobody can be added');
  });

  it('is said on Add User with what each account costs, in the administrators’ own words', async () => {
    const says = async () => (await olga.get('/users/new')).document.querySelector('.head p')?.text;
    await limitTo(1000);
    expect(await says()).to.equal(`${await live()} of 1,000 accounts; each one adds load.`);
    await site.db('settings').update({ accountNote: 'each costs €2 a month & <b>counts</b>' });
    expect(await says()).to.equal(`${await live()} of 1,000 accounts; each costs €2 a month & <b>counts</b>.`);
    await site.db('settings').update({ accountNote: '' });
    await limitTo(0);
    expect(await says()).to.equal(`${await live()} accounts so far.`);
  });

  it('lets everything else go on when it is lowered below what lives', async () => {
    await limitTo(3);
    await olga.get('/users/uma/edit');
    expect((await olga.submit('/users/uma/edit', { phone: '111' })).status).to.equal(200);
    expect((await olga.post('/users/uma/delete', {})).status).to.equal(200);
  });

  it('is none when it is 0', async () => {
    await limitTo(0);
    expect((await olga.get('/users')).text)
      .to.include(`${await live()} accounts`)
      .and.not.include('of 0');
    await olga.get('/users/new');
    expect((await olga.submit('/users/new', zoe)).status).to.equal(200);
  });
});
