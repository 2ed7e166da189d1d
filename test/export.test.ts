import { expect } from 'chai';
import { peopleWorld } from '../seeds/world.ts';
import type { Actor } from '../src/access/actor.ts';
import { readCsv } from '../src/ground/csv.ts';
import { type Db, openDatabase } from '../src/ground/database.ts';
import { exportColumns, exportedUsers, exportUsers } from '../src/users/export.ts';
import { applyFilter } from '../src/users/filter.ts';
import { actorNamed, makeOlga, pieces, run, take, whole } from './fixtures/imports.ts';
import { makeDatabase, openStory } from './kit/database.ts';

const everybody = () => {};

const nasty = [
  '=HYPERLINK("http://x")',
  "'=1",
  "''-2",
  '+375 29',
  '@cmd',
  "'tis",
  'a;b\tc,d',
  'Говорит "да"',
  '健美咲',
  'עברית \u202eabc',
  '👩‍🚀 👨‍👩‍👧',
  'e\u0301',
];

/** Users with every kind of value in every text, and every profile, state and end. */
async function fill(db: Db): Promise<void> {
  for (const [index, text] of nasty.entries()) {
    await db('users').insert({
      username: `nasty-${index}`,
      email: `Nasty.${index}+x@Example.org`,
      emailVerifiedAt: index % 2 ? new Date() : null,
      name: text,
      firstName: text,
      lastName: text,
      organization: text,
      phone: index % 3 ? '+375291234567' : '',
      userType: index % 2 ? 'individual' : 'legal_entity',
      legalAddress: `${text}\n${text}`,
      postalAddress: text,
      bank: text,
      bankAccount: text.slice(0, 20),
      additionalInfo: `${text}\n\n"${text}"`,
      preferredMap: 'Yandex',
      description: text,
      profile: ['customer', 'standard', 'group', 'monitor', 'api', 'administrator'][index % 6],
      state: [
        'STATE_REQUESTED',
        'STATE_INVITED',
        'STATE_APPROVED',
        'STATE_INACTIVE',
        'STATE_FLAGGED',
        'STATE_SUSPENDED',
        'STATE_REJECTED',
      ][index % 7],
      expiresAt: [null, '2031-05-31T23:59:59Z', '2031-05-31T07:08:09.123Z'][index % 3],
    });
  }
}

const rowsOf = async (text: string) => {
  const rows: string[][] = [];
  for await (const row of readCsv(pieces(text))) rows.push(row);
  return rows;
};

describe('The export of users', () => {
  let db: Db;
  let close: () => Promise<void>;
  beforeEach(async () => {
    const story = await openStory();
    db = story.trx;
    close = story.close;
  });
  afterEach(() => close());

  it('holds live users alone, under our own column names, without passwords', async () => {
    await peopleWorld(db);
    const text = await whole(exportedUsers(db, everybody));
    const [headings, ...rows] = await rowsOf(text);
    expect(headings).to.deep.equal([...exportColumns]);
    expect(rows.map(([username]) => username))
      .to.include.members(['olga', 'uma', 'lea'])
      .and.not.include('dora');
    expect(text).to.not.include('$2b$');
  });

  it('holds what the filters of the list leave', async () => {
    await peopleWorld(db);
    const text = await whole(exportedUsers(db, (query) => applyFilter(query, { q: '', profile: 'administrator' })));
    expect((await rowsOf(text)).slice(1).map(([username]) => username)).to.deep.equal(['olga', 'oscar']);
  });

  it('stands in the history before its first row is given out', async () => {
    await peopleWorld(db);
    const olga: Actor = await actorNamed(db, 'olga');
    await exportUsers(db, olga, (query) => applyFilter(query, { q: 'uma' }), ['q']);
    const { id, actorId } = await db('history').where({ act: 'user.exported' }).first();
    expect(actorId).to.equal(olga.id);
    const { words } = await db('historyWords').where({ historyId: id, part: 'user' }).first();
    expect(words.facts).to.deep.equal({ count: 1, filteredBy: ['q'] });
  });

  it('goes through more than one batch and misses nobody', async () => {
    await db.raw(
      `insert into users (username, email, name, state) select 'u' || i, 'u' || i || '@x.org', 'U', 'STATE_APPROVED' from generate_series(1, 2500) i`,
    );
    const rows = await rowsOf(await whole(exportedUsers(db, everybody)));
    expect(new Set(rows.slice(1).map(([username]) => username)).size).to.equal(2500);
  });
});

describe('An export that is imported into a fresh instance', function () {
  this.timeout(60_000);
  const opened: { db: Db; drop(): Promise<void> }[] = [];
  afterEach(async () => {
    for (const { db, drop } of opened.splice(0)) {
      await db.destroy();
      await drop();
    }
  });

  async function fresh(): Promise<{ db: Db; olga: Actor }> {
    const made = await makeDatabase();
    const db = openDatabase(made.serving, { size: 3 });
    opened.push({ db, drop: made.drop });
    return { db, olga: await makeOlga(db) };
  }

  const withoutRegistered = (text: string) =>
    rowsOf(text).then((rows) => rows.map((row) => row.slice(0, -1)).filter(([username]) => username !== 'olga'));

  it('gives the same accounts, and the same export again', async () => {
    const [one, two, three] = [await fresh(), await fresh(), await fresh()];
    await fill(one.db);
    const first = await whole(exportedUsers(one.db, everybody));
    expect(await run(two.db, two.olga, await take(two.db, two.olga, first), true)).to.deep.equal({
      created: nasty.length,
      duplicate_username: 1,
    });
    const second = await whole(exportedUsers(two.db, everybody));
    await run(three.db, three.olga, await take(three.db, three.olga, second), true);
    const third = await whole(exportedUsers(three.db, everybody));
    expect(await withoutRegistered(second)).to.deep.equal(await withoutRegistered(first));
    expect(await withoutRegistered(third)).to.deep.equal(await withoutRegistered(first));
    const columns = ['username', 'email', 'name', 'legalAddress', 'additionalInfo', 'profile', 'state', 'expiresAt'];
    const rows = (db: Db) => db('users').whereNot({ username: 'olga' }).orderBy('username').select(columns);
    expect(await rows(three.db)).to.deep.equal(await rows(one.db));
  });
});
