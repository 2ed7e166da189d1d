import { expect } from 'chai';
import type { Name } from '../seeds/world.ts';
import { monthOf } from '../src/balance/period.ts';
import { firstRows, readStatement, statementFile } from '../src/balance/statement.ts';
import { readCsv } from '../src/ground/csv.ts';
import { plainMomentIn } from '../src/web/time.ts';
import { connectTo } from './kit/connection.ts';
import { writeBooks } from './kit/money.ts';
import { siteForEach } from './kit/site.ts';
import type { Page } from './kit/visitor.ts';

describe('A statement', () => {
  const { site } = siteForEach();
  let ids: number[];
  beforeEach(async () => {
    ids = await writeBooks(site.db, 'uma', [
      { at: '2025-03-10T09:00:00Z', minor: 10_000, note: '=1+1', reference: 'R-1' },
      { at: '2025-04-30T22:30:00Z', minor: -2_500 },
      { at: '2025-05-02T09:00:00Z', minor: 70_000 },
      { at: '2025-05-02T09:05:00Z', cancels: 2 },
      { at: '2025-05-20T09:00:00Z', minor: 400 },
      { at: '2025-06-01T00:00:00Z', cancels: 4 },
    ]);
  });

  const of = (from: string, to: string, timeZone = 'UTC') => readStatement(site.db, site.ids.uma, { from, to, timeZone });
  const cells = (page: Page, label: string) =>
    page.document.querySelectorAll(`.statement td[data-label="${label}"]`).map(({ text }) => text.trim());
  const pageOf = async (name: Name, path: string) => (await site.visitor(name)).get(path);

  it('opens with the balance before, holds what was moved, cancelled or not, and closes with the balance after', async () => {
    const may = await of('2025-05-01', '2025-05-31');
    expect(may).to.deep.equal({
      openingMinor: 7_500,
      refilledMinor: 70_400,
      paidMinor: 0,
      cancelledMinor: -70_000,
      closingMinor: 7_900,
      count: 3,
      firstSeq: 3,
      lastSeq: 5,
    });
    expect(
      (await firstRows(site.db, site.ids.uma, may)).map(({ amountMinor, isCancelled }) => [amountMinor, isCancelled]),
    ).to.deep.equal([
      [70_000, true],
      [-70_000, false],
      [400, false], // Cancelled in June: May reads as it did in May.
    ]);
  });

  it('joins the one before and the one after without a gap, whatever the days', async () => {
    for (const [from, middle, next, to] of [
      ['2025-01-01', '2025-04-30', '2025-05-01', '2025-12-31'],
      ['2025-05-02', '2025-05-02', '2025-05-03', '2025-05-20'],
      ['2025-03-10', '2025-05-31', '2025-06-01', '2025-06-01'],
    ] as const) {
      const [first, second, whole] = [await of(from, middle), await of(next, to), await of(from, to)];
      expect(second.openingMinor).to.equal(first.closingMinor);
      expect([whole.openingMinor, whole.closingMinor, whole.count]).to.deep.equal([
        first.openingMinor,
        second.closingMinor,
        first.count + second.count,
      ]);
    }
  });

  it('counts days as they are in the reader’s time zone', async () => {
    expect((await of('2025-04-01', '2025-04-30')).paidMinor).to.equal(-2_500);
    expect((await of('2025-04-01', '2025-04-30', 'Europe/Minsk')).paidMinor).to.equal(0);
    expect((await of('2025-05-01', '2025-05-31', 'Europe/Minsk')).paidMinor).to.equal(-2_500);
    await site.db('users').where({ username: 'uma' }).update({ timeZone: 'Europe/Minsk' });
    const page = await pageOf('uma', '/my/balance/statement?from=2025-05-01&to=2025-05-31');
    expect(cells(page, 'Amount')).to.deep.equal(['-€25.00', '€700.00', '-€700.00', '€4.00']);
    expect(page.text).to.include('(Europe/Minsk)');
  });

  it('is one of the present month unless an address says which, and of nothing where nothing was moved', async () => {
    const page = await pageOf('uma', '/my/balance/statement');
    const { from, to } = monthOf(new Date().toISOString().slice(0, 10));
    const typed = ['from', 'to'].map((name) => page.document.querySelector(`input[name=${name}]`)?.getAttribute('value'));
    expect(typed).to.deep.equal([from, to]);
    expect(page.text)
      .to.include('Nothing was moved on these days.')
      .and.match(/Closing balance\s*€75\.00/);
    expect(await readStatement(site.db, site.ids.ines, { from, to, timeZone: 'UTC' })).to.include({
      openingMinor: 0,
      closingMinor: 0,
      count: 0,
    });
  });

  it('says beside a day what is wrong with it, and keeps what was typed', async () => {
    for (const [query, field] of [
      ['from=2025-02-30', 'from'],
      ['from=x&to=2025-01-01', 'from'],
      ['from=2025-05-02&to=2025-05-01', 'to'],
      ['to=0001-01-01', 'to'],
      ['to=99999-01-01', 'to'],
    ] as const) {
      const page = await pageOf('olga', `/users/uma/balance/statement?${query}`);
      expect(page.status, query).to.equal(422);
      expect(page.document.querySelector(`#${field}-error`)?.text, query).to.match(/A day such as|Not before/);
      expect(page.document.querySelector('input[name=to]')?.getAttribute('value')).to.equal(
        new URLSearchParams(query).get('to') ?? new Date().toISOString().slice(0, 10),
      );
      expect((await pageOf('olga', `/users/uma/balance/statement.csv?${query}`)).status).to.equal(422);
    }
    for (const junk of ['from[]=1', 'from=%00', 'to=2025-05-01%27'])
      expect((await pageOf('olga', `/users/uma/balance/statement?${junk}`)).status, junk).to.be.oneOf([200, 422]);
  });

  it('comes as a file that spreadsheets can read and no formula runs in', async () => {
    const visitor = await site.visitor('olga');
    const file = await visitor.get('/users/uma/balance/statement.csv?from=2025-01-01&to=2025-12-31');
    expect(file.headers.get('content-type')).to.include('text/csv');
    expect(file.headers.get('content-disposition')).to.include('statement-uma-2025-01-01-2025-12-31.csv');
    expect(file.html).to.include(`'=1+1`).and.match(/\r\n/);
    const rows = await readAll(file.html);
    expect(rows[1]).to.deep.equal(['', '2025-01-01', 'UTC', 'opening', '', '0.00', 'EUR', '', '', '', '']);
    expect(rows[2]).to.deep.equal([
      String(ids[0]),
      '2025-03-10 09:00:00',
      'UTC',
      'refill',
      '100.00',
      '100.00',
      'EUR',
      '',
      '=1+1',
      'R-1',
      '',
    ]);
    expect(rows[3]?.slice(3, 6)).to.deep.equal(['payment', '-25.00', '75.00']);
    expect(rows[4]?.[3]).to.equal('refill, cancelled');
    expect(rows[5]?.[7]).to.equal(String(ids[2]));
    expect(rows.at(-1)?.slice(3, 6)).to.deep.equal(['closing', '', '75.00']);
    expect(rows.length).to.equal(9);
  });

  it('holds every row in the file, a thousand at a time, and says on the page that it does not', async () => {
    await site.db.raw(
      `insert into transactions (user_id, kind, amount_minor, idempotency_key, at)
       select :id, 'refill', 1, gen_random_uuid(), '2025-07-01T00:00:00Z'::timestamptz + n * interval '1 second' from generate_series(1, 2500) n`,
      { id: site.ids.uma },
    );
    const period = { from: '2025-07-01', to: '2025-07-31', timeZone: 'UTC' };
    const printed = { currency: 'EUR', decimals: 2, moment: plainMomentIn('UTC') };
    const pieces: string[] = [];
    for await (const piece of statementFile(site.db, { id: site.ids.uma }, period, printed)) pieces.push(piece);
    expect(pieces.length).to.equal(5);
    expect((await readAll(pieces.join(''))).length).to.equal(2503);
    const page = await pageOf('olga', '/users/uma/balance/statement?from=2025-07-01&to=2025-07-31');
    expect(page.text)
      .to.include('The first 1,000 of 2,500 transactions stand here.')
      .and.match(/Closing balance\s*€100\.00/);
    expect(cells(page, 'Amount').length).to.equal(1000);
  });

  it('has amounts as the currency has them', async () => {
    for (const [currency, decimals, amount] of [
      ['JPY', 0, '10000'],
      ['KWD', 3, '10.000'],
    ] as const) {
      const period = { from: '2025-03-01', to: '2025-03-31', timeZone: 'UTC' };
      const printed = { currency, decimals, moment: plainMomentIn('UTC') };
      const pieces: string[] = [];
      for await (const piece of statementFile(site.db, { id: site.ids.uma }, period, printed)) pieces.push(piece);
      expect((await readAll(pieces.join('')))[2]?.[4]).to.equal(amount);
    }
  });

  it('is for administrators, for its own customer, and for who is connected to it', async () => {
    for (const name of ['stan', 'gus', 'mona', 'april', 'ines'] as const)
      for (const file of ['', '.csv'])
        expect((await pageOf(name, `/users/uma/balance/statement${file}`)).status, name).to.equal(403);
    for (const name of ['stan', 'gus', 'mona', 'april', 'olga'] as const)
      for (const file of ['', '.csv']) expect((await pageOf(name, `/my/balance/statement${file}`)).status, name).to.equal(403);
    const own = await pageOf('ines', '/my/balance/statement?from=2025-01-01&to=2025-12-31');
    expect(own.text).to.include('Inês Smirnova').and.not.include('€100.00');
    const olga = await site.visitor('olga');
    await connectTo(olga, 'uma', { mode: 'read' });
    expect((await olga.get('/my/balance/statement?from=2025-03-01&to=2025-03-31')).text).to.include('€100.00');
  });

  async function readAll(text: string): Promise<string[][]> {
    const rows: string[][] = [];
    async function* bytes() {
      yield Buffer.from(text);
    }
    for await (const row of readCsv(bytes())) rows.push(row);
    return rows;
  }
});
