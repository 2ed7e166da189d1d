import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect } from 'chai';
import type pg from 'pg';
import { peopleWorld } from '../../seeds/world.ts';
import { type Db, openDatabase } from '../../src/ground/database.ts';
import { makeDatabase } from '../kit/database.ts';
import { times } from '../kit/race.ts';
import { signedIn } from '../kit/site.ts';
import { type Page, Visitor } from '../kit/visitor.ts';

const url = 'https://billing.example/plan';

describe('The account limit before two servers', function () {
  this.timeout(120_000);
  let database: Awaited<ReturnType<typeof makeDatabase>>;
  let db: Db;
  let servers: ChildProcess[];
  let olgas: [Visitor, Visitor];
  const live = async (): Promise<number> => (await db('accountCounter').first()).live;
  const olga = (index: number) => olgas[index % 2] as Visitor;

  beforeEach(async () => {
    database = await makeDatabase();
    db = openDatabase(database.serving, { size: 2 });
    const { olga } = await peopleWorld(db);
    servers = [];
    const [one, two] = await Promise.all([startServer(database.serving), startServer(database.serving)]);
    olgas = [new Visitor(one, await signedIn(db, olga), 'plain'), new Visitor(two, await signedIn(db, olga), 'plain')];
    for (const visitor of olgas) await visitor.get('/users/new');
  });
  afterEach(async () => {
    const counted = await db('users').where({ deletedAt: null }).count({ count: '*' }).first();
    const codes = await Promise.all(servers.map(stopServer));
    const kept = await live();
    await db.destroy();
    await database.drop();
    expect(codes, 'what the servers failed at').to.deep.equal([0, 0]);
    expect(kept, 'the kept count').to.equal(Number(counted?.count));
  });

  async function startServer(serving: pg.ClientConfig): Promise<string> {
    const words = ['--import', 'tsx/esm', join(import.meta.dirname, '../fixtures/site-child.ts')];
    const env = { PATH: process.env.PATH, SERVING: JSON.stringify(serving) };
    const started = spawn(process.execPath, words, { env, stdio: ['pipe', 'pipe', 'inherit'] });
    servers.push(started);
    const [line] = await once(started.stdout, 'data');
    return String(line).trim();
  }

  async function stopServer(server: ChildProcess): Promise<number | null> {
    const ended = once(server, 'exit');
    server.stdin?.write('leave\n');
    return (await ended)[0];
  }

  const add = (index: number): Promise<Page> => {
    const person = { username: `racer-${index}`, email: `racer-${index}@race.example`, name: 'Racer', password: 'pear-lamp-77' };
    return olga(index).post('/users/new', { ...person, enabled: 'on', email_verified: 'on', password_by: 'single_use' });
  };

  /** Everybody but one is told that there is no place, and where the limit is raised. */
  function expectOneOf(pages: Page[]): void {
    const refused = pages.filter(({ status }) => status === 409);
    expect(pages.map(({ status }) => status).sort()).to.deep.equal([200, ...refused.map(() => 409)]);
    expect(refused).to.have.length(pages.length - 1);
    for (const page of refused) {
      expect(page.text).to.include('accounts of this console are in use');
      expect(page.document.querySelector('#full a')?.getAttribute('href')).to.equal(url);
    }
  }

  it('gives the last place to exactly one of twenty who add at once', async () => {
    const places = (await live()) + 1;
    await db('settings').update({ accountLimit: places, accountLimitUrl: url });
    expectOneOf(await Promise.all(times(20, add)));
    expect(await live()).to.equal(places);
    expect(await db('users').where('username', 'like', 'racer-%')).to.have.length(1);
    expect(await db('history').where({ act: 'user.added' })).to.have.length(1);
  });

  it('gives the last place to exactly one of twenty who add and restore at once', async () => {
    await db.raw(`insert into users (username, email, name, state, deleted_at)
      select 'gone-' || n, n || '@gone.example', 'Gone', 'STATE_APPROVED', now() from generate_series(0, 9) n`);
    const places = (await live()) + 1;
    await db('settings').update({ accountLimit: places, accountLimitUrl: url });
    const restore = (index: number) => olga(index).post(`/users/gone-${index}/restore`, {});
    expectOneOf(await Promise.all([...times(10, restore), ...times(10, add)]));
    expect(await live()).to.equal(places);
  });
});
