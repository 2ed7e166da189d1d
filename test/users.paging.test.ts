import { expect } from 'chai';
import { columnNames } from '../src/users/columns.ts';
import { orders } from '../src/users/order.ts';
import { listed } from './kit/reading.ts';
import { openSite, type Site } from './kit/site.ts';
import type { Page, Visitor } from './kit/visitor.ts';

const link = (page: Page, id: string) => page.document.querySelector(`#page-${id}`)?.getAttribute('href') ?? null;
const chips = (page: Page) =>
  page.document
    .querySelectorAll('.chip')
    .map(({ text, attributes }) => ({ text: text.replace(/\s+/g, ' ').trim(), href: attributes.href as string }));

describe('The pages of the list', () => {
  let site: Site;
  let olga: Visitor;
  before(async function () {
    this.timeout(60_000);
    site = await openSite();
    olga = await site.visitor('olga');
    await site.db('users').where({ username: 'olga' }).update({ listColumns: columnNames });
    // Many ties in every column, many who never signed in, and moments that differ by microseconds.
    await site.db.raw(`
      insert into users (username, email, name, phone, profile, description, state, last_sign_in_at, registered_at, expires_at, balance_minor)
      select 'crowd-' || n, (case when n % 2 = 0 then 'Crowd' else 'crowd' end) || n || '@crowd.example', (array['Ana', 'ana', 'Äna', '美咲'])[1 + n % 4],
        (array['', '+1 212'])[1 + n % 2], (array['customer', 'monitor', 'api'])[1 + n % 3], (array['', 'pilot'])[1 + n % 2],
        (array['STATE_APPROVED', 'STATE_INACTIVE', 'STATE_INVITED'])[1 + n % 3],
        case when n % 3 > 0 then now() - make_interval(secs => n % 5 + n % 2 * 0.000001) end, now() - make_interval(secs => n % 7 * 0.000001), case when n % 4 > 0 then now() + make_interval(secs => n % 5) end, (n % 9 - 4) * 100
      from generate_series(1, 113) n`);
  });
  after(() => site.close());

  const everybody = () => site.db('users').where({ deletedAt: null }).orderBy('username').pluck('username');

  /** Follows a link from page to page; the usernames of each. */
  async function walk(address: string, id: 'next' | 'previous'): Promise<string[][]> {
    const pages: string[][] = [];
    for (let at: string | null = address; at && pages.length < 20; at = link(olga.page, id))
      pages.push(listed(await olga.get(at)));
    return pages;
  }

  for (const by of Object.keys(orders).filter((name) => name !== 'deleted')) {
    for (const sort of [by, `-${by}`]) {
      it(`visit everybody exactly once by ${sort}, forward and back`, async () => {
        const forward = await walk(`/users?sort=${sort}`, 'next');
        expect(forward.map(({ length }) => length).slice(0, -1)).to.deep.equal(forward.slice(1).map(() => 25));
        expect(forward.flat().toSorted()).to.deep.equal(await everybody());
        const back = await walk(olga.page.url.replace(olga.address, ''), 'previous');
        expect(back.toReversed()).to.deep.equal(forward);
      });
    }
    it(`turn around when the head of ${by} is pressed again`, async () => {
      const up = (await walk(`/users?sort=${by}&limit=100`, 'next')).flat();
      const down = (await walk(`/users?sort=-${by}&limit=100`, 'next')).flat();
      expect(down).to.deep.equal(up.toReversed());
      const head = (await olga.get(`/users?sort=${by}`)).document.querySelector(`th[aria-sort=ascending] #sort-${by}`);
      expect(head?.getAttribute('href')).to.include(by === 'registered' ? '/users' : `sort=-${by}`);
    });
  }

  for (const limit of [25, 50, 100]) {
    it(`hold ${limit} users and keep filter and order on the way`, async () => {
      const pages = await walk(`/users?q=crowd.example&sort=email&limit=${limit}`, 'next');
      expect(pages[0]).to.have.length(limit);
      expect(pages.flat()).to.have.length(113);
    });
  }

  it('hold 25 when another number is asked for', async () => {
    for (const limit of ['0', '-1', '26', '1000', 'x', ''])
      expect(listed(await olga.get(`/users?limit=${limit}`))).to.have.length(25);
  });

  it('say how many match, exactly, with a page that says it too', async () => {
    expect((await olga.get('/users?q=crowd.example')).document.querySelector('#matches')?.text).to.include('113 users match');
    expect((await olga.get('/users?state=locked')).document.querySelector('#matches')?.text).to.include('1 user matches');
    expect((await olga.get('/users/count?q=crowd.example')).document.querySelector('#count')?.text).to.equal('113 users match');
    expect((await olga.get('/users')).document.querySelector('#matches')).to.equal(null);
  });

  it('show each filter as a chip that takes away that filter alone', async () => {
    const page = await olga.get('/users?q=ana&state=inactive&profile=monitor%2Capi&verified=no&sort=name&limit=50');
    expect(chips(page).map(({ text }) => text)).to.deep.equal([
      'Remove filter: “ana”',
      'Remove filter: Status: Inactive',
      'Remove filter: Profile: Monitor user, API user',
      'Remove filter: Mail verified: no',
    ]);
    for (const [index, { href }] of chips(page).entries()) {
      const less = chips(await olga.get(href));
      expect(less).to.have.length(3);
      expect(less.map(({ text }) => text)).to.not.include(chips(page)[index]?.text);
      expect(href).to.include('sort=name').and.include('limit=50');
    }
  });

  it('take filters as words in the search box', async () => {
    const page = await olga.get('/users?q=state%3Alocked+lea+verified%3Ayes');
    expect(listed(page)).to.deep.equal(['lea']);
    expect(chips(page).map(({ text }) => text)).to.deep.equal([
      'Remove filter: “lea”',
      'Remove filter: Status: Locked',
      'Remove filter: Mail verified: yes',
    ]);
    expect((await olga.get('/users?q=state%3Anowhere')).status).to.equal(422);
    expect(listed(await olga.get('/users?q=mood%3Agood'))).to.deep.equal([]);
  });

  it('keep order, size and what has no control when the filter form is sent', async () => {
    const page = await olga.get('/users?sort=-email&limit=50&view=999&balance=0&q=ana');
    const kept = page.document
      .querySelectorAll('form.filters input[type=hidden]')
      .map(({ attributes }) => `${attributes.name}=${attributes.value}`);
    expect(kept).to.have.members(['sort=-email', 'limit=50']);
  });

  it('lead to the deleted ones by state', async () => {
    expect((await olga.get('/users?state=deleted')).url).to.match(/\/users\/deleted$/);
  });

  it('say that a page is empty by now, or that nobody matches, with the way back', async () => {
    const nobody = await olga.get('/users?q=nobody-at-all');
    expect(nobody.document.querySelector('.empty a')?.getAttribute('href')).to.equal('/users');
    expect(nobody.text).to.include('No user matches');
    const beyond = Buffer.from(JSON.stringify(['zzzz', 9])).toString('base64url');
    const empty = await olga.get(`/users?sort=username&after=${beyond}`);
    expect(empty.text).to.include('empty by now');
  });

  it('list the deleted ones, the latest first, page by page', async () => {
    await site
      .db('users')
      .where('username', 'like', 'crowd-%')
      .update({ deletedAt: site.db.raw(`now() - make_interval(secs => (id % 5)::int)`) });
    const pages = await (async () => {
      const found: number[] = [];
      for (let at: string | null = '/users/deleted?sort=-registered&q=x'; at && found.length < 20; at = link(olga.page, 'next')) {
        const page = await olga.get(at);
        found.push(page.document.querySelectorAll('table.list > tbody > tr').length);
        expect(link(page, 'next') ?? '').to.not.match(/sort=|q=/);
      }
      return found;
    })();
    expect(pages).to.deep.equal([25, 25, 25, 25, 14]);
    expect((await olga.get('/users/deleted')).document.querySelectorAll('.tabs .count').map(({ text }) => text)).to.deep.equal([
      '17',
      '1',
      '114',
    ]);
  });

  it('begin at their beginning with a place that belongs to another order', async () => {
    const place = (key: string) => Buffer.from(JSON.stringify([key, 1])).toString('base64url');
    for (const sort of ['balance', '-last', 'registered', 'expires']) {
      const first = listed(await olga.get(`/users?sort=${sort}`));
      expect(listed(await olga.get(`/users?sort=${sort}&after=${place('ana')}`)), sort).to.deep.equal(first);
    }
  });
});

describe('The count of a long list', () => {
  it('says more than 1,000 at once, and the exact figure on its own page', async () => {
    const site = await openSite();
    await site.db.raw(
      `insert into users (username, email, name, state) select 'crowd-' || n, n || '@crowd.example', 'Crowd', 'STATE_APPROVED' from generate_series(1, 1234) n`,
    );
    const olga = await site.visitor('olga');
    const matches = (await olga.get('/users?q=crowd')).document.querySelector('#matches a');
    expect(matches?.text).to.equal('More than 1,000 users match');
    expect(matches?.getAttribute('hx-get')).to.equal(matches?.getAttribute('href'));
    expect((await olga.get(matches?.getAttribute('href') ?? '')).document.querySelector('#count')?.text).to.equal(
      '1,234 users match',
    );
    expect((await olga.get('/users')).text).to.include('1,251 accounts');
    await site.close();
  });
});
