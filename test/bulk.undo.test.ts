import { expect } from 'chai';
import { type Name, worldPassword } from '../seeds/world.ts';
import type { Actor } from '../src/access/actor.ts';
import { findBulk } from '../src/bulk/bulk.ts';
import { runBulk } from '../src/bulk/run.ts';
import { undoBulk } from '../src/bulk/undo.ts';
import type { Db } from '../src/ground/database.ts';
import { Forbidden, Refused } from '../src/ground/errors.ts';
import { undo as undoOne } from '../src/users/undo.ts';
import { act, actNamed, check, outcomes, start, worksOn } from './fixtures/bulk.ts';
import { press } from './fixtures/selecting.ts';
import { actorFor } from './kit/actor.ts';
import { actsUpon } from './kit/history.ts';
import { siteForEach } from './kit/site.ts';
import { modes } from './kit/visitor.ts';
import { openWorld } from './kit/world.ts';

describe('Undoing an act upon many users', () => {
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

  async function undo(id: number, by = olga): Promise<number> {
    const bulk = await findBulk(db, id);
    const undoing = await undoBulk(db, by, bulk, actNamed(bulk.act));
    await runBulk(worksOn(db), undoing);
    return undoing;
  }

  it('puts everybody back, in acts of their own', async () => {
    await db('users').where({ username: 'sue' }).update({ stateReason: 'Old debts.' });
    const id = await act(db, olga, 'deactivate user', live('uma', 'sue', 'nina'), { reason: 'By mistake.' });
    const undoing = await undo(id);
    expect(await outcomes(db, undoing)).to.deep.equal({ uma: 'done', sue: 'done' });
    const [uma, sue] = [await found('uma'), await found('sue')];
    expect([uma.state, sue.state, sue.stateReason]).to.deep.equal(['STATE_APPROVED', 'STATE_SUSPENDED', 'Old debts.']);
    expect((await actsUpon({ db }, ids.uma)).map((one) => one.act)).to.deep.equal(['user.deactivated', 'user.undone']);
  });

  it('brings back whom it removed, and removes whom it restored', async () => {
    const removed = await act(db, olga, 'delete user', live('uma', 'stan'));
    await undo(removed);
    expect((await found('uma')).deletedAt).to.equal(null);
    const restored = await act(db, olga, 'restore user', { upon: 'deleted', ids: [ids.dora] });
    await undo(restored);
    expect((await found('dora')).deletedAt).to.not.equal(null);
  });

  it('leaves whoever was changed since, and says by whom', async () => {
    const id = await act(db, olga, 'deactivate user', live('uma', 'stan', 'mona'));
    const oscar = await actorFor(db, 'oscar');
    await act(db, oscar, 'activate user', live('stan'));
    const { historyId } = await db('bulkRows').where({ bulkId: id, userId: ids.mona }).first();
    await undoOne(db, oscar, historyId, []);
    expect(await outcomes(db, await undo(id))).to.deep.equal({
      uma: 'done',
      stan: 'refused: Stan Kowalski has been changed since: state, by oscar.',
      mona: 'refused: This has been undone already.',
    });
  });

  it('happens once, however often it is asked for', async () => {
    const id = await act(db, olga, 'deactivate user', live('uma'));
    expect([await undo(id), await undo(id)]).to.satisfy(([one, two]: number[]) => one === two);
    expect((await actsUpon({ db }, ids.uma)).length).to.equal(2);
  });

  it('is possible for ten minutes since it ended, also where its first users were acted upon before', async () => {
    const id = await act(db, olga, 'deactivate user', live('uma'));
    const over = db.raw(`now() - interval '10 minutes 1 second'`);
    await db('bulks').where({ id }).update({ endedAt: over });
    expect(await caught(undo(id))).to.be.instanceOf(Refused);
    await db('bulks')
      .where({ id })
      .update({ endedAt: db.raw(`now() - interval '9 minutes'`), madeAt: db.raw(`now() - interval '20 minutes'`) });
    const { historyId } = await db('bulkRows').where({ bulkId: id }).first();
    await db.raw('alter table history disable trigger user');
    await db('history')
      .where({ id: historyId })
      .update({ at: db.raw(`now() - interval '19 minutes'`) });
    expect(await outcomes(db, await undo(id))).to.deep.equal({ uma: 'done' });
  });

  it('is not possible before it has ended, after a purge, or of an undoing', async () => {
    const ready = await check(db, olga, 'deactivate user', live('uma'));
    expect(await caught(undo(ready))).to.be.instanceOf(Refused);
    const id = await check(db, olga, 'purge user', { upon: 'deleted', ids: [ids.dora] });
    await start(db, olga, id, { typed_word: 'purge' });
    await runBulk(worksOn(db), id);
    expect(await caught(undo(id))).to.be.instanceOf(Refused);
    const undoing = await undo(await act(db, olga, 'deactivate user', live('uma')));
    expect(await caught(undo(undoing))).to.be.instanceOf(Refused);
  });

  it('is for administrators, and takes a proof where it makes some again', async () => {
    const id = await act(db, olga, 'deactivate user', live('uma'));
    expect(await caught(undo(id, await actorFor(db, 'stan')))).to.be.instanceOf(Forbidden);
    const asked = await check(db, olga, 'set profile', live('oscar'));
    await db('bulks')
      .where({ id: asked })
      .update({ state: 'checking', input: JSON.stringify({ profile: 'customer' }) });
    await runBulk(worksOn(db), asked);
    await start(db, olga, asked);
    await runBulk(worksOn(db), asked);
    expect(await caught(undo(asked, { ...olga, isConfirmed: false }))).to.be.instanceOf(Refused);
    await undo(asked);
    expect((await found('oscar')).profile).to.equal('administrator');
  });
});

describe('The way back on the page of an act upon many', () => {
  const { site } = siteForEach();

  for (const mode of modes) {
    it(`stands in its message and on its page, and leads to what came of it (${mode})`, async () => {
      const olga = await site.visitor('olga', mode);
      await olga.get('/users?limit=50');
      const shown = await press(olga, { act: 'deactivate user' }, [site.ids.uma, site.ids.stan]);
      const path = new URL(shown.url).pathname;
      const done = await olga.submit(`${path}/run`);
      expect(done.document.querySelectorAll(`form[action="${path}/undo"]`).length).to.equal(2);
      const undone = await olga.submit(`${path}/undo`);
      expect(undone.text).to.include('2 users put back as they were.').and.include('This undoes an earlier act');
      expect((await site.db('users').where({ username: 'uma' }).first()).state).to.equal('STATE_APPROVED');
      const before = await olga.get(path);
      expect(before.text).to.include('It has been undone.');
      expect(before.document.querySelector('form[action$="/undo"]')).to.equal(null);
    });
  }

  it('asks for a proof on the page where it may make administrators', async () => {
    const olga = await site.visitor('olga');
    await olga.get('/users?limit=50');
    const asked = await press(olga, { act: 'set profile' }, [site.ids.oscar]);
    const path = new URL(asked.url).pathname;
    await olga.post(`${path}/answer`, { profile: 'customer' });
    await olga.submit(`${path}/run`);
    await site.db('sessions').update({ confirmedAt: '2026-01-01' });
    await olga.get(path);
    const refused = await olga.submit(`${path}/undo`);
    expect([refused.status, refused.text.includes('Your own password is needed here.')]).to.deep.equal([422, true]);
    await olga.submit(`${path}/undo`, { your_password: worldPassword });
    expect((await site.db('users').where({ username: 'oscar' }).first()).profile).to.equal('administrator');
  });
});
