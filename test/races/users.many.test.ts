import { expect } from 'chai';
import type { Name } from '../../seeds/world.ts';
import { system } from '../../src/access/actor.ts';
import { deleteUser } from '../../src/users/remove.ts';
import { moveUser } from '../../src/users/states.ts';
import { actUponAll, belongings, saidOf } from '../kit/many.ts';
import { allAtOnce, doneAmong, openRace, type Race } from '../kit/race.ts';

const by = system('test');
const reason = { reason: 'x' };

describe('Acts upon many in parallel', () => {
  let race: Race;
  beforeEach(async () => {
    race = await openRace();
  });
  afterEach(() => race.close());
  const able = () => race.one('users').where({ profile: 'administrator', state: 'STATE_APPROVED', deletedAt: null });

  it('leave one administrator who is able to sign in, from two processes and beside acts upon one', async () => {
    for (let run = 1; run <= 15; run += 1) {
      const ends = await allAtOnce([
        () => actUponAll(race, race.one, by, ['olga', 'uma', 'oscar'], 'suspend user', reason),
        () => actUponAll(race, race.two, by, ['oscar', 'olga', 'ines'], 'deactivate user', reason),
        () => moveUser(race.one, by, 'oscar', 'suspend', 'x'),
        () => deleteUser(race.two, by, 'olga', belongings),
      ]);
      expect(ends.filter((end) => !/^(done|Refused)/.test(end))).to.deep.equal([]);
      expect(await able(), `run ${run}: ${ends}`).to.have.length(1);
      await race.one('users').whereIn('username', ['olga', 'oscar', 'uma', 'ines']).update({
        state: 'STATE_APPROVED',
        deletedAt: null,
      });
    }
  });

  it('act upon each once, however they overlap, and wait for each other in one order', async () => {
    const names: Name[] = ['stan', 'gus', 'mona', 'april', 'uma', 'lea', 'ines'];
    for (let run = 1; run <= 10; run += 1) {
      const orders = [names, names.toReversed(), names.slice(3), names.slice(0, 4).toReversed()];
      const outcomes = await Promise.all(
        orders.map((some, index) => actUponAll(race, race.pool(index), by, some, 'suspend user', reason)),
      );
      expect(outcomes.flat().filter((outcome) => saidOf(outcome) === 'done')).to.have.length(names.length);
      await actUponAll(race, race.one, by, names, 'activate user', reason);
    }
  });

  it('take the last free places exactly among two that restore', async () => {
    const names: Name[] = ['stan', 'gus', 'mona', 'april', 'uma', 'lea'];
    await actUponAll(race, race.one, by, names, 'delete user', {});
    await race.one('settings').update({ accountLimit: (await race.one('accountCounter').first()).live + 2 });
    const outcomes = await Promise.all([
      actUponAll(race, race.one, by, names.slice(0, 3), 'restore user', {}),
      actUponAll(race, race.two, by, names.slice(3), 'restore user', {}),
    ]);
    const ends = outcomes.flat().map(saidOf);
    expect(doneAmong(ends)).to.equal(2);
    expect(ends.filter((end) => end.includes('accounts of this console are in use'))).to.have.length(4);
  });
});
