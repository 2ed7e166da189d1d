import { expect } from 'chai';
import { type Name, peopleWorld, worldPassword } from '../../seeds/world.ts';
import { system } from '../../src/access/actor.ts';
import { type Db, openDatabase } from '../../src/ground/database.ts';
import { digest } from '../../src/ground/secrets.ts';
import { setupToken } from '../../src/signin/setup.ts';
import { giveSingleUsePassword } from '../../src/users/credentials.ts';
import { makeDatabase } from '../kit/database.ts';
import { cookiesOf, send } from '../kit/raw.ts';
import { serve, signedIn, testSecret } from '../kit/site.ts';
import { signed, Visitor } from '../kit/visitor.ts';

type Served = Awaited<ReturnType<typeof serve>>;

/** Two processes' worth: two applications with a pool each, over one database. */
describe('Two processes on one database', () => {
  let made: Awaited<ReturnType<typeof makeDatabase>>;
  let pools: Db[];
  let sites: [Served, Served];
  let db: Db;
  let ids: Record<Name, number>;

  before(async () => {
    made = await makeDatabase();
    pools = [openDatabase(made.serving), openDatabase(made.serving)];
    db = pools[0] as Db;
    sites = (await Promise.all(pools.map((pool) => serve({ db: pool, owner: pool })))) as [Served, Served];
  });
  beforeEach(async () => {
    for (const table of ['sessions', 'attempts', 'knownBrowsers', 'users']) await db(table).delete();
    ids = await peopleWorld(db);
  });
  afterEach(() => {
    for (const { failures } of sites) expect(failures.splice(0), 'what the server took for its own mistake').to.deep.equal([]);
  });
  after(async () => {
    for (const site of sites ?? []) await site.close();
    for (const pool of pools ?? []) await pool.destroy();
    await made?.drop();
  });

  const sited = (index: number) => sites[index % 2] as Served;
  const isIn = async (site: Served, cookie: string) => {
    const answer = await send(site.address, '/account', { headers: { cookie: `roster=${cookie}` } });
    return answer.status === 200;
  };

  /** A form of sign-in, opened; what it returns sends it and says the status and the session that came of it. */
  async function opened(site: Served, fields: Record<string, string>, path = '/sign-in') {
    const visitor = new Visitor(site.address, null, 'plain');
    await visitor.get(path);
    const body = new URLSearchParams({ _csrf: visitor.token(), ...fields }).toString();
    const headers = { cookie: `roster=${visitor.cookies.get('roster')}`, 'content-type': 'application/x-www-form-urlencoded' };
    return async () => {
      const answer = await send(site.address, path.split('?')[0] as string, { method: 'POST', headers, body });
      return { status: answer.status, cookie: cookiesOf(answer.headers).find(({ name }) => name === 'roster')?.value ?? '' };
    };
  }

  const atOnce = async (count: number, fields: (index: number) => Record<string, string>, path?: string) => {
    const forms = await Promise.all(Array.from({ length: count }, (_, index) => opened(sited(index), fields(index), path)));
    return Promise.all(forms.map((submit) => submit()));
  };

  it('let one of eight in with the same single-use password', async () => {
    await giveSingleUsePassword(db, system('test'), 'uma', 'handed-over-once');
    await db('settings').update({ lockFailures: 100 });
    const answers = await atOnce(8, () => ({ identifier: 'uma', password: 'handed-over-once' }));
    await db('settings').update({ lockFailures: 5 });
    expect(answers.map(({ status }) => status).sort()).to.deep.equal([303, ...Array(7).fill(422)]);
    expect(await db('sessions').where({ userId: ids.uma })).to.have.length(1);
  });

  it('look at five of twenty guesses, whichever process they reach', async () => {
    const right = 12;
    const answers = await atOnce(20, (index) => ({
      identifier: 'uma',
      password: index === right ? worldPassword : `guess ${index}`,
    }));
    const seen = await db('history').where({ act: 'sign-in.failed', userId: ids.uma });
    expect(seen.length, 'as many were looked at as there are tries').to.be.within(4, 5);
    expect(answers.filter(({ status }) => status === 303).length).to.be.within(0, 1);
    const { count } = (await db('attempts')
      .where({ key: `account ${ids.uma}` })
      .first()) ?? { count: 0 };
    const { lockedAt } = await db('users').where({ username: 'uma' }).first();
    if (answers.every(({ status }) => status === 422)) expect([count, lockedAt !== null]).to.deep.equal([20, true]);
  }).timeout(60_000);

  it('lock all administrators but one when all are attacked at once', async () => {
    for (let run = 0; run < 3; run += 1) {
      await db('attempts').delete();
      await db('users').update({ lockedAt: null });
      await atOnce(12, (index) => ({ identifier: index % 4 < 2 ? 'olga' : 'oscar', password: 'wrong words' }));
      const locked = await db('users').where({ profile: 'administrator' }).whereNotNull('lockedAt');
      expect(locked).to.have.length(1);
    }
  }).timeout(60_000);

  it('make one administrator of two who set up at once', async () => {
    for (let run = 0; run < 5; run += 1) {
      for (const table of ['sessions', 'users']) await db(table).delete();
      const answers = await atOnce(
        2,
        (index) => ({
          token: setupToken(testSecret),
          username: `ada${index}`,
          email: `ada${index}@world.example`,
          name: 'Ada',
          password: 'velvet-orbit-kettle',
          password_confirmation: 'velvet-orbit-kettle',
        }),
        `/setup?token=${setupToken(testSecret)}`,
      );
      expect(answers.map(({ status }) => status).sort()).to.deep.equal([303, 404]);
      expect(await db('users').where({ profile: 'administrator' })).to.have.length(1);
    }
  }).timeout(60_000);

  const endings: [what: string, end: () => Promise<unknown>][] = [
    ['deactivated', () => db('users').where({ username: 'uma' }).update({ state: 'STATE_INACTIVE' })],
    [
      'deleted',
      () =>
        db('users')
          .where({ username: 'uma' })
          .update({ deletedAt: db.raw('now()') }),
    ],
    [
      'expired',
      () =>
        db('users')
          .where({ username: 'uma' })
          .update({ expiresAt: db.raw('now()') }),
    ],
    ['signed out everywhere', () => db('sessions').where({ userId: ids.uma }).delete()],
  ];
  for (const [what, end] of endings) {
    it(`refuse who was ${what} at the very next request, both of them`, async () => {
      const cookies = [signed(await signedIn(db, ids.uma)), signed(await signedIn(db, ids.uma))];
      for (const site of sites) for (const cookie of cookies) expect(await isIn(site, cookie)).to.equal(true);
      await end();
      for (const site of sites) for (const cookie of cookies) expect(await isIn(site, cookie)).to.equal(false);
    });
  }

  it('forget a session that was signed out at the other, and share the one that was begun there', async () => {
    const submit = await opened(sites[0], { identifier: 'uma', password: worldPassword });
    const { cookie } = await submit();
    expect(await isIn(sites[1], cookie)).to.equal(true);
    const uma = new Visitor(sites[1].address, null, 'plain');
    uma.cookies.set('roster', cookie);
    await uma.get('/account');
    await uma.post('/sign-out', {});
    expect(await isIn(sites[0], cookie)).to.equal(false);
  });

  it('refuse at once whose session was ended at the other, by its user or by an administrator', async () => {
    const [cookies, olga] = [[0, 1, 2].map(() => signedIn(db, ids.uma)), await signedIn(db, ids.olga)];
    const [own, first, second] = (await Promise.all(cookies)) as [string, string, string];
    const numberOf = async (sid: string) =>
      (
        await db('sessions')
          .where({ sidHash: digest(sid) })
          .first('id')
      ).id;
    const end = async (sid: string, path: string, ended: string) => {
      const visitor = new Visitor(sites[0].address, sid, 'plain');
      await visitor.get(path);
      await visitor.post(path, { session: String(await numberOf(ended)) });
    };
    await end(own, '/account/sessions', first);
    expect([await isIn(sites[1], signed(first)), await isIn(sites[1], signed(second))]).to.deep.equal([false, true]);
    await end(olga, '/users/uma/sessions', second);
    expect([await isIn(sites[1], signed(second)), await isIn(sites[1], signed(own))]).to.deep.equal([false, true]);
  });

  it('do not bring back, with what is under way, a session that was signed out: a hundred times', async () => {
    const visitor = new Visitor(sites[0].address, await signedIn(db, ids.uma), 'plain');
    for (let run = 0; run < 100; run += 1) {
      const sid = await signedIn(db, ids.uma);
      visitor.cookies.set('roster', signed(sid));
      await visitor.get('/account/sessions');
      const headers = { cookie: `roster=${signed(sid)}`, 'content-type': 'application/x-www-form-urlencoded' };
      const body = new URLSearchParams({ _csrf: visitor.token() }).toString();
      // Both write the session: one leaves a message in it, the others read one; signing out comes in between.
      const underWay = [
        send(sites[1].address, '/account/sessions', { method: 'POST', headers, body }),
        send(sites[0].address, '/account', { headers }),
        send(sites[1].address, '/account/sessions', { headers }),
      ];
      const out = await send(sites[run % 2]?.address as string, '/sign-out', { method: 'POST', headers, body });
      await Promise.all(underWay);
      expect(out.status).to.equal(303);
      expect(await isIn(sited(run), signed(sid)), `run ${run}`).to.equal(false);
    }
    expect(await db('sessions').where({ userId: ids.uma }).whereRaw(`sid_hash is not null`)).to.have.length(0);
  }).timeout(120_000);

  it('let a deactivation win over a sign-in that is under way', async () => {
    for (let run = 0; run < 10; run += 1) {
      await db('users').where({ username: 'uma' }).update({ state: 'STATE_APPROVED', lockedAt: null });
      await db('attempts').delete();
      const submit = await opened(sited(run), { identifier: 'uma', password: worldPassword });
      const [{ cookie }] = await Promise.all([
        submit(),
        db.transaction(async (trx) => {
          await trx.raw('select pg_sleep(?)', [(run % 5) * 0.06]);
          await trx('users').where({ username: 'uma' }).update({ state: 'STATE_INACTIVE' });
          await trx('sessions').where({ userId: ids.uma }).delete();
        }),
      ]);
      expect(await isIn(sited(run + 1), cookie)).to.equal(false);
    }
  }).timeout(60_000);

  it('answer 503 to whoever would have to wait too long, and let the rest in', async () => {
    await db('settings').update({ lockFailures: 100 });
    const forms = await Promise.all(
      Array.from({ length: 95 }, (_, index) => opened(sites[0], { identifier: `nobody${index}`, password: 'wrong words' })),
    );
    const answers = await Promise.all(forms.map((submit) => submit()));
    await db('settings').update({ lockFailures: 5 });
    const statuses = new Set(answers.map(({ status }) => status));
    expect([...statuses].sort()).to.deep.equal([422, 503]);
    const busy = answers.filter(({ status }) => status === 503);
    expect(busy.length).to.be.within(1, 95 - 82);
    await db('attempts').delete();
    const submit = await opened(sites[1], { identifier: 'uma', password: worldPassword });
    expect((await submit()).status).to.equal(303);
  }).timeout(120_000);
});
