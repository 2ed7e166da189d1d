import { expect } from 'chai';
import { readCsv } from '../src/ground/csv.ts';
import { pieces } from './fixtures/imports.ts';
import { press } from './fixtures/selecting.ts';
import { type Site, siteForEach } from './kit/site.ts';
import { modes, type Page } from './kit/visitor.ts';

const pathOf = (page: Page) => new URL(page.url).pathname;

describe('The pages of an act upon many users', () => {
  const { site, olga } = siteForEach('olga');

  type Name = keyof Site['ids'];
  const stateOf = async (username: Name) => (await site.db('users').where({ username }).first()).state;

  async function preview(act: string, names: Name[], visitor = olga): Promise<Page> {
    await visitor.get('/users?limit=50');
    return press(
      visitor,
      { act },
      names.map((name) => site.ids[name]),
    );
  }

  for (const mode of modes) {
    it(`show who is refused and why, do the others, and report (${mode})`, async () => {
      const visitor = await site.visitor('olga', mode);
      const shown = await preview('deactivate user', ['uma', 'stan', 'olga', 'nina'], visitor);
      expect(shown.text).to.include('Deactivate 2 of 4 users?').and.include('You cannot deactivate yourself');
      expect(shown.text).to.include('Nina Costa is Inactive: there is nothing to deactivate.');
      expect(await stateOf('uma')).to.equal('STATE_APPROVED');
      const report = await visitor.submit(`${pathOf(shown)}/run`, { reason: 'Left the company.' });
      expect(report.text).to.include('2 users deactivated. 2 users refused');
      expect([await stateOf('uma'), await stateOf('stan'), await stateOf('olga')]).to.deep.equal([
        'STATE_INACTIVE',
        'STATE_INACTIVE',
        'STATE_APPROVED',
      ]);
      expect((await site.db('users').where({ username: 'uma' }).first()).stateReason).to.equal('Left the company.');
    });
  }

  it('end the sessions of everybody who is deactivated', async () => {
    const uma = await site.visitor('uma');
    await olga.get('/users');
    const shown = await preview('deactivate user', ['uma', 'stan']);
    await olga.submit(`${pathOf(shown)}/run`);
    expect((await uma.get('/account')).url).to.include('/sign-in');
  });

  it('keep what was typed when the form needs mending', async () => {
    const shown = await preview('suspend user', ['uma']);
    const page = await olga.submit(`${pathOf(shown)}/run`, { reason: 'x'.repeat(501) });
    expect(page.status).to.equal(422);
    expect(page.document.querySelector('#field-reason-error')?.text).to.include('500 characters at most');
    expect(page.document.querySelector('textarea')?.text.trim()).to.equal('x'.repeat(501));
    expect(await stateOf('uma')).to.equal('STATE_APPROVED');
  });

  it('lead back to the list with the same users ticked', async () => {
    await olga.get('/users?sort=name&limit=50');
    const shown = await press(olga, { act: 'suspend user' }, [site.ids.uma]);
    const back = shown.document.querySelector('.formfoot a')?.getAttribute('href')?.replaceAll('&amp;', '&') ?? '';
    expect(back).to.match(/^\/users\?sort=name&limit=50&selection=\d+$/);
    const page = await olga.get(back);
    expect(page.document.querySelectorAll('tbody .pick input[checked]').length).to.equal(1);
  });

  it('offer nothing when it can be done to nobody', async () => {
    const shown = await preview('unlock user', ['uma']);
    expect(shown.text).to.include('It can be done to none of these users').and.include('Uma Trucking Ltd is not locked.');
    expect(shown.document.querySelector('form[action$=/run]')).to.equal(null);
  });

  it('export who is selected, and note it in the history', async () => {
    const shown = await preview('export users', ['uma', 'stan']);
    const href = shown.document.querySelector('a[href$="users.csv"]')?.getAttribute('href') ?? '';
    const file = await olga.get(href);
    expect(await rowsOf(file)).to.have.length(3);
    const { id } = await site.db('history').where({ act: 'user.exported' }).first();
    const { words } = await site.db('historyWords').where({ historyId: id, part: 'user' }).first();
    expect(words.facts).to.deep.equal({ count: 2, filteredBy: ['selection'] });
    const other = await preview('unlock user', ['uma']);
    expect((await olga.get(`${pathOf(other)}/users.csv`)).status).to.equal(404);
  });

  it('give the report as a file', async () => {
    const shown = await preview('deactivate user', ['uma', 'olga']);
    await olga.submit(`${pathOf(shown)}/run`);
    const file = await olga.get(`${pathOf(shown)}/report.csv`);
    expect(file.headers.get('content-disposition')).to.match(/^attachment; filename="?report-\d+\.csv"?$/);
    expect((await rowsOf(file)).map(([verdict, , username]) => [verdict, username])).to.deep.equal([
      ['verdict', 'username'],
      ['refused', 'olga'],
      ['done', 'uma'],
    ]);
  });

  async function rowsOf(file: Page): Promise<string[][]> {
    const rows: string[][] = [];
    for await (const row of readCsv(pieces(file.html))) rows.push(row);
    return rows;
  }

  it('show progress that renews itself, and stop', async () => {
    const shown = await preview('deactivate user', ['uma', 'stan']);
    const id = pathOf(shown).split('/').at(-1);
    await site.db('bulks').where({ id }).update({ state: 'running' });
    const running = await olga.get(pathOf(shown));
    expect(running.document.querySelector('#bulk')?.getAttribute('hx-trigger')).to.equal('every 2s');
    expect(running.html).to.include('<noscript><meta http-equiv="refresh" content="2"></noscript>');
    expect(running.document.querySelector('progress')?.getAttribute('max')).to.equal('2');
    const stopped = await olga.submit(`${pathOf(shown)}/stop`);
    expect(stopped.text).to.include('It has been stopped').and.include('2 users left').and.include('Deactivate 2 users');
    expect(stopped.html).to.not.include('hx-trigger="every');
  });

  it('check and do it behind the answer when there are many', async () => {
    const rows = Array.from({ length: 1800 }, (_, n) => ({
      username: `many-${n}`,
      email: `many-${n}@many.example`,
      name: `Many ${n}`,
      state: 'STATE_APPROVED',
    }));
    await site.db('users').insert(rows);
    await olga.get('/users?q=many.example');
    const shown = await press(olga, { all: 'on', act: 'deactivate user' });
    expect(shown.text).to.include('have been checked so far');
    const ready = await ended();
    expect(ready.text).to.include('Deactivate 1,800 users?');
    expect((await olga.submit(`${pathOf(ready)}/run`)).text).to.include('It runs.');
    expect((await ended()).text).to.include('1,800 users deactivated.');
    expect(await site.db('history').where({ act: 'user.deactivated' }).count('* as rows').first()).to.deep.equal({ rows: 1800 });

    async function ended(): Promise<Page> {
      for (let tries = 0; tries < 200 && (await olga.get(pathOf(olga.page))).html.includes('every 2s'); tries += 1);
      return olga.page;
    }
  }).timeout(40_000);

  it('turn the leaves of many users', async () => {
    const rows = Array.from({ length: 120 }, (_, n) => ({
      username: `leaf-${n}`,
      email: `l${n}@leaf.example`,
      name: `L ${n}`,
      state: 'STATE_APPROVED',
    }));
    await site.db('users').insert(rows);
    await olga.get('/users?q=leaf.example');
    let page = await press(olga, { all: 'on', act: 'deactivate user' });
    const leaves: (string | undefined)[] = [];
    for (const link of ['#page-next', '#page-next', '#page-previous', '#page-first']) {
      leaves.push(page.document.querySelector('#bulk tbody th')?.text.trim());
      page = await olga.get((page.document.querySelector(link)?.getAttribute('href') ?? '').replaceAll('&amp;', '&'));
    }
    expect(leaves).to.deep.equal(['L 0', 'L 50', 'L 100', 'L 50']);
  });

  it('list one’s own latest acts', async () => {
    await preview('unlock user', ['lea']);
    expect((await olga.get('/users/bulk')).text)
      .to.include('Your acts in bulk')
      .and.include('Unlock');
    const oscar = await site.visitor('oscar');
    expect((await oscar.get('/users/bulk')).text).to.not.include('Your acts in bulk');
  });

  it('show names as text', async () => {
    await site.db('users').where({ username: 'uma' }).update({ name: '<b>Uma</b>' });
    const shown = await preview('unlock user', ['uma']);
    expect(shown.html).to.not.include('<b>Uma');
  });

  it('know no act that is not there, nor a selection that has no act yet', async () => {
    await olga.get('/users');
    const kept = await press(olga, { go: '/users' }, [site.ids.uma]);
    const selection = new URL(kept.url).searchParams.get('selection') as string;
    for (const id of [selection, '999999', '0', '-1', '1e3', '99999999999999999999', 'x%00', '__proto__']) {
      for (const path of ['', '/report.csv', '/users.csv'])
        expect((await olga.get(`/users/bulk/${id}${path}`)).status, id + path).to.equal(404);
    }
    await olga.get('/users');
    for (const act of ['run', 'stop', 'answer'])
      expect((await olga.post(`/users/bulk/${selection}/${act}`, {})).status).to.equal(404);
    const shown = await preview('unlock user', ['lea']);
    expect((await olga.get(`${pathOf(shown)}?verdict=__proto__&after=99999999999999999999&before=x`)).status).to.equal(200);
  });

  for (const name of ['stan', 'gus', 'mona', 'april', 'uma'] as const) {
    it(`are closed to ${name}, with everything behind them`, async () => {
      const path = pathOf(await preview('deactivate user', ['ines']));
      const other = await site.visitor(name);
      await other.get('/account');
      for (const page of ['/users/bulk', path, `${path}/report.csv`, `${path}/users.csv`])
        expect((await other.get(page)).status).to.equal(403);
      const fields = { act: 'deactivate user', user: String(site.ids.ines), from: '/users' };
      for (const action of ['/users/bulk', `${path}/run`, `${path}/stop`, `${path}/answer`])
        expect((await other.post(action, fields)).status).to.equal(403);
      expect(await stateOf('ines')).to.equal('STATE_APPROVED');
    });
  }

  it('do nothing without the token', async () => {
    const shown = await preview('deactivate user', ['ines']);
    for (const path of ['/users/bulk', `${pathOf(shown)}/run`])
      expect((await olga.post(path, { _csrf: 'forged', act: 'deactivate user', user: String(site.ids.uma) })).status).to.equal(
        403,
      );
    expect(await stateOf('ines')).to.equal('STATE_APPROVED');
  });
});
