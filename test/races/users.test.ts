import { expect } from 'chai';
import { system } from '../../src/access/actor.ts';
import type { Db } from '../../src/ground/database.ts';
import { sealHistory } from '../../src/history/chain.ts';
import { verifyHistory } from '../../src/history/verify.ts';
import { addUser } from '../../src/users/add.ts';
import { ownBelongings } from '../../src/users/belongings.ts';
import { editUser } from '../../src/users/edit.ts';
import { deleteUser, purgeUser } from '../../src/users/remove.ts';
import { restoreUser } from '../../src/users/restore.ts';
import { moveUser } from '../../src/users/states.ts';
import { unlockUser } from '../../src/users/unlock.ts';
import { allAtOnce, doneAmong, openRace, type Race, racer, times } from '../kit/race.ts';

const by = system('race');
const add = (db: Db, username: string, email = `${username}@race.example`) =>
  addUser(db, by, { ...racer, username, email, enabled: true, access: { by: 'single_use', password: 'pear-lamp-77' } });
const edit = (db: Db, username: string, version: number, change: object = {}) =>
  editUser(db, by, username, { ...racer, email: `${username}@world.example`, version, ...change });

describe('Users under parallel acts', () => {
  let race: Race;
  beforeEach(async () => {
    race = await openRace();
  });
  afterEach(async () => {
    const counted = await race.one('users').where({ deletedAt: null }).count({ count: '*' }).first();
    expect((await race.one('accountCounter').first()).live, 'the kept count').to.equal(Number(counted?.count));
    while (await sealHistory(race.owner));
    expect((await verifyHistory(race.owner)).broken).to.equal(null);
    await race.close();
  });
  const untilOneWaits = async () => {
    const waiting = `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
    while ((await race.owner.raw(waiting)).rows.length === 0);
  };
  const row = (username: string) => race.one('users').where({ username }).first();

  it('take the last free place exactly once among twenty', async () => {
    await race.one('settings').update({ accountLimit: (await race.one('accountCounter').first()).live + 1 });
    const ends = await allAtOnce(times(20, (index) => () => add(race.pool(index), `racer-${index}`)));
    expect(doneAmong(ends)).to.equal(1);
    expect(ends.filter((end) => end.startsWith('Refused: All'))).to.have.length(19);
    expect(await race.one('users').where('username', 'like', 'racer-%')).to.have.length(1);
  });

  it('take the last free places exactly among thirty that are restored', async () => {
    await race.one.raw(`insert into users (username, email, name, state, deleted_at)
      select 'racer-' || n, n || '@race.example', 'Racer', 'STATE_APPROVED', now() from generate_series(1, 30) n`);
    await race.one('settings').update({ accountLimit: (await race.one('accountCounter').first()).live + 3 });
    const ends = await allAtOnce(
      times(
        30,
        (index) => () => restoreUser(race.pool(index), by, { username: `racer-${index + 1}`, belongings: ownBelongings }),
      ),
    );
    expect(doneAmong(ends)).to.equal(3);
    expect(ends.filter((end) => end.startsWith('Refused: All'))).to.have.length(27);
  });

  it('take the last free place exactly once among adding and restoring', async () => {
    await race.one('settings').update({ accountLimit: (await race.one('accountCounter').first()).live + 1 });
    const ends = await allAtOnce([
      ...times(6, (index) => () => add(race.pool(index), `racer-${index}`)),
      () => restoreUser(race.two, by, { username: 'dora', belongings: ownBelongings }),
    ]);
    expect(doneAmong(ends)).to.equal(1);
  });

  it('give an address, in whatever case, to one of ten', async () => {
    const ends = await allAtOnce(
      times(10, (index) => () => add(race.pool(index), `racer-${index}`, index % 2 ? 'Same@Race.example' : 'sAME@race.EXAMPLE')),
    );
    expect(doneAmong(ends)).to.equal(1);
    expect(ends.filter((end) => end === 'Invalid: Another user has this email address.')).to.have.length(9);
  });

  it('give an address to one of those who edit, add and restore at the same time', async () => {
    for (let run = 0; run < 10; run += 1) {
      const email = `same-${run}@race.example`;
      await race
        .one('users')
        .where({ username: 'dora' })
        .update({ email, deletedAt: race.one.raw('now()') });
      const versions = await Promise.all(['ines', 'uma', 'stan'].map(async (name) => (await row(name)).version));
      const ends = await allAtOnce([
        ...['ines', 'uma', 'stan'].map(
          (name, index) => () => edit(race.pool(index), name, versions[index], { email: index ? email : email.toUpperCase() }),
        ),
        () => add(race.two, `racer-${run}`, email),
        () => restoreUser(race.one, by, { username: 'dora', belongings: ownBelongings }),
      ]);
      expect(doneAmong(ends), ends.join('\n')).to.equal(1);
      expect(ends.filter((end) => !/^(done|Invalid: .*address)/.test(end))).to.deep.equal([]);
    }
  });

  it('give a username to one of ten', async () => {
    const ends = await allAtOnce(times(10, (index) => () => add(race.pool(index), 'racer', `racer-${index}@race.example`)));
    expect(doneAmong(ends)).to.equal(1);
    expect(ends.filter((end) => end === 'Invalid: This username is taken.')).to.have.length(9);
  });

  it('save one of ten edits of the same version, and show the others both', async () => {
    for (let version = 1; version <= 20; version += 1) {
      const ends = await allAtOnce(
        times(10, (index) => () => edit(race.pool(index), 'ines', version, { name: `Ines ${version} ${index}` })),
      );
      expect(doneAmong(ends), `version ${version}`).to.equal(1);
      expect(ends.filter((end) => end.startsWith('Conflict'))).to.have.length(9);
      expect((await row('ines')).version).to.equal(version + 1);
    }
  });

  it('make a move once, however often it is asked for at the same time', async () => {
    for (let run = 1; run <= 20; run += 1) {
      const move = run % 2 ? 'deactivate' : 'activate';
      const ends = await allAtOnce(times(10, (index) => () => moveUser(race.pool(index), by, 'ines', move, '')));
      expect(doneAmong(ends), `run ${run}`).to.equal(1);
      expect(await race.one('history').where({ userId: race.ids.ines })).to.have.length(run);
    }
  });

  it('never bring a deleted user back to life by an edit or a move', async () => {
    for (let run = 0; run < 20; run += 1) {
      await race.one('users').where({ id: race.ids.ines }).update({ state: 'STATE_APPROVED', deletedAt: null, version: 1 });
      const ends = await allAtOnce([
        () => deleteUser(race.one, by, 'ines', ownBelongings),
        () => edit(race.two, 'ines', 1, { name: `Ines ${run}` }),
        () => moveUser(race.one, by, 'ines', 'suspend', 'x'),
        () => moveUser(race.two, by, 'ines', 'flag', 'x'),
        () => deleteUser(race.two, by, 'ines', ownBelongings),
      ]);
      expect(ends.filter((end) => !/^(done|Refused|NotFound|Conflict)/.test(end))).to.deep.equal([]);
      expect((await row('ines')).deletedAt).to.be.instanceOf(Date);
      expect(await race.one('history').where({ userId: race.ids.ines, act: 'user.deleted' })).to.have.length(run + 1);
    }
  });

  it('hold no user while they stand in line for the count of accounts', async () => {
    const acts = {
      delete: () => deleteUser(race.one, by, 'flo', ownBelongings),
      restore: () => restoreUser(race.one, by, { username: 'dora', belongings: ownBelongings }),
      purge: () => purgeUser(race.owner, by, 'dora', ownBelongings),
    };
    for (const [name, act] of Object.entries(acts)) {
      const counting = await race.two.transaction();
      await counting('accountCounter').forUpdate().first();
      const waiting = act().catch((error: Error) => error);
      await untilOneWaits();
      const free = await counting('users').whereIn('username', ['flo', 'dora']).forUpdate().skipLocked().pluck('username');
      await counting.rollback();
      await waiting;
      expect(free, name).to.have.length(2);
      await race.one('users').where({ username: 'flo' }).update({ deletedAt: null });
      await race
        .one('users')
        .where({ username: 'dora' })
        .update({ deletedAt: race.one.raw('now()') });
    }
  });

  it('purge or restore, never both', async () => {
    const username = 'dora';
    const ends = await allAtOnce([
      () => purgeUser(race.owner, by, username, ownBelongings),
      () => restoreUser(race.one, by, { username, belongings: ownBelongings }),
      () => restoreUser(race.two, by, { username, belongings: ownBelongings }),
      () => purgeUser(race.owner, by, username, ownBelongings),
    ]);
    expect(doneAmong(ends)).to.equal(1);
    expect(ends.filter((end) => !/^(done|Refused|NotFound)/.test(end))).to.deep.equal([]);
    expect(Boolean(await row(username))).to.equal(ends[1] === 'done' || ends[2] === 'done');
  });

  it('come to an end, all 64 upon a few users in opposite order, without a deadlock', async function () {
    this.timeout(60_000);
    const names = ['ines', 'uma', 'lea', 'flo', 'nina', 'stan'];
    const kinds: ((db: Db, name: string) => Promise<unknown>)[] = [
      (db, name) => moveUser(db, by, name, 'suspend', 'x'),
      (db, name) => moveUser(db, by, name, 'activate', ''),
      (db, name) => deleteUser(db, by, name, ownBelongings),
      (db, name) => restoreUser(db, by, { username: name, belongings: ownBelongings }),
      (db, name) => unlockUser(db, by, name),
      async (db, name) => edit(db, name, (await row(name)).version, { name: `${name} again`, profile: 'administrator' }),
      (db, name) => moveUser(db, by, name, 'deactivate', ''),
      (db) => add(db, `racer-${Math.random().toString(36).slice(2, 12)}`),
    ];
    const acts = times(64, (index) => {
      const order = index % 2 ? names : names.toReversed();
      return () =>
        (kinds[index % 8] as (typeof kinds)[number])(race.pool(index), order[Math.floor(index / 8) % names.length] as string);
    });
    for (let run = 0; run < 3; run += 1) {
      const ends = await allAtOnce(acts);
      expect(ends.filter((end) => !/^(done|Refused|NotFound|Conflict|Invalid)/.test(end))).to.deep.equal([]);
      expect(doneAmong(ends)).to.be.greaterThan(8);
    }
  });
});
