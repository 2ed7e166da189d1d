import { expect } from 'chai';
import type { Actor } from '../../src/access/actor.ts';
import type { Db } from '../../src/ground/database.ts';
import { ownBelongings } from '../../src/users/belongings.ts';
import { editUser } from '../../src/users/edit.ts';
import { deleteUser } from '../../src/users/remove.ts';
import { moveUser } from '../../src/users/states.ts';
import { actorFor } from '../kit/actor.ts';
import { allAtOnce, openRace, type Race, racer } from '../kit/race.ts';

type Act = (db: Db, by: Actor, username: string) => Promise<unknown>;

const acts: Record<string, Act> = {
  deactivate: (db, by, username) => moveUser(db, by, username, 'deactivate', ''),
  suspend: (db, by, username) => moveUser(db, by, username, 'suspend', 'x'),
  delete: (db, by, username) => deleteUser(db, by, username, ownBelongings),
  demote: (db, by, username) =>
    editUser(db, by, username, {
      ...racer,
      email: `${username}@world.example`,
      emailVerified: true,
      profile: 'customer',
      version: 1,
    }),
  unverify: (db, by, username) =>
    editUser(db, by, username, {
      ...racer,
      email: `${username}@world.example`,
      emailVerified: false,
      profile: 'administrator',
      version: 1,
    }),
};

describe('The last able administrator', () => {
  let race: Race;
  before(async function () {
    this.timeout(60_000);
    race = await openRace();
  });
  after(() => race.close());

  const able = async () =>
    (await race
      .one('users')
      .where({ profile: 'administrator', state: 'STATE_APPROVED', deletedAt: null })
      .whereNotNull('emailVerifiedAt')
      .pluck('username')) as string[];

  const pairs: [string, string][] = [
    ['deactivate', 'deactivate'],
    ['deactivate', 'delete'],
    ['delete', 'delete'],
    ['demote', 'suspend'],
    ['unverify', 'delete'],
  ];
  for (const [first, second] of pairs) {
    it(`is never lost when one would ${first} and the other ${second} at the same time, 50 times`, async function () {
      this.timeout(60_000);
      for (let run = 0; run < 50; run += 1) {
        await race
          .one('users')
          .whereIn('username', ['olga', 'oscar'])
          .update({
            state: 'STATE_APPROVED',
            deletedAt: null,
            profile: 'administrator',
            emailVerifiedAt: race.one.raw('now()'),
            version: 1,
          });
        const [olga, oscar] = [await actorFor(race.one, 'olga'), await actorFor(race.two, 'oscar')];
        const ends = await allAtOnce([
          () => acts[first]?.(race.one, olga, 'oscar') as Promise<unknown>,
          () => acts[second]?.(race.two, oscar, 'olga') as Promise<unknown>,
        ]);
        expect(
          ends.filter((end) => end === 'done'),
          `run ${run}`,
        ).to.have.length(1);
        expect(ends.join()).to.include('Refused: This is the last administrator');
        expect(await able(), `run ${run}`).to.have.length(1);
      }
    });
  }

  it('is never lost among five who all turn upon each other', async function () {
    this.timeout(60_000);
    const names = ['olga', 'oscar', 'stan', 'gus', 'mona'];
    for (let run = 0; run < 10; run += 1) {
      await race
        .one('users')
        .whereIn('username', names)
        .update({ state: 'STATE_APPROVED', deletedAt: null, profile: 'administrator', emailVerifiedAt: race.one.raw('now()') });
      const actors = await Promise.all(names.map((name) => actorFor(race.one, name)));
      const all = actors.flatMap((by, index) =>
        names
          .filter((name) => name !== by.username)
          .map(
            (name) => () => (acts[['deactivate', 'delete', 'suspend'][index % 3] as string] as Act)(race.pool(index), by, name),
          ),
      );
      const ends = await allAtOnce(all);
      expect(await able(), `run ${run}`).to.have.length(1);
      expect(ends.filter((end) => !/^(done|Refused|NotFound)/.test(end))).to.deep.equal([]);
    }
  });
});
