import { expect } from 'chai';
import { stateNames } from '../src/access/standing.ts';
import { giveSign, silentSince } from '../src/jobs/sign.ts';
import { chartOf, roundTop } from '../src/overview/chart.ts';
import { giveBalance, post, writeBooks } from './kit/money.ts';
import { wordsOf } from './kit/reading.ts';
import { siteForEach } from './kit/site.ts';
import { modes, type Page } from './kit/visitor.ts';

describe('The Overview', () => {
  const { site, olga } = siteForEach('olga');

  const concerns = (page: Page) =>
    page.document.querySelectorAll('#attention a').map((link) => [link.text.trim(), link.getAttribute('href')]);
  const table = (page: Page, id: string) =>
    page.document.querySelectorAll(`#${id} tbody tr`).map((row) => row.querySelectorAll('th, td').map(({ text }) => text.trim()));
  const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000);

  for (const mode of modes)
    it(`is where administrators begin, and nobody else, as ${mode}`, async () => {
      const visitor = await site.visitor('olga', mode);
      const page = await visitor.get('/');
      expect([page.status, wordsOf(page, 'h1')]).to.deep.equal([200, 'Overview']);
      for (const [name, path] of [
        ['uma', '/my'],
        ['stan', '/my'],
        ['april', '/account'],
        [null, '/sign-in'],
      ] as const) {
        const other = await site.visitor(name);
        const { url, text } = await other.get('/');
        expect(new URL(url).pathname, String(name)).to.equal(path);
        expect(text).to.not.include('Users by state');
      }
    });

  it('counts the users of each state as their lists do', async () => {
    const page = await olga.get('/');
    for (const row of page.document.querySelectorAll('#states tbody tr')) {
      const link = row.querySelector('a');
      const count = Number(row.querySelector('.num')?.text);
      if (!link) expect(count).to.equal(0);
      else {
        const list = await olga.get(link.getAttribute('href') as string);
        expect(list.document.querySelectorAll('table.list > tbody').length, link.getAttribute('href')).to.equal(count);
      }
    }
    expect(page.document.querySelectorAll('#states tbody tr').length).to.equal(Object.keys(stateNames).length);
    const { live } = await site.db('accountCounter').first();
    expect(page.text).to.include(`${live} accounts in use`);
  });

  it('says how many accounts of how many are in use', async () => {
    await site.db('settings').update({ accountLimit: 50 });
    expect((await olga.get('/')).text).to.include('17 of 50 accounts in use, 1 deleted');
  });

  it('draws who came on each day, with its table and the list of each day', async () => {
    await site
      .db('users')
      .whereIn('username', ['uma', 'ines', 'dora'])
      .update({ registeredAt: daysAgo(3) });
    const page = await olga.get('/?days=7');
    const rows = table(page, 'registrations');
    expect(rows.length).to.equal(7);
    expect(rows[3]?.[1]).to.equal('2');
    const href = page.document.querySelectorAll('#registrations tbody tr')[3]?.querySelector('a')?.getAttribute('href') as string;
    const list = await olga.get(href);
    expect(list.document.querySelectorAll('table.list > tbody').map(({ id }) => id)).to.have.members(['user-uma', 'user-ines']);
    expect(page.document.querySelectorAll('#registrations svg rect.info').length).to.equal(
      rows.filter(([, count]) => count !== '0').length,
    );
    expect(page.document.querySelector('#registrations svg')?.getAttribute('aria-label')).to.match(
      /^Registrations per day, .+ to .+\. Registered: \d+\.$/,
    );
  });

  it('draws what was moved on each day, with its table', async () => {
    await writeBooks(site.db, 'uma', [
      { at: daysAgo(2).toISOString(), minor: 12_000 },
      { at: daysAgo(2).toISOString(), minor: -2_000 },
      { at: daysAgo(1).toISOString(), cancels: 1 },
    ]);
    await post(site.db, 'uma', { kind: 'payment', amountMinor: -500 });
    const page = await olga.get('/?days=7');
    expect(
      table(page, 'money')
        .slice(0, 3)
        .map(([, ...cells]) => cells),
    ).to.deep.equal([
      ['€0.00 (0)', '-€5.00 (1)', '€0.00 (0)'],
      ['€0.00 (0)', '€0.00 (0)', '€20.00 (1)'],
      ['€120.00 (1)', '-€20.00 (1)', '€0.00 (0)'],
    ]);
    expect(wordsOf(page, '#money .legend')).to.equal('Refills €120.00Payments €25.00Cancelled €20.00');
  });

  it('shows 7, 30 or 90 days, and 30 for anything else', async () => {
    for (const [query, days] of [
      ['?days=7', 7],
      ['?days=90', 90],
      ['', 30],
      ['?days=1000000', 30],
      ['?days[]=7', 30],
    ] as const) {
      const page = await olga.get(`/${query}`);
      expect([table(page, 'money').length, table(page, 'registrations').length], query).to.deep.equal([days, days]);
    }
  });

  it('says what needs attention, each with where it is mended', async () => {
    const { db, ids } = site;
    await db('users')
      .where({ username: 'ines' })
      .update({ expiresAt: new Date(Date.now() + 86_400_000) });
    await giveBalance(db, 'lea', -500);
    await db('users').where({ username: 'uma' }).update({ balanceLowSince: new Date() });
    await db('settings').update({ accountLimit: 18 });
    await db('mailServer').update({ failures: 2, failingSince: daysAgo(1) });
    await db('letters').insert({
      kind: 'unlocked',
      userId: ids.uma,
      address: 'uma@world.example',
      state: 'failed',
      endedAt: new Date(),
    });
    await db('workerSign').update({ at: daysAgo(1) });
    expect(concerns(await olga.get('/'))).to.deep.equal([
      ['The last sign of a worker was yesterday: mail, imports and acts in bulk wait.', '/mail?state=queued'],
      ['Mail cannot be sent: the server failed first yesterday.', '/mail?state=queued'],
      ['1 mail could not be sent in the last 7 days.', '/mail?state=failed'],
      ['17 of 18 accounts are in use.', '/settings#accounts'],
      ['1 request waits for approval.', '/users?state=requested'],
      ['1 account is locked.', '/users?state=locked'],
      ['1 account ends within 7 days.', '/users?expires=%3C7d&sort=expires'],
      ['1 balance is below zero.', '/users?balance=%3C0&sort=balance'],
      ['2 balances are low.', '/users?balance=low&sort=balance'],
    ]);
    for (const [, href] of concerns(olga.page)) expect((await olga.get(href as string)).status, href).to.equal(200);
    await db('settings').update({ accountLimit: 17 });
    expect((await olga.get('/')).text).to.include('All 17 accounts are in use: nobody can be added.');
  });

  it('says so when nothing does', async () => {
    await site.db('users').whereIn('username', ['lea', 'rita']).delete();
    await giveSign(site.db);
    expect(concerns(await olga.get('/'))).to.deep.equal([]);
    expect(olga.page.text).to.include('Nothing: no requests, no locks, no failing mail.');
  });

  it('knows a worker by its last sign', async () => {
    await site.db('workerSign').update({ at: daysAgo(1) });
    expect(await silentSince(site.db)).to.be.instanceOf(Date);
    await giveSign(site.db);
    expect(await silentSince(site.db)).to.equal(null);
  });
});

describe('A chart', () => {
  const plan = { id: 'x', title: 'X', days: ['2026-01-01', '2026-01-02'], words: String, dayWords: (day: string) => day };

  it('gives each day its place, and each series its bar in it', () => {
    const chart = chartOf({
      ...plan,
      series: [
        { name: 'A', style: 'ok', values: [10, 0] },
        { name: 'B', style: 'bad', values: [5, 20] },
      ],
    });
    expect(chart.bars).to.deep.equal([
      { style: 'ok', x: 60, y: 50, width: 190, height: 50 },
      { style: 'bad', x: 250, y: 75, width: 190, height: 25 },
      { style: 'bad', x: 750, y: 0, width: 190, height: 100 },
    ]);
    expect(chart.slots.map(({ title }) => title)).to.deep.equal(['2026-01-01. A: 10; B: 5', '2026-01-02. A: 0; B: 20']);
    expect(chart.scale).to.deep.equal({ top: '20', middle: '10' });
    expect(chart.legend.map(({ total }) => total)).to.deep.equal(['10', '25']);
  });

  it('shows that there is something, however little, and nothing where there is nothing', () => {
    const { bars } = chartOf({ ...plan, series: [{ name: 'A', style: 'ok', values: [1, 1_000_000] }] });
    expect(bars[0]?.height).to.equal(1.5);
    expect(chartOf({ ...plan, series: [{ name: 'A', style: 'ok', values: [0, 0] }] }).bars).to.deep.equal([]);
  });

  it('ends at a round figure whose half is one too', () => {
    expect([0, 1, 2, 3, 5, 11, 40, 41, 999, 1_000, 12_345].map(roundTop)).to.deep.equal([
      2, 2, 2, 4, 10, 20, 40, 100, 1_000, 2_000, 20_000,
    ]);
  });
});
