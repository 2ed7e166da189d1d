import { expect } from 'chai';
import { system } from '../../src/access/actor.ts';
import { sealHistory } from '../../src/history/chain.ts';
import { verifyHistory } from '../../src/history/verify.ts';
import { deleteUser } from '../../src/users/remove.ts';
import { moveUser } from '../../src/users/states.ts';
import { undo, undoMany } from '../../src/users/undo.ts';
import { belongings } from '../kit/many.ts';
import { allAtOnce, doneAmong, openRace, type Race, times } from '../kit/race.ts';

const by = system('test');

describe('Undo under parallel acts', () => {
  let race: Race;
  beforeEach(async () => {
    race = await openRace();
  });
  afterEach(async () => {
    const counted = await race.one('users').where({ deletedAt: null }).count({ count: '*' }).first();
    expect((await race.one('accountCounter').first()).live, 'the kept count').to.equal(Number(counted?.count));
    while ((await sealHistory(race.owner)) > 0);
    expect((await verifyHistory(race.owner)).broken).to.equal(null);
    await race.close();
  });
  const row = (username: string) => race.one('users').where({ username }).first();
  const suspend = async (name: string) => (await moveUser(race.one, by, name, 'suspend', 'x')).historyId as number;
  const activate = async (name: string) => (await moveUser(race.one, by, name, 'activate', '')).historyId as number;

  it('undoes once, however often and by whichever door it is asked for', async () => {
    for (let run = 1; run <= 10; run += 1) {
      const id = await suspend('ines');
      const { version } = await row('ines');
      const many = (index: number) =>
        race.pool(index).transaction(async (trx) => {
          const [outcome] = await undoMany(trx, by, { acts: [id], belongings });
          if (outcome && 'refusal' in outcome) throw new Error(outcome.refusal);
        });
      const ends = await allAtOnce(
        times(10, (index) => () => (index % 3 ? undo(race.pool(index), by, id, belongings) : many(index))),
      );
      expect(doneAmong(ends), `run ${run}: ${ends}`).to.equal(1);
      expect(ends.filter((end) => end.includes('undone already'))).to.have.length(9);
      expect(await row('ines')).to.include({ state: 'STATE_APPROVED', version: version + 1 });
      expect(await race.one('history').where({ undoes: id })).to.have.length(1);
    }
  });

  it('keeps an able administrator when the ways back of both are taken at once', async () => {
    for (let run = 1; run <= 20; run += 1) {
      await suspend('oscar');
      const oscar = await activate('oscar');
      await suspend('olga');
      const olga = await activate('olga');
      const ends = await allAtOnce([() => undo(race.one, by, olga, belongings), () => undo(race.two, by, oscar, belongings)]);
      expect(doneAmong(ends), `run ${run}: ${ends}`).to.equal(1);
      expect(ends.filter((end) => end.startsWith('Refused: This is the last administrator'))).to.have.length(1);
      for (const name of ['olga', 'oscar']) if ((await row(name)).state === 'STATE_SUSPENDED') await activate(name);
    }
  });

  it('gives the last free place to one of twelve deletions that are undone', async () => {
    const names = ['stan', 'gus', 'mona', 'april', 'uma', 'lea', 'ines', 'ivo', 'nina', 'rita', 'sue', 'flo'];
    const ids = await Promise.all(names.map(async (name) => (await deleteUser(race.one, by, name, belongings)).historyId));
    await race.one('settings').update({ accountLimit: (await race.one('accountCounter').first()).live + 1 });
    const ends = await allAtOnce(ids.map((id, index) => () => undo(race.pool(index), by, id as number, belongings)));
    expect(doneAmong(ends)).to.equal(1);
    expect(ends.filter((end) => end.startsWith('Refused: All'))).to.have.length(11);
  });

  it('loses to an act that was faster, or wins before it, and mixes with none', async () => {
    for (let run = 1; run <= 10; run += 1) {
      const id = await suspend('uma');
      const ends = await allAtOnce([
        () => undo(race.one, by, id, belongings),
        () => moveUser(race.two, by, 'uma', 'deactivate', 'y'),
      ]);
      expect(ends[1]).to.equal('done');
      expect(ends[0]).to.match(/^done$|changed since: state, reason, by test/);
      expect(await row('uma')).to.include({ state: 'STATE_INACTIVE', stateReason: 'y' });
      await activate('uma');
    }
  });
});
