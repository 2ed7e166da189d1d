import bcrypt from 'bcrypt';
import { expect } from 'chai';
import { type Name, peopleWorld } from '../../seeds/world.ts';
import { type Db, openDatabase } from '../../src/ground/database.ts';
import { makeDatabase } from '../kit/database.ts';
import { send } from '../kit/raw.ts';
import { serve } from '../kit/site.ts';
import { Visitor } from '../kit/visitor.ts';

type Served = Awaited<ReturnType<typeof serve>>;
type Guess = { identifier: string; password: string; address: string };

/** The right password of whoever is attacked; its hash is a weak one, so that thousands of guesses take seconds. */
const right = 'thimble-quartz-harbour';

/** Two processes behind a proxy that says where a request comes from, and somebody who guesses. */
describe('Guessing passwords', () => {
  let made: Awaited<ReturnType<typeof makeDatabase>>;
  let pools: Db[];
  let sites: Served[];
  let db: Db;
  let ids: Record<Name, number>;
  let guesser: { cookie: string; token: string };

  before(async () => {
    made = await makeDatabase();
    pools = [openDatabase(made.serving), openDatabase(made.serving)];
    db = pools[0] as Db;
    sites = await Promise.all(pools.map((pool) => serve({ db: pool, owner: pool }, { TRUST_PROXY: '1' })));
    const visitor = new Visitor((sites[0] as Served).address, null, 'plain');
    ids = await peopleWorld(db);
    await visitor.get('/sign-in');
    guesser = { cookie: visitor.cookies.get('roster') as string, token: visitor.token() };
  });
  beforeEach(async () => {
    for (const table of ['sessions', 'attempts', 'knownBrowsers', 'letters', 'users']) await db(table).delete();
    ids = await peopleWorld(db);
    await db('users').update({ passwordHash: await bcrypt.hash(right, 4) });
    await db('settings').update({ outgoingMail: true });
  });
  afterEach(() => {
    for (const { failures } of sites) expect(failures.splice(0), 'what the server took for its own mistake').to.deep.equal([]);
  });
  after(async () => {
    for (const site of sites ?? []) await site.close();
    for (const pool of pools ?? []) await pool.destroy();
    await made?.drop();
  });

  let asked = 0;
  async function guess({ identifier, password, address }: Guess): Promise<number> {
    asked += 1;
    const body = new URLSearchParams({ _csrf: guesser.token, identifier, password }).toString();
    const headers = {
      cookie: `roster=${guesser.cookie}`,
      'content-type': 'application/x-www-form-urlencoded',
      'x-forwarded-for': address,
    };
    const { status } = await send((sites[asked % 2] as Served).address, '/sign-in', { method: 'POST', headers, body });
    return status;
  }

  /** Sends `count` guesses, so many at once; says how often each status came. */
  async function attack(count: number, atOnce: number, make: (index: number) => Guess): Promise<Record<number, number>> {
    const statuses: Record<number, number> = {};
    let next = 0;
    const worker = async () => {
      while (next < count) {
        next += 1;
        const status = await guess(make(next - 1));
        statuses[status] = (statuses[status] ?? 0) + 1;
      }
    };
    await Promise.all(Array.from({ length: atOnce }, worker));
    return statuses;
  }

  /** A wrong password; a right one only once all tries are long used up. */
  const passwordAt = (index: number) => (index > 150 && index % 10 === 0 ? right : `guess ${index}`);
  const lookedAt = async (userId: number) => {
    const rows = await db('history').where({ act: 'sign-in.failed', userId });
    return rows.length;
  };
  const lettersOf = (userId: number) => db('letters').where({ userId }).pluck('kind');

  it('from one address, one after the other, is looked at five times, and the network is told to come again', async () => {
    const statuses = await attack(200, 1, (index) => ({ identifier: 'uma', password: passwordAt(index), address: '192.0.2.1' }));
    expect(statuses).to.deep.equal({ 422: 100, 429: 100 });
    expect(await lookedAt(ids.uma)).to.equal(5);
    expect(await db('sessions')).to.have.length(0);
  }).timeout(60_000);

  it('from fifty addresses, thirty-two at once and five thousand in all, is looked at five times', async () => {
    const statuses = await attack(5000, 32, (index) => ({
      identifier: ['uma', 'UMA', ' uma', 'uma@world.example', 'Uma@World.Example'][index % 5] as string,
      password: passwordAt(index),
      address: `10.0.${index % 50}.${index % 7}`,
    }));
    expect(statuses).to.deep.equal({ 422: 5000 });
    expect(await lookedAt(ids.uma)).to.equal(5);
    expect(await db('sessions')).to.have.length(0);
    expect(await db('history').where({ act: 'user.locked', userId: ids.uma })).to.have.length(1);
    expect(await lettersOf(ids.uma)).to.deep.equal(['locked']);
  }).timeout(240_000);

  it('does not make the wait longer by going on, nor the lock come again', async () => {
    await attack(5, 5, () => ({ identifier: 'uma', password: 'x', address: '192.0.2.1' }));
    const before = await db('attempts')
      .where({ key: `account ${ids.uma}` })
      .first();
    const { lockedAt } = await db('users').where({ id: ids.uma }).first();
    await attack(40, 8, () => ({ identifier: 'uma', password: '', address: '192.0.2.1' }));
    const after = await db('attempts')
      .where({ key: `account ${ids.uma}` })
      .first();
    expect([after.windowEndsAt, after.count]).to.deep.equal([before.windowEndsAt, 45]);
    expect((await db('users').where({ id: ids.uma }).first()).lockedAt).to.deep.equal(lockedAt);
    expect(await lettersOf(ids.uma)).to.deep.equal(['locked']);
  });

  it('at the last administrator gets five more looks with each quarter of an hour, and never locks it', async () => {
    await db('users').where({ username: 'oscar' }).update({ state: 'STATE_SUSPENDED' });
    for (let quarter = 0; quarter < 3; quarter += 1) {
      await attack(40, 16, (index) => ({ identifier: 'olga', password: 'x', address: `10.1.${index}.1` }));
      await db('attempts').update({ windowEndsAt: db.raw(`now() - interval '1 second'`) });
    }
    expect(await lookedAt(ids.olga)).to.equal(15);
    expect((await db('users').where({ id: ids.olga }).first()).lockedAt).to.equal(null);
    expect(await guess({ identifier: 'olga', password: right, address: '10.2.0.1' })).to.equal(303);
  }).timeout(30_000);

  it('at everybody at once from one network ends at a hundred an hour, exactly, whoever is meant', async () => {
    const names = ['uma', 'stan', 'gus', 'mona', 'nobody', 'april', 'ines', 'lea', 'sue', 'vera'];
    const statuses = await attack(160, 32, (index) => ({
      identifier: names[index % names.length] as string,
      password: 'x',
      address: `2001:db8::${(index + 1).toString(16)}`,
    }));
    expect(statuses).to.deep.equal({ 422: 100, 429: 60 });
  }).timeout(60_000);
});
