import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'chai';
import { type Name, peopleWorld } from '../../seeds/world.ts';
import { type Db, openDatabase } from '../../src/ground/database.ts';
import { dropCopiedLetters } from '../../src/mail/copies.ts';
import { startWorkerProcess, type WorkerProcess } from '../fixtures/worker-process.ts';
import { makeDatabase } from '../kit/database.ts';
import { letterNumbered, write } from '../kit/letters.ts';
import { openPostOffice, type PostOffice } from '../kit/postman.ts';

describe('Letters and the processes that send them', function () {
  this.timeout(90_000);
  let database: Awaited<ReturnType<typeof makeDatabase>>;
  let db: Db;
  let ids: Record<Name, number>;
  let office: PostOffice;
  let workers: WorkerProcess[];
  beforeEach(async () => {
    database = await makeDatabase();
    db = openDatabase(database.owner, { size: 3, patient: true });
    ids = await peopleWorld(db);
    office = await openPostOffice();
    workers = [];
    await db('settings').update({ outgoingMail: true });
  });
  afterEach(async () => {
    await Promise.all(workers.map((worker) => worker.end('SIGKILL')));
    await office.close();
    await db.destroy();
    await database.drop();
  });

  const start = () => {
    const worker = startWorkerProcess(database, office.url);
    workers.push(worker);
    return worker;
  };
  const letter = () => write({ db, ids }, 'uma');
  const writeMany = (count: number) =>
    db.raw(
      `insert into letters (kind, user_id, address) select 'password-changed', ?, 'uma@world.example' from generate_series(1, ?::int)`,
      [ids.uma, count],
    );
  const unsettled = async () => Number((await db('letters').where({ state: 'queued' }).count('* as letters').first())?.letters);
  async function until(isSo: () => boolean | Promise<boolean>, what: string, seconds = 20): Promise<void> {
    for (let left = seconds * 10; left > 0; left -= 1) {
      if (await isSo()) return;
      await pause(100);
    }
    throw new Error(`Not so after ${seconds} seconds: ${what}`);
  }
  const ready = () =>
    until(async () => {
      const { rows } = await db.raw(`select to_regclass('graphile_worker._private_known_crontabs') as crontabs`);
      return rows[0].crontabs !== null && (await db('graphile_worker._private_known_crontabs').first()) !== undefined;
    }, 'a worker is there');

  it('leave within moments of their act, one like the next', async () => {
    start();
    await ready();
    for (let count = 1; count <= 3; count += 1) {
      await letter();
      await until(() => office.mails().length === count, `mail ${count}`, 5);
    }
  });

  it('leave once each, however many processes send', async () => {
    await writeMany(150);
    for (let count = 0; count < 3; count += 1) start();
    await until(async () => (await unsettled()) === 0, 'all letters have left', 40);
    await pause(500);
    expect(office.mails()).to.have.length(150);
    expect(new Set(office.mails().map(({ messageId }) => messageId)).size).to.equal(150);
  });

  it('are not lost with a process that is killed when the server has one, which comes twice at most', async () => {
    office.answer('data', 'hang', { times: 1 });
    const id = await letter();
    const killed = start();
    await until(() => office.mails().length === 1, 'the server has it');
    await killed.end('SIGKILL');
    expect((await letterNumbered({ db }, id)).state).to.equal('queued');
    start();
    await ready();
    await letter();
    await until(() => office.mails().length === 2, 'the other letter');
    expect((await letterNumbered({ db }, id)).state, 'its lease is not over').to.equal('queued');
    await db('letters')
      .where({ id })
      .update({ leaseUntil: db.raw('now()') });
    await letter();
    await until(async () => (await unsettled()) === 0, 'all letters have left');
    const times = office.mails().filter(({ messageId }) => messageId === office.mails()[0]?.messageId);
    expect(times).to.have.length(2);
    expect(office.mails()).to.have.length(4);
  });

  it('are given back by a process that is told to end while the server is silent', async () => {
    office.answer('data', 'hang');
    const id = await letter();
    const worker = start();
    await until(() => office.mails().length === 1, 'the server has it');
    const began = Date.now();
    expect(await worker.end('SIGTERM')).to.equal(0);
    expect(Date.now() - began).to.be.below(10_000);
    expect(await letterNumbered({ db }, id)).to.include({ state: 'queued', leaseUntil: null, tries: 0 });
  });

  it('wait for a server that is gone, and leave once each when it is back', async () => {
    await office.leave();
    await writeMany(40);
    start();
    start();
    await until(async () => (await db('mailServer').first()).failures > 0, 'somebody has tried');
    await pause(1_000);
    expect((await db('letters').whereNot({ serverWords: '' })).length).to.be.within(1, 2);
    expect((await db('letters').where('tries', '>', 0)).length).to.equal(0);
    await office.comeBack();
    await db('mailServer').update({ nextTryAt: db.raw('now()') });
    await letter();
    await until(async () => (await unsettled()) === 0, 'all letters have left', 40);
    expect(office.mails()).to.have.length(41);
    expect(new Set(office.mails().map(({ messageId }) => messageId)).size).to.equal(41);
  });

  it('that waited in a database are not sent from its copy, new ones are', async () => {
    const before = await letter();
    await db.destroy();
    const copy = await copied();
    await dropCopiedLetters(copy.db);
    const dropped = await letterNumbered({ db: copy.db }, before);
    expect(dropped.state).to.equal('dropped');
    expect(dropped.serverWords).to.include('restored copy');
    const after = await write({ db: copy.db, ids }, 'uma');
    await dropCopiedLetters(copy.db);
    expect((await letterNumbered({ db: copy.db }, after)).state).to.equal('queued');
    await copy.drop();
    db = openDatabase(database.owner, { size: 3, patient: true });
    await dropCopiedLetters(db);
    expect((await letterNumbered({ db }, before)).state).to.equal('queued');
  });

  /** Copied by the server: what a dump gives is more different still. */
  async function copied() {
    const name = `copy_${process.pid}_${Date.now()}`;
    const root = openDatabase({ ...database.owner, database: 'roster' }, { size: 1, patient: true });
    await root.raw('create database ?? template ??', [name, database.owner.database as string]);
    const copy = openDatabase({ ...database.owner, database: name }, { size: 2, patient: true });
    const drop = async () => {
      await copy.destroy();
      await root.raw('drop database ?? with (force)', [name]);
      await root.destroy();
    };
    return { db: copy, drop };
  }

  it('know a copy that a dump was restored to in the same place, too', async () => {
    const id = await letter();
    await db.raw('delete from database_birth; insert into database_birth default values');
    await dropCopiedLetters(db);
    expect((await letterNumbered({ db }, id)).state).to.equal('dropped');
  });
});
