import { expect } from 'chai';
import { worldPassword } from '../seeds/world.ts';
import { readCsv } from '../src/ground/csv.ts';
import { pieces } from './fixtures/imports.ts';
import { nastyAccounts } from './fixtures/nasty-accounts.ts';
import { lettersTo, turnMailOn } from './kit/letters.ts';
import { siteForEach } from './kit/site.ts';
import { modes, type Page, type Visitor } from './kit/visitor.ts';

const mixed = 'username,email,name\na1,1@x.org,A\nA2,2@x.org,B\na3,3@x.org,<b>C</b>\numa,4@x.org,D\n';

async function upload(
  visitor: Visitor,
  content: string | Buffer,
  filename = 'people.csv',
  fields: Record<string, string> = {},
): Promise<Page> {
  await visitor.get('/users/import');
  const body = new FormData();
  for (const [name, value] of Object.entries({ _csrf: visitor.token(), text: '', ...fields })) body.append(name, value);
  body.append('file', new Blob([content as BlobPart]), filename);
  return visitor.request('/users/import', { method: 'POST', body });
}

const pathOf = (page: Page) => new URL(page.url).pathname;

describe('The import pages', () => {
  const { site, olga } = siteForEach('olga');

  const usernames = () => site.db('users').pluck('username');

  for (const mode of modes) {
    it(`take a file, show what becomes of it, import it and report (${mode})`, async () => {
      const visitor = await site.visitor('olga', mode);
      const shown = await upload(visitor, mixed);
      expect(shown.status).to.equal(200);
      expect(shown.text).to.include('4 rows').and.include('Username taken').and.include('Download 2 rows');
      expect(shown.document.querySelector('form[action$=/run] button')?.text).to.equal('Import 2 accounts');
      expect(await usernames()).to.not.include('a1');
      const done = await visitor.submit(`${pathOf(shown)}/run`);
      expect(done.text).to.include('2 accounts have been created').and.include('2 rows have not become accounts');
      expect(await usernames())
        .to.include.members(['a1', 'a3'])
        .and.not.include('A2');
      const created = await visitor.get(`${pathOf(shown)}?verdict=created`);
      expect(created.document.querySelector('a[href="/users/a1"]')).to.not.equal(null);
    });
  }

  it('offer activation mails while outgoing mail is on, and send none unless that is ticked', async () => {
    const rows = (name: string) => ({ text: `username,email,name\n${name},${name}@x.org,A\n` });
    const importOne = async (name: string, values: Record<string, string> = {}) => {
      await olga.get('/users/import');
      const shown = await olga.submit('/users/import', rows(name));
      const isOffered = shown.document.querySelector('[name=mails_activation]') !== null;
      await olga.submit(`${pathOf(shown)}/run`, values);
      return [isOffered, (await lettersTo(site, `${name}@x.org`)).map(({ kind }) => kind).join()];
    };
    expect(await importOne('a1', { mails_activation: 'on' })).to.deep.equal([false, '']);
    await turnMailOn(site);
    expect(await importOne('a2')).to.deep.equal([true, '']);
    expect(await importOne('a3', { mails_activation: 'on' })).to.deep.equal([true, 'activation']);
  });

  it('take pasted rows as well', async () => {
    await olga.get('/users/import');
    const page = await olga.submit('/users/import', { text: 'username\temail\tname\na1\t1@x.org\tA\n' });
    expect(page.text).to.include('Pasted rows').and.include('Import 1 account');
  });

  it('take pasted rows from a browser, whose form holds an empty file too', async () => {
    const page = await upload(olga, '', '', { text: mixed });
    expect(page.text).to.include('Pasted rows').and.include('Import 2 accounts');
  });

  const refused: [name: string, content: string | Buffer, filename: string, text: string][] = [
    ['nothing', '', '', 'choose a file'],
    ['an empty file', '', 'empty.csv', 'The file is empty'],
    ['headings alone', 'username,email', 'a.csv', 'no rows below'],
    ['another encoding', Buffer.from([0xe9, 0x2c, 0x62, 10]), 'a.csv', 'not a CSV file in UTF-8'],
    ['more than 50 MB', `username,email\n${`a,${'b'.repeat(900_000)}\n`.repeat(60)}`, 'a.csv', 'larger than 50 MB'],
  ];
  for (const [name, content, filename, text] of refused) {
    it(`refuse ${name} beside the field, and keep nothing`, async () => {
      const page = await upload(olga, content, filename);
      expect(page.status).to.equal(422);
      expect(page.document.querySelector('#field-file-error')?.text).to.include(text);
      expect(await site.db('imports').pluck('id')).to.deep.equal([]);
    });
  }

  it('keep what was pasted when it needs mending', async () => {
    await olga.get('/users/import');
    const page = await olga.submit('/users/import', { text: 'only one column\nx' });
    expect(page.status).to.equal(422);
    expect(page.document.querySelector('textarea')?.text).to.include('only one column');
    expect(page.document.querySelector('#field-text-error')?.text).to.include('Only one column');
  });

  it('let the columns be chosen', async () => {
    const page = await upload(olga, 'who,mailbox,called\na1,1@x.org,A\n');
    expect(page.text).to.include('Say below which column').and.not.include('Import 1');
    const wrong = await olga.submit(`${pathOf(page)}/columns`, { column_0: 'username', column_1: 'username', column_2: '' });
    expect(wrong.status).to.equal(422);
    expect(wrong.document.querySelector('#field-column_1-error')?.text).to.include('already');
    const right = await olga.submit(`${pathOf(page)}/columns`, { column_0: 'username', column_1: 'email', column_2: 'name' });
    expect(right.text).to.include('Import 1 account');
  });

  it('make administrators only for who proves to be still there', async () => {
    await site.db('sessions').update({ confirmedAt: '2026-01-01' });
    const page = await upload(olga, 'username,email,name,profile\nb1,1@x.org,B,administrator\nb2,2@x.org,B,customer\n');
    const run = `${pathOf(page)}/run`;
    expect(page.text).to.include('1 row makes an administrator');
    const without = await olga.post(run, { admits_administrators: 'on' });
    expect(without.status).to.equal(422);
    const wrong = await olga.post(run, { admits_administrators: 'on', your_password: 'guess' });
    expect([wrong.status, wrong.document.querySelector('#field-your_password-error')?.text.trim()]).to.deep.equal([
      422,
      'This is not your password.',
    ]);
    expect(await usernames()).to.not.include('b1');
    const done = await olga.post(run, { admits_administrators: 'on', your_password: worldPassword });
    expect(done.text).to.include('2 accounts have been created');
    expect((await site.db('users').where({ username: 'b1' }).first()).profile).to.equal('administrator');
  });

  it('give the rejected rows as a file', async () => {
    const page = await upload(olga, mixed);
    const file = await olga.get(`${pathOf(page)}/rejected.csv`);
    expect(file.headers.get('content-type')).to.equal('text/csv; charset=utf-8');
    expect(file.headers.get('content-disposition')).to.match(/^attachment; filename="?rejected-\d+\.csv"?$/);
    const rows: string[][] = [];
    for await (const row of readCsv(pieces(file.html))) rows.push(row);
    expect(rows.map(([verdict, , username]) => [verdict, username])).to.deep.equal([
      ['verdict', 'username'],
      ['invalid_username', 'A2'],
      ['duplicate_username', 'uma'],
    ]);
  });

  it('show progress that renews itself, and stop', async () => {
    const page = await upload(olga, mixed);
    const id = pathOf(page).split('/').at(-1);
    await site
      .db('imports')
      .where({ id })
      .update({ state: 'running', leaseUntil: '2999-01-01', runBy: JSON.stringify({ id: site.ids.olga }) });
    const running = await olga.get(pathOf(page));
    expect(running.document.querySelector('#import')?.getAttribute('hx-trigger')).to.equal('every 2s');
    expect(running.html).to.include('<noscript><meta http-equiv="refresh" content="2"></noscript>');
    expect(running.document.querySelector('progress')?.getAttribute('max')).to.equal('2');
    const stopped = await olga.submit(`${pathOf(page)}/stop`);
    expect(stopped.text).to.include('has been stopped').and.include('Import 2 accounts');
    expect(stopped.html).to.not.include('hx-trigger="every');
  });

  it('run a long import behind the answer', async () => {
    const { csv, counts } = nastyAccounts(2600);
    const page = await upload(olga, csv);
    const running = await olga.submit(`${pathOf(page)}/run`);
    expect(running.text).to.include('The import runs');
    for (let tries = 0; tries < 100 && (await olga.get(pathOf(page))).html.includes('every 2s'); tries += 1);
    expect(olga.page.text).to.include(`${counts.ready?.toLocaleString('en')} accounts have been created`);
  }).timeout(30_000);

  it('turn the leaves of a long list of rows', async () => {
    const rows = Array.from({ length: 120 }, (_, index) => `A${index},x,y`);
    let page = await upload(olga, `username,email,name\n${rows.join('\n')}`);
    const leaves: string[] = [];
    for (const link of ['#page-next', '#page-next', '#page-previous', '#page-first']) {
      leaves.push(page.document.querySelector('.pager-text')?.text ?? '');
      page = await olga.get((page.document.querySelector(link)?.getAttribute('href') ?? '').replaceAll('&amp;', '&'));
    }
    expect(leaves).to.deep.equal([
      'Rows 2 to 51 of the file',
      'Rows 52 to 101 of the file',
      'Rows 102 to 121 of the file',
      'Rows 52 to 101 of the file',
    ]);
    expect(page.document.querySelector('#page-first')?.getAttribute('href')).to.equal(undefined);
  });

  it('show markup of a file as text', async () => {
    const page = await upload(olga, 'username,email,name,"<script>x</script>"\na1,1@x.org,<b>C</b>,x\n', '<img src=x>.csv');
    expect(page.html).to.not.include('<b>C').and.not.include('<script>x').and.not.include('<img src');
  });

  it('know no import that is not there', async () => {
    for (const id of ['999999', '0', '-1', '1e3', '99999999999999999999', 'x%00', '__proto__']) {
      expect((await olga.get(`/users/import/${id}`)).status).to.equal(404);
      expect((await olga.get(`/users/import/${id}/rejected.csv`)).status).to.equal(404);
    }
    const page = await upload(olga, mixed);
    expect((await olga.get(`${pathOf(page)}?verdict=__proto__&after=99999999999&before=x`)).status).to.equal(200);
  });

  for (const name of ['stan', 'gus', 'mona', 'april', 'uma'] as const) {
    it(`are closed to ${name}, with everything behind them`, async () => {
      const path = pathOf(await upload(olga, mixed));
      const other = await site.visitor(name);
      await other.get('/account');
      for (const page of ['/users/import', path, `${path}/rejected.csv`]) expect((await other.get(page)).status).to.equal(403);
      for (const action of ['/users/import', `${path}/columns`, `${path}/run`, `${path}/stop`])
        expect((await other.post(action, {})).status).to.equal(403);
      expect(await usernames()).to.not.include('a1');
    });
  }

  it('refuse a file without the token', async () => {
    const page = await upload(olga, mixed, 'a.csv', { _csrf: 'forged' });
    expect(page.status).to.equal(403);
    expect(await site.db('imports').pluck('id')).to.deep.equal([]);
  });

  it('refuse what is no multipart form, without failing', async () => {
    await olga.get('/users/import');
    const token = olga.token();
    const types = ['multipart/form-data', 'multipart/form-data; boundary=x', 'text/csv'];
    for (const type of types) {
      const page = await olga.request('/users/import', {
        method: 'POST',
        body: 'nonsense',
        headers: { 'content-type': type, 'x-csrf-token': token },
      });
      expect(page.status).to.be.within(400, 422);
    }
  });
});
