import { expect } from 'chai';
import type { Actor } from '../../src/access/actor.ts';
import { countVerdicts, findBulk } from '../../src/bulk/bulk.ts';
import { continueBulks, runBulk, stopBulk } from '../../src/bulk/run.ts';
import { undoBulk } from '../../src/bulk/undo.ts';
import { deleteUser } from '../../src/users/remove.ts';
import { restoreUser } from '../../src/users/restore.ts';
import { moveUser } from '../../src/users/states.ts';
import { actNamed, check, start, worksOn } from '../fixtures/bulk.ts';
import { actorFor } from '../kit/actor.ts';
import { addCrowd, allAtOnce, dyingAfter, openRace, type Race } from '../kit/race.ts';

describe('Acts upon many users that race and break', function () {
  this.timeout(120_000);
  let race: Race;
  let olga: Actor;
  beforeEach(async () => {
    race = await openRace();
    olga = await actorFor(race.one, 'olga');
    await addCrowd(race.owner, 2000);
  });
  afterEach(() => race.close());

  const crowd = { upon: 'live', filter: { q: 'crowd.example' } } as const;
  const users = () => race.owner('users').where('username', 'like', 'crowd-%');
  const inState = async (state: string) => Number((await users().where({ state }).count('* as users').first())?.users);

  /** Each of the crowd was acted upon once. */
  async function expectOnce(act: string, count = 2000) {
    const rows = await race.owner('history').where({ act }).count('* as rows').countDistinct('userId as users').first();
    expect(rows).to.deep.equal({ rows: count, users: count });
  }

  it('are checked and done once when several processes are at them', async () => {
    const id = await check(race.one, olga, 'deactivate user', crowd);
    expect(await countVerdicts(race.one, { id, undoes: null })).to.deep.equal({ refused: 0, ready: 2000, done: 0 });
    await start(race.one, olga, id);
    await Promise.all([race.one, race.two, race.one, race.two].map((db) => runBulk(worksOn(db, race.owner), id)));
    await runBulk(worksOn(race.one, race.owner), id);
    expect((await findBulk(race.one, id)).state).to.equal('done');
    expect(await inState('STATE_INACTIVE')).to.equal(2000);
    await expectOnce('user.deactivated');
  });

  it('go on where a killed process has left them, without doing anybody twice', async () => {
    const id = await check(race.one, olga, 'deactivate user', crowd);
    await start(race.one, olga, id);
    await runBulk(worksOn(dyingAfter(race.one, 3)), id).catch(() => {});
    const half = await inState('STATE_INACTIVE');
    expect(half).to.be.within(1, 1999);
    await expectOnce('user.deactivated', half);
    await Promise.all([continueBulks(worksOn(race.one, race.owner)), continueBulks(worksOn(race.two, race.owner))]);
    await continueBulks(worksOn(race.two, race.owner));
    expect((await findBulk(race.one, id)).state).to.equal('done');
    await expectOnce('user.deactivated');
  });

  it('are checked to the end by another process, too', async () => {
    const id = await check(dyingAfter(race.one, 3), olga, 'deactivate user', crowd).catch(() => 1);
    expect((await findBulk(race.one, id)).state).to.equal('checking');
    await continueBulks(worksOn(race.two, race.owner));
    expect((await findBulk(race.one, id)).state).to.equal('ready');
    expect((await countVerdicts(race.one, { id, undoes: null })).ready).to.equal(2000);
  });

  it('stop at once, and leave whoever was not reached', async () => {
    const id = await check(race.one, olga, 'deactivate user', crowd);
    const bulk = await start(race.one, olga, id);
    const running = runBulk(worksOn(race.one, race.owner), id);
    await stopBulk(race.two, olga, bulk);
    await running;
    const { done, ready } = await countVerdicts(race.one, { id, undoes: null });
    expect(done + ready).to.equal(2000);
    expect(await inState('STATE_INACTIVE')).to.equal(done);
    await expectOnce('user.deactivated', done);
  });

  it('keep the count of accounts when many are removed, others removed and moved meanwhile', async () => {
    const before = (await race.one('accountCounter').first()).live;
    const [one, two] = [await check(race.one, olga, 'delete user', crowd), await check(race.two, olga, 'deactivate user', crowd)];
    await start(race.one, olga, one);
    await start(race.two, olga, two);
    const single = Array.from({ length: 30 }, (_, n) => `crowd-${2000 - n * 60}`);
    const ends = await allAtOnce([
      () => runBulk(worksOn(race.one, race.owner), one),
      () => runBulk(worksOn(race.two, race.owner), two),
      async () => {
        for (const username of single) await deleteUser(race.two, olga, username, []).catch(notFaster);
      },
      async () => {
        for (const username of single.toReversed()) await moveUser(race.one, olga, username, 'suspend', 'x').catch(notFaster);
      },
    ]);
    expect(ends).to.deep.equal(['done', 'done', 'done', 'done']);
    expect((await race.one('accountCounter').first()).live).to.equal(before - 2000);
    expect(await users().whereNull('deletedAt')).to.deep.equal([]);
    await expectOnce('user.deleted');
  });

  /** That somebody was faster is fine here; anything else is not. */
  function notFaster(error: Error) {
    if (!['Refused', 'NotFound'].includes(error.constructor.name)) throw error;
  }

  it('are undone once, by whichever process is left, and never over what somebody did since', async () => {
    const id = await check(race.one, olga, 'delete user', crowd);
    await start(race.one, olga, id);
    await runBulk(worksOn(race.one, race.owner), id);
    const bulk = await findBulk(race.one, id);
    const undoings = await Promise.all([race.one, race.two].map((db) => undoBulk(db, olga, bulk, actNamed('delete user'))));
    expect(undoings[0]).to.equal(undoings[1]);
    const undoing = undoings[0] as number;
    await runBulk(worksOn(dyingAfter(race.one, 2)), undoing).catch(() => {});
    await restoreUser(race.two, olga, { username: 'crowd-2000', belongings: [] });
    await Promise.all([race.one, race.two].map((db) => continueBulks(worksOn(db, race.owner))));
    await continueBulks(worksOn(race.one, race.owner));
    expect(await countVerdicts(race.one, await findBulk(race.one, undoing))).to.deep.equal({ refused: 1, ready: 0, done: 1999 });
    await expectOnce('user.undone', 1999);
    expect(await users().whereNotNull('deletedAt')).to.deep.equal([]);
  });

  it('are purged with the owning role alone', async () => {
    await users().update({ deletedAt: race.owner.raw('now()') });
    const id = await check(race.one, olga, 'purge user', { upon: 'deleted', filter: { q: '' } });
    await start(race.one, olga, id, { typed_word: 'purge' });
    const denied = await runBulk(worksOn(race.one, race.one), id).catch((error) => error);
    expect(denied.message).to.include('permission denied');
    await runBulk(worksOn(race.one, race.owner), id);
    expect(await users()).to.deep.equal([]);
    expect((await countVerdicts(race.one, { id, undoes: null })).done).to.equal(2001); // Dora too.
  });
});
