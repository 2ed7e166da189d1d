import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { expect } from 'chai';
import { type Name, peopleWorld } from '../../seeds/world.ts';
import { type Refill, refillBalance } from '../../src/balance/refill.ts';
import { verifyLedger } from '../../src/balance/verify.ts';
import { type Db, openDatabase } from '../../src/ground/database.ts';
import { root } from '../../src/ground/root.ts';
import { actorFor } from '../kit/actor.ts';
import { makeDatabase } from '../kit/database.ts';

/** Moves of money by each of the four workers of a process. */
const turns = 120;
/** So many have been done by one of the processes when it is killed. */
const killedAfter = 80;

describe('The books, while two processes move money and one of them is killed', function () {
  this.timeout(90_000);
  let database: Awaited<ReturnType<typeof makeDatabase>>;
  let db: Db;
  let ids: Record<Name, number>;
  const running: ChildProcess[] = [];
  before(async () => {
    database = await makeDatabase();
    db = openDatabase(database.owner, { size: 3, patient: true });
    ids = await peopleWorld(db);
  });
  after(async () => {
    for (const child of running) child.kill('SIGKILL');
    await db.destroy();
    await database.drop();
  });

  /** What a process says to have done, line by line; `upon` is told how many. */
  async function moveMoney(
    upon: (done: number, child: ChildProcess) => void = () => {},
  ): Promise<{ done: string[]; code: number | null }> {
    const child = spawn(process.execPath, ['--import', 'tsx/esm', 'test/fixtures/ledger-child.ts'], {
      cwd: root,
      env: { ...process.env, SERVING: JSON.stringify(database.serving), TURNS: String(turns) },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    running.push(child);
    const done: string[] = [];
    createInterface({ input: child.stdout }).on('line', (line) => {
      done.push(line);
      upon(done.length, child);
    });
    const [code] = await once(child, 'close');
    return { done, code };
  }

  it('agree to the cent at every moment, lose nothing that was acknowledged, and count nothing twice', async () => {
    let isOver = false;
    const watched = (async () => {
      for (let looks = 0; ; looks += 1) {
        expect((await verifyLedger(db)).wrong).to.deep.equal([]);
        if (isOver) return looks;
      }
    })();
    const [killed, other] = await Promise.all([
      moveMoney((done, child) => done === killedAfter && child.kill('SIGKILL')),
      moveMoney(),
    ]);
    isOver = true;
    expect(await watched).to.be.greaterThan(0);
    expect([killed.code, other.code, other.done.length]).to.deep.equal([null, 0, 4 * turns]);
    expect(killed.done.length).to.be.lessThan(4 * turns);
    const refills = [...killed.done, ...other.done]
      .filter((line) => line.startsWith('{'))
      .map((line): Refill => JSON.parse(line));
    const kept = await db('transactions').whereIn(
      'idempotencyKey',
      refills.map(({ idempotencyKey }) => idempotencyKey),
    );
    expect(kept.length).to.equal(refills.length);
    const before = await balances();
    const olga = await actorFor(db, 'olga');
    for (const refill of refills.slice(0, 40)) expect((await refillBalance(db, olga, refill)).isRepeat).to.equal(true);
    expect(await balances()).to.deep.equal(before);
    expect(await verifyLedger(db)).to.include({ wrongUsers: 0, users: Object.keys(ids).length });
  });

  it('have an act in the history for each row that an administrator caused, and no other', async () => {
    const rows = await db('transactions').whereNotNull('actorId').count({ count: '*' }).first();
    const acts = await db('history').whereIn('act', ['balance.refilled', 'balance.cancelled']).count({ count: '*' }).first();
    expect(acts?.count).to.equal(rows?.count);
  });

  it('have their rows in the order of their time', async () => {
    const { rows } = await db.raw(
      'select count(*) as count from transactions a join transactions b on b.user_id = a.user_id and b.seq = a.seq + 1 where b.at < a.at',
    );
    expect(rows[0].count).to.equal(0);
  });

  const balances = () => db('users').orderBy('id').pluck('balanceMinor');
});
