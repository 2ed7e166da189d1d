import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'chai';
import { openDatabase } from '../../src/ground/database.ts';
import { dropCopiedLetters } from '../../src/mail/copies.ts';
import { letterNumbered, write } from '../kit/letters.ts';
import { openWorkers, until, type Workers } from '../kit/workers.ts';

describe('Letters and the processes that send them', function () {
  this.timeout(90_000);
  let workers: Workers;
  let db: Workers['db'];
  let ids: Workers['ids'];
  let office: Workers['office'];
  beforeEach(async () => {
    workers = await openWorkers();
    ({ db, ids, office } = workers);
    await db('settings').update({ outgoingMail: true });
  });
  afterEach(() => workers.close());

  const letter = () => write({ db, ids }, 'uma');
  const writeMany = (count: number) =>
    db.raw(
      `insert into letters (kind, user_id, address) select 'password-changed', ?, 'uma@world.example' from generate_series(1, ?::int)`,
      [ids.uma, count],
    );
  const unsettled = async () => Number((await db('letters').where({ state: 'queued' }).count('* as letters').first())?.letters);

  it('leave within moments of their act, one like the next', async () => {
    workers.start();
    await workers.ready();
    for (let count = 1; count <= 3; count += 1) {
      await letter();
      await until(() => office.mails().length === count, `mail ${count}`, 5);
    }
  });

  it('leave once each, however many processes send', async () => {
    await writeMany(150);
    for (let count = 0; count < 3; count += 1) workers.start();
    await until(async () => (await unsettled()) === 0, 'all letters have left', 40);
    await pause(500);
    expect(office.mails()).to.have.length(150);
    expect(new Set(office.mails().map(({ messageId }) => messageId)).size).to.equal(150);
  });

  it('are not lost with a process that is killed when the server has one, which comes twice at most', async () => {
    office.answer('data', 'hang', { times: 1 });
    const id = await letter();
    const killed = workers.start();
    await until(() => office.mails().length === 1, 'the server has it');
    await killed.end('SIGKILL');
    expect((await letterNumbered({ db }, id)).state).to.equal('queued');
    workers.start();
    await workers.ready();
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
    const worker = workers.start();
    await until(() => office.mails().length === 1, 'the server has it');
    const began = Date.now();
    expect(await worker.end('SIGTERM')).to.equal(0);
    expect(Date.now() - began).to.be.below(10_000);
    expect(await letterNumbered({ db }, id)).to.include({ state: 'queued', leaseUntil: null, tries: 0 });
  });

  it('wait for a server that is gone, and leave once each when it is back', async () => {
    await office.leave();
    await writeMany(40);
    workers.start();
    workers.start();
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
    const origin = openDatabase(workers.database.owner, { size: 1, patient: true });
    await dropCopiedLetters(origin);
    expect((await letterNumbered({ db: origin }, before)).state).to.equal('queued');
    await origin.destroy();
  });

  /** Copied by the server: what a dump gives is more different still. */
  async function copied() {
    const { owner } = workers.database;
    const name = `copy_${process.pid}_${Date.now()}`;
    const root = openDatabase({ ...owner, database: 'roster' }, { size: 1, patient: true });
    await root.raw('create database ?? template ??', [name, owner.database as string]);
    const copy = openDatabase({ ...owner, database: name }, { size: 2, patient: true });
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
