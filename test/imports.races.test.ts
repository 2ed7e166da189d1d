import { setImmediate } from 'node:timers/promises';
import { expect } from 'chai';
import type { Actor } from '../src/access/actor.ts';
import { type Db, openDatabase } from '../src/ground/database.ts';
import { countVerdicts } from '../src/imports/import.ts';
import { continueImports, runImport, startImport, stopImport } from '../src/imports/run.ts';
import { takeIn } from '../src/imports/take.ts';
import { makeOlga, run, stateOf, take } from './fixtures/imports.ts';
import { nastyAccounts } from './fixtures/nasty-accounts.ts';
import { makeDatabase } from './kit/database.ts';
import { dyingAfter } from './kit/race.ts';

describe('Imports that race and break', function () {
  this.timeout(120_000);
  let db: Db;
  let olga: Actor;
  let drop: () => Promise<void>;
  beforeEach(async () => {
    const made = await makeDatabase();
    drop = made.drop;
    db = openDatabase(made.serving, { size: 6 });
    olga = await makeOlga(db);
  });
  afterEach(async () => {
    await db.destroy();
    await drop();
  });

  const live = async () => (await db('accountCounter').first()).live - 1;
  const accounts = async () => (await db('users').count('* as all').first())?.all;

  async function isSomebodyWaiting(): Promise<boolean> {
    const waiting = db('pg_stat_activity').where({ waitEventType: 'Lock' }).whereRaw('datname = current_database()');
    return (await waiting.first('pid')) !== undefined;
  }

  it('create each row once when two processes run the same import', async () => {
    const { csv, counts } = nastyAccounts(4000);
    const id = await take(db, olga, csv);
    await startImport(db, olga, id);
    await Promise.all([runImport(db, id), runImport(db, id), runImport(db, id)]);
    expect((await countVerdicts(db, id)).created).to.equal(counts.ready);
    expect([await live(), await accounts()]).to.deep.equal([counts.ready, (counts.ready ?? 0) + 1]);
    expect(await db('history').where({ act: 'user.imported' }).countDistinct('userId as users')).to.deep.equal([
      { users: counts.ready },
    ]);
  });

  it('create each account once when the same file is imported twice at once', async () => {
    const { csv, counts } = nastyAccounts(3000);
    const [one, two] = [await take(db, olga, csv), await take(db, olga, csv)];
    const ends = await Promise.all([run(db, olga, one), run(db, olga, two)]);
    expect(ends.reduce((sum, { created = 0 }) => sum + created, 0)).to.equal(counts.ready);
    expect(await live()).to.equal(counts.ready);
  });

  it('give a row whose username is taken while it is being written that verdict', async () => {
    const id = await take(db, olga, 'username,email,name\na1,1@x.org,A\na2,2@x.org,B\na3,3@x.org,C');
    const faster = await db.transaction();
    await faster('users').insert({ username: 'a2', email: 'else@x.org', name: 'X', state: 'STATE_APPROVED' });
    const running = run(db, olga, id);
    while (!(await isSomebodyWaiting())) await setImmediate();
    await faster.commit();
    expect(await running).to.deep.equal({ created: 2, duplicate_username: 1 });
  });

  it('create nothing more once they have been stopped', async () => {
    const { csv, counts } = nastyAccounts(6000);
    const id = await take(db, olga, csv);
    await startImport(db, olga, id);
    const running = runImport(db, id);
    while ((await live()) === 0) await setImmediate();
    await stopImport(db, olga, id);
    const stoppedAt = await live();
    await running;
    expect([await stateOf(db, id), await live()]).to.deep.equal(['stopped', stoppedAt]);
    expect(await run(db, olga, id)).to.include({ created: counts.ready });
  });

  it('never pass the account limit together', async () => {
    await db('settings').update({ accountLimit: 501 });
    const file = (letter: string) => nastyAccounts(900).csv.replaceAll('acc', letter).replaceAll('ACC', letter);
    const ids = [await take(db, olga, file('aa')), await take(db, olga, file('bb')), await take(db, olga, file('cc'))];
    await Promise.all(ids.map((id) => run(db, olga, id)));
    expect(await live()).to.equal(500);
  });

  it('go on where a killed process has left them, when its lease has run out', async () => {
    const { csv, counts } = nastyAccounts(5000);
    const id = await take(db, olga, csv);
    await startImport(db, olga, id);
    await runImport(dyingAfter(db, 2), id).catch(() => {});
    const half = await live();
    expect(half).to.be.within(1, (counts.ready ?? 0) - 1);
    await continueImports(db);
    expect(await live()).to.equal(half);
    await db('imports')
      .where({ id })
      .update({ leaseUntil: db.raw(`now() - interval '1 second'`) });
    await Promise.all([continueImports(db), continueImports(db)]);
    expect([await stateOf(db, id), await live()]).to.deep.equal(['done', counts.ready]);
  });

  it('leave nothing behind when the upload breaks off', async () => {
    async function* torn() {
      yield Buffer.from(nastyAccounts(2500).csv);
      throw new Error('The upload was broken off.');
    }
    const error = await takeIn(db, olga, { filename: 'torn.csv', bytes: torn() }).catch((caught) => caught);
    expect(error.message).to.include('broken off');
    expect(await db('importRows').pluck('line')).to.deep.equal([]);
    expect(await db('importClaims').pluck('line')).to.deep.equal([]);
    expect(await db('imports').pluck('id')).to.deep.equal([]);
  });

  it('manage 20,000 rows through the pool that serves pages', async () => {
    const { csv, counts } = nastyAccounts(20_000);
    const id = await take(db, olga, csv);
    expect(await countVerdicts(db, id)).to.deep.equal(counts);
    const { ready, ...rejected } = counts;
    expect(await run(db, olga, id)).to.deep.equal({ ...rejected, created: ready });
  });
});
