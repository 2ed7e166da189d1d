import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { expect } from 'chai';
import { peopleWorld } from '../../seeds/world.ts';
import { type Db, openDatabase } from '../../src/ground/database.ts';
import { root } from '../../src/ground/root.ts';
import { addressOf, secret } from '../fixtures/worker-process.ts';
import { makeDatabase } from '../kit/database.ts';
import { giveBalance } from '../kit/money.ts';

describe('The script that proves the books', function () {
  this.timeout(60_000);
  let database: Awaited<ReturnType<typeof makeDatabase>>;
  let db: Db;
  before(async () => {
    database = await makeDatabase();
    db = openDatabase(database.owner, { size: 2, patient: true });
    await peopleWorld(db);
    await giveBalance(db, 'uma', 500);
  });
  after(async () => {
    await db.destroy();
    await database.drop();
  });

  async function verify(): Promise<{ code: number; said: string }> {
    const child = spawn(process.execPath, ['--import', 'tsx/esm', 'src/ledger.ts'], {
      cwd: root,
      env: {
        PATH: process.env.PATH,
        HOME: tmpdir(),
        DATABASE_URL: addressOf(database.serving),
        DATABASE_OWNER_URL: addressOf(database.owner),
        SESSION_SECRET: secret,
      },
    });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (piece) => (said += piece));
    const [code] = await once(child, 'close');
    return { code, said };
  }

  it('says in one line that they are right, and ends with 0', async () => {
    expect(await verify()).to.deep.equal({ code: 0, said: 'The books are right: 18 accounts, 1 transaction.\n' });
  });

  it('names the first account that is wrong, and ends with 1; either is kept', async () => {
    await db.raw('alter table users disable trigger balances_are_posted');
    await db('users').where({ username: 'uma' }).update({ balanceMinor: 501 });
    const { code, said } = await verify();
    expect(code).to.equal(1);
    expect(said).to.match(/^The books are wrong for 1 account; account \d+: the balance is 501, the rows come to 500\.\n$/);
    expect(await db('ledgerProofs').orderBy('id').pluck('wrong_users')).to.deep.equal([0, 1]);
  });
});
