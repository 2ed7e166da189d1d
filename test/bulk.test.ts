import { expect } from 'chai';
import type { Name } from '../seeds/world.ts';
import type { Actor } from '../src/access/actor.ts';
import { countVerdicts, findBulk } from '../src/bulk/bulk.ts';
import { eraseOldBulks } from '../src/bulk/erase.ts';
import { reportRows } from '../src/bulk/report.ts';
import { runBulk, runSome, stopBulk } from '../src/bulk/run.ts';
import type { Db } from '../src/ground/database.ts';
import { Forbidden, Invalid, NotFound, Refused } from '../src/ground/errors.ts';
import { act, check, outcomes, start, worksOn } from './fixtures/bulk.ts';
import { whole } from './fixtures/imports.ts';
import { actorFor } from './kit/actor.ts';
import { actsUpon } from './kit/history.ts';
import { openWorld } from './kit/world.ts';

describe('One act upon many users', () => {
  let db: Db;
  let ids: Record<Name, number>;
  let olga: Actor;
  let close: () => Promise<void>;
  beforeEach(async () => {
    ({ db, ids, olga, close } = await openWorld());
  });
  afterEach(() => close());

  const live = (...names: Name[]) => ({ upon: 'live', ids: names.map((name) => ids[name]) }) as const;
  const found = (username: string) => db('users').where({ username }).first();
  const caught = (work: Promise<unknown>) => work.then(() => null).catch((error) => error);

  it('says who is refused and why before anything is done, and refuses the same when it is done', async () => {
    const id = await check(db, olga, 'deactivate user', live('olga', 'uma', 'nina', 'dora', 'ivo'));
    const refused = {
      olga: 'refused: You cannot deactivate yourself; another administrator can.',
      nina: 'refused: Nina Costa is Inactive: there is nothing to deactivate.',
      dora: 'refused: This user is deleted; restore it first.',
    };
    expect(await outcomes(db, id)).to.deep.equal({ ...refused, uma: 'ready', ivo: 'ready' });
    expect((await found('uma')).state).to.equal('STATE_APPROVED');
    await start(db, olga, id);
    await runBulk(worksOn(db), id);
    expect(await outcomes(db, id)).to.deep.equal({ ...refused, uma: 'done', ivo: 'done' });
    expect((await found('uma')).state).to.equal('STATE_INACTIVE');
  });

  it('leaves a history row for each user, with the reason, and one for the whole', async () => {
    const id = await act(db, olga, 'suspend user', live('uma', 'stan'), { reason: 'Not paid.' });
    const [one] = await actsUpon({ db }, ids.uma);
    expect(one).to.include({ act: 'user.suspended', actor: 'olga', user: 'uma', reason: 'Not paid.' });
    expect(one?.changes.state).to.deep.equal(['STATE_APPROVED', 'STATE_SUSPENDED']);
    const kept = await db('bulkRows').where({ bulkId: id, userId: ids.uma }).first();
    expect(kept.historyId).to.equal(one?.id);
    const whole = await db('history').where({ act: 'bulk.started' }).first();
    const words = await db('historyWords').where({ historyId: whole.id, part: 'user' }).first();
    expect(words.words.facts).to.deep.equal({ bulkId: id, act: 'suspend user', users: 2 });
  });

  it('foresees that one of the administrators would be the last who is able, and refuses that one', async () => {
    await db('users').where({ username: 'olga' }).update({ expiresAt: '2031-01-01' }); // So she does not count as able for good.
    await db('users').insert({ ...(await likeOscar()), username: 'otto', email: 'otto@world.example' });
    const otto = await found('otto');
    const id = await check(db, olga, 'deactivate user', { upon: 'live', ids: [ids.oscar, otto.id, ids.uma] });
    const last = 'refused: This is the last administrator who is able to sign in. Make another administrator first.';
    expect(await outcomes(db, id)).to.deep.equal({ oscar: 'ready', uma: 'ready', otto: last });
    expect((await found('oscar')).state, 'only tried').to.equal('STATE_APPROVED');
    await start(db, olga, id);
    await runBulk(worksOn(db), id);
    expect(await outcomes(db, id)).to.deep.equal({ oscar: 'done', uma: 'done', otto: last });
    expect((await found('otto')).state).to.equal('STATE_APPROVED');
  });

  async function likeOscar() {
    const { id: _, search: __, ...oscar } = await found('oscar');
    return oscar;
  }

  it('takes everybody who matches a filter, and nobody who matches it only later', async () => {
    const id = await check(db, olga, 'deactivate user', { upon: 'live', filter: { q: '', state: 'active', profile: 'monitor' } });
    expect(await outcomes(db, id)).to.deep.equal({ mona: 'ready' });
    await db('users').where({ username: 'stan' }).update({ profile: 'monitor' });
    await start(db, olga, id);
    await runBulk(worksOn(db), id);
    expect((await found('stan')).state).to.equal('STATE_APPROVED');
  });

  it('asks each user again when it comes to it', async () => {
    const id = await check(db, olga, 'deactivate user', live('uma', 'stan', 'mona'));
    await db('users').where({ username: 'stan' }).update({ state: 'STATE_INACTIVE' });
    await db('users').where({ username: 'mona' }).delete();
    await start(db, olga, id);
    await runBulk(worksOn(db), id);
    expect(await outcomes(db, id)).to.deep.equal({
      uma: 'done',
      stan: 'refused: Stan Kowalski is Inactive: there is nothing to deactivate.',
      null: 'refused: There is no such user any more.',
    });
  });

  it('is started once, and not before everybody is checked', async () => {
    const id = await check(db, olga, 'deactivate user', live('uma'));
    await db('bulks').where({ id }).update({ state: 'checking' });
    expect(await caught(start(db, olga, id))).to.be.instanceOf(Refused);
    await runBulk(worksOn(db), id);
    await start(db, olga, id);
    expect(await caught(start(db, olga, id))).to.be.instanceOf(Refused);
    await runBulk(worksOn(db), id);
    expect(await caught(start(db, olga, id))).to.be.instanceOf(Refused);
    expect((await actsUpon({ db }, ids.uma)).map((one) => one.act)).to.deep.equal(['user.deactivated']);
  });

  it('asks for the reason that the users are shown', async () => {
    const id = await check(db, olga, 'suspend user', live('uma'));
    const error = await caught(start(db, olga, id));
    expect(error).to.be.instanceOf(Invalid);
    expect(error.fields).to.have.property('reason').that.includes('A reason is needed');
  });

  it('can be stopped between two chunks, and goes on when it is started again', async () => {
    const id = await check(db, olga, 'deactivate user', live('uma', 'stan'));
    const bulk = await start(db, olga, id);
    expect(await stopBulk(db, olga, bulk)).to.equal(true);
    await runBulk(worksOn(db), id);
    expect(await countVerdicts(db, { id, undoes: null })).to.deep.equal({ refused: 0, ready: 2, done: 0 });
    expect(await stopBulk(db, olga, bulk)).to.equal(false);
    await start(db, olga, id);
    await runBulk(worksOn(db), id);
    expect(await countVerdicts(db, { id, undoes: null })).to.deep.equal({ refused: 0, ready: 0, done: 2 });
  });

  it('ends when whoever started it may not do it any more', async () => {
    const id = await check(db, olga, 'deactivate user', live('uma'));
    await start(db, olga, id);
    await db('users').where({ username: 'olga' }).update({ profile: 'standard' });
    await runBulk(worksOn(db), id);
    expect((await findBulk(db, id)).state).to.equal('stopped');
    expect((await found('uma')).state).to.equal('STATE_APPROVED');
  });

  it('is for administrators alone', async () => {
    const stan = await actorFor(db, 'stan');
    expect(await caught(check(db, stan, 'deactivate user', live('uma')))).to.be.instanceOf(Forbidden);
    const id = await check(db, olga, 'deactivate user', live('uma'));
    expect(await caught(start(db, stan, id))).to.be.instanceOf(Forbidden);
  });

  it('is about somebody', async () => {
    expect(await caught(check(db, olga, 'deactivate user', { upon: 'live', ids: [] }))).to.be.instanceOf(Invalid);
    expect(await caught(check(db, olga, 'deactivate user', { upon: 'deleted', ids: [ids.dora] }))).to.be.instanceOf(Refused);
  });

  it('is not held up by somebody whom the database refuses', async () => {
    await db.raw(`alter table users add constraint odd check (username <> 'stan' or state <> 'STATE_INACTIVE')`);
    const id = await act(db, olga, 'deactivate user', live('uma', 'stan', 'mona', 'gus'));
    expect(await outcomes(db, id)).to.deep.equal({
      stan: 'refused: The database refuses it: somebody was faster.',
      gus: 'done',
      mona: 'done',
      uma: 'done',
    });
  });

  it('reports each user, and what of a pasted list is nobody’s, in cells that no spreadsheet runs', async () => {
    await db('users').where({ username: 'stan' }).update({ name: '=cmd()' });
    const id = await act(db, olga, 'deactivate user', { ...live('stan', 'nina'), unknownNames: ['@sum(a1)', 'nobody'] });
    expect((await whole(reportRows(db, await findBulk(db, id)))).split('\r\n')).to.deep.equal([
      '\uFEFFverdict,reason,username,email,name',
      "done,,stan,stan@world.example,'=cmd()",
      'refused,Nina Costa is Inactive: there is nothing to deactivate.,nina,nina@world.example,Nina Costa',
      "not found,,'@sum(a1),,",
      'not found,,nobody,,',
      '',
    ]);
  });

  it('is erased after a week, and not while it runs', async () => {
    const lea = live('lea');
    const old = await check(db, olga, 'unlock user', lea);
    const young = await check(db, olga, 'unlock user', lea);
    const running = await check(db, olga, 'unlock user', lea);
    await db('bulks')
      .whereIn('id', [old, running])
      .update({ madeAt: db.raw(`now() - interval '8 days'`) });
    await db('bulks').where({ id: running }).update({ state: 'running' });
    await eraseOldBulks(db);
    expect(await db('bulks').orderBy('id').pluck('id')).to.deep.equal([young, running]);
    expect(await db('bulkRows').where({ bulkId: old })).to.deep.equal([]);
    expect(await caught(findBulk(db, old))).to.be.instanceOf(NotFound);
  });

  it('does nothing for a number that is nobody’s act', async () => {
    expect(await runSome(worksOn(db), 999_999)).to.equal(false);
  });
});
