import { expect } from 'chai';
import { addCrowd } from '../seeds/crowd.ts';
import { type Db, openDatabase } from '../src/ground/database.ts';
import { applyFilter, readFilter } from '../src/users/filter.ts';
import { countExactly, findMatches, listUsers } from '../src/users/list.ts';
import { commonAmong, isWalkShorter, rareParts } from '../src/users/rarity.ts';
import { makeDatabase } from './kit/database.ts';

const asked = [
  ...['1@example.', 'user-1', 'user-123', 'USER-77', '37529', '3752', '+375 29', 'example.org', 'zzqqzz', 'ines.smirnova1'],
  ...['"user-1"', 'user-1 -example.org', 'user-12 state:suspended', 'user- 375', '%%%', 'Müller1', 'ova', 'iv', '1'],
  ...['state:inactive', 'expires:<7d', 'state:inactive profile:monitor verified:no'],
];

describe('A search among many', () => {
  let db: Db;
  let close: () => Promise<void>;
  before(async () => {
    const database = await makeDatabase();
    db = openDatabase(database.serving);
    const owner = openDatabase(database.owner);
    await addCrowd(owner, 2500, 'no password');
    close = async () => {
      await Promise.all([db.destroy(), owner.destroy()]);
      await database.drop();
    };
  });
  after(() => close());

  it('knows which pieces many accounts have, from the sample that Postgres keeps', async () => {
    const pieces = async (q: string) => [...(await commonAmong(db, readFilter({ q })))];
    expect(await pieces('user-1')).to.include.members(['user-1', 'use', 'ser']);
    expect(await pieces('user-1 state:active'), 'beside a filter no whole word').to.have.members(['use', 'ser']);
    expect(await pieces('zz-qqzz')).to.deep.equal([]);
    expect(await pieces('-user-1')).to.deep.equal([]);
  });

  it('looks from the beginning of the accounts, wherever somebody else is looking', async () => {
    const { rows } = await db.raw('show synchronize_seqscans');
    expect(rows).to.deep.equal([{ synchronizeSeqscans: 'off' }]);
  });

  it('walks for a word where a thousand who have it are met before its letters are looked up', () => {
    const seen = 4000;
    expect(isWalkShorter({ having: 24, seen }, 150_000), 'one in 170 of a million: 170,000 accounts').to.equal(false);
    expect(isWalkShorter({ having: 28, seen }, 150_000)).to.equal(true);
    expect(isWalkShorter({ having: 3, seen }, 1_500_000), 'one in 1,300 of ten million').to.equal(true);
    expect(isWalkShorter({ having: 1, seen }, 10_000_000), 'one alone may be chance').to.equal(false);
    expect(isWalkShorter({ having: 0, seen }, 10_000_000)).to.equal(false);
  });

  it('looks up what is rare of a word, all of a word without anything common, and nothing of a common one', () => {
    const common = new Set(['use', 'ser', '375', '752', '529', 'user-1']);
    expect(rareParts('user-1234', common)).to.deep.equal(['1234']);
    expect(rareParts('37529123', common)).to.deep.equal(['29123']);
    expect(rareParts('912375', common)).to.deep.equal(['91237']);
    expect(rareParts('User-1', common)).to.deep.equal([]);
    expect(rareParts('user-12', common), 'no rare part: it may be rare all the same').to.equal(null);
    expect(rareParts('smirnova', common)).to.equal(null);
    expect(rareParts('usér-1234', common), 'letters that fold').to.equal(null);
  });

  for (const q of asked) {
    for (const order of ['registered', '-last', 'name']) {
      it(`finds by ${q} in the order of ${order} whom the words say, and counts them`, async () => {
        const filter = readFilter({ q });
        const sort = { by: order.replace('-', '') as 'registered' | 'last' | 'name', isDescending: order.startsWith('-') };
        const matches = await findMatches(db, filter);
        const { lines } = await listUsers(db, { filter, sort, limit: 100, matches });
        const plain = await listUsers(db, { filter, sort, limit: 100 });
        expect(lines.map(({ id }) => id)).to.deep.equal(plain.lines.map(({ id }) => id));
        const count = await countExactly(db, filter);
        expect(matches.few?.length ?? null).to.equal(count > 1000 ? null : count);
      });
    }
  }

  it('says what it does not understand although the few who match are known', async () => {
    const filter = readFilter({ q: 'user-77', state: 'nowhere' });
    const matches = await findMatches(db, filter);
    const { problems } = await listUsers(db, { filter, sort: { by: 'name', isDescending: false }, limit: 25, matches });
    expect(problems).to.deep.equal(applyFilter(db.queryBuilder(), filter));
    expect(problems.state).to.include('does not know “nowhere”');
  });
});
