import { expect } from 'chai';
import { peopleWorld } from '../seeds/world.ts';
import { system } from '../src/access/actor.ts';
import { type Db, openDatabase } from '../src/ground/database.ts';
import { sealAll, sealHistory } from '../src/history/chain.ts';
import { record, recordAll } from '../src/history/record.ts';
import { verifyHistory } from '../src/history/verify.ts';
import type { RecordedAct } from '../src/history/words.ts';
import { makeDatabase } from './kit/database.ts';

const by = system('test');
const some: RecordedAct[] = ['user.added', 'user.edited', 'user.locked', 'user.deleted', 'user.restored'];

describe('The chain of the history', () => {
  let db: Db;
  let owner: Db;
  let ids: Record<string, number>;
  let open: () => Db;
  let close: () => Promise<void>;
  const start = async () => {
    const database = await makeDatabase();
    open = () => openDatabase(database.serving);
    db = open();
    owner = openDatabase(database.owner);
    ids = await peopleWorld(db);
    close = async () => {
      await Promise.all([db.destroy(), owner.destroy()]);
      await database.drop();
    };
  };

  const write = (act: RecordedAct, on = db) =>
    on.transaction((trx) =>
      record(
        trx,
        { ...by, id: ids.olga as number },
        act,
        { id: ids.uma as number, username: 'uma' },
        { changes: { phone: ['1', '2'] }, reason: 'why' },
      ),
    );

  /** What somebody with all rights could do, past the triggers. */
  const tamper = (sql: string) =>
    owner.raw(`set session_replication_role = replica; ${sql}; set session_replication_role = origin`);

  describe('refuses', () => {
    before(async () => {
      await start();
      await write('user.edited');
      await sealHistory(db);
    });
    after(() => close());

    for (const table of ['history', 'history_words', 'history_chain']) {
      for (const change of [`update ${table} set history_id = 9`, `delete from ${table}`, `truncate ${table}`]) {
        const sql = table === 'history' ? change.replace('history_id', 'user_id') : change;
        it(`the serving role: ${sql}`, async () => {
          expect(String(await db.raw(sql).catch((error: Error) => error))).to.include('permission denied');
        });
        if (table === 'history_words' && change.startsWith('delete')) continue; // What a purge does.
        it(`even the owner: ${sql}`, async () => {
          expect(String(await owner.raw(sql).catch((error: Error) => error))).to.include('are never changed');
        });
      }
    }

    it('that the serving role switches off the triggers', async () => {
      expect(String(await db.raw('alter table history disable trigger all').catch((error: Error) => error))).to.include(
        'must be owner',
      );
    });
  });

  describe('holds', () => {
    beforeEach(start);
    afterEach(() => close());

    it('seals everything once, in order, and again what came since', async () => {
      for (const act of some.slice(0, 3)) await write(act);
      expect(await sealHistory(db)).to.equal(3);
      expect(await sealHistory(db)).to.equal(0);
      await write('user.deleted');
      expect(await verifyHistory(db)).to.deep.equal({ checked: 3, unsealed: 1, broken: null });
      await sealHistory(db);
      expect(await verifyHistory(db)).to.deep.equal({ checked: 4, unsealed: 0, broken: null });
      const acts = await db('historyChain').join('history', 'history.id', 'historyId').orderBy('position').pluck('act');
      expect(acts).to.deep.equal(some.slice(0, 4));
    });

    it('seals all that waits, more than a batch takes, and what was written meanwhile', async () => {
      const many = Array.from({ length: 1300 }, () => ({ user: { id: ids.uma as number, username: 'uma' } }));
      await db.transaction((trx) => recordAll(trx, { ...by, id: ids.olga as number }, 'user.edited', many));
      await Promise.all([sealAll(db), write('user.locked')]);
      await sealAll(db);
      expect(await verifyHistory(db)).to.deep.equal({ checked: 1301, unsealed: 0, broken: null });
    });

    it('is one chain when several processes write and seal at the same time', async () => {
      const others = [open(), open()];
      const writers = Array.from({ length: 60 }, (_, index) => write('user.edited', others[index % 2]));
      const sealers = Array.from({ length: 20 }, (_, index) => sealHistory(others[index % 2] as Db));
      await Promise.all([...writers, ...sealers]);
      while (await sealHistory(db)) await sealHistory(others[0] as Db);
      expect(await verifyHistory(db)).to.deep.equal({ checked: 60, unsealed: 0, broken: null });
      await Promise.all(others.map((other) => other.destroy()));
    });

    const crimes: [what: string, sql: string, why: string][] = [
      ['a changed row', `update history set act = 'user.flagged' where id = :id`, 'the row was changed'],
      ['a changed actor', `update history set actor_id = 1000 where id = :id`, 'the row was changed'],
      ['a changed moment', `update history set at = at - interval '1 day' where id = :id`, 'the row was changed'],
      ['a missing row', `delete from history where id = :id`, 'the row is missing'],
      [
        'a changed value',
        `update history_words set words = '{"username":"eve"}' where history_id = :id and part = 'user'`,
        'the words of its user were changed',
      ],
      [
        'a changed name of the actor',
        `update history_words set words = '{"username":"eve"}' where history_id = :id and part = 'actor'`,
        'the words of its actor were changed',
      ],
      [
        'values taken away without a purge',
        `delete from history_words where history_id = :id and part = 'user'`,
        'the words of its user are missing',
      ],
      ['a missing link', `delete from history_chain where history_id = :id`, 'a link before it is missing'],
      [
        'a row taken away with its link',
        `delete from history_chain where history_id = :id; delete from history where id = :id`,
        'a link before it is missing',
      ],
      ['a link made anew', `update history_chain set hash = sha256(hash) where history_id = :id`, 'the row was changed'],
    ];
    for (const [what, sql, why] of crimes) {
      it(`names the first row with ${what}`, async () => {
        for (const act of some) await write(act);
        await sealHistory(db);
        const [, , third, fourth] = await db('history').orderBy('id').pluck('id');
        await tamper(sql.replaceAll(':id', String(third)));
        await tamper(`update history set act = 'z' where id = ${fourth + 1}`);
        const { broken } = await verifyHistory(db);
        expect(broken).to.deep.equal({ historyId: why.startsWith('a link') ? fourth : third, why });
      });
    }

    it('names a row that was slipped in past the sealing', async () => {
      await write('user.added');
      await sealHistory(db);
      await tamper(`insert into history (act, actor_digest, user_digest) values ('user.added', '', '')`);
      expect((await verifyHistory(db)).broken?.why).to.equal('the row stands outside the chain');
    });

    it('names a row that was taken away before it was sealed', async () => {
      for (const act of some.slice(0, 3)) await write(act);
      const [, second] = await db('history').orderBy('id').pluck('id');
      await tamper(`delete from history where id = ${second}`);
      await sealHistory(db);
      expect((await verifyHistory(db)).broken).to.deep.equal({ historyId: second, why: 'the row is missing' });
    });
  });
});
