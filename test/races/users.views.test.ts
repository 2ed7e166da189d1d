import { expect } from 'chai';
import { mostViews, saveView } from '../../src/users/views.ts';
import { actorFor } from '../kit/actor.ts';
import { allAtOnce, doneAmong, openRace, type Race } from '../kit/race.ts';

describe('Saved views under parallel acts', () => {
  let race: Race;
  before(async () => {
    race = await openRace();
  });
  after(() => race.close());

  it('stay fifty when many are saved at once by two processes, and a name is given once', async () => {
    const olga = await actorFor(race.one, 'olga');
    const rows = Array.from({ length: mostViews - 3 }, (_, n) => ({
      ownerId: olga.id,
      name: `View ${n}`,
      query: 'state=locked',
    }));
    await race.one('savedViews').insert(rows);
    const names = ['A', 'a', 'B', 'C', 'D', 'E', 'F', 'G'];
    const ends = await allAtOnce(
      names.map(
        (name, n) => () => saveView(n % 2 ? race.one : race.two, olga, { name, isShared: false, query: 'state=flagged' }),
      ),
    );
    expect(doneAmong(ends)).to.equal(3);
    expect(ends.filter((end) => end !== 'done' && !/^Refused: You keep 50|^Invalid: You have a view/.test(end))).to.deep.equal(
      [],
    );
    const kept = await race.one('savedViews').where({ ownerId: olga.id });
    expect(kept).to.have.length(mostViews);
    expect(new Set(kept.map(({ name }) => name.toLowerCase())).size).to.equal(mostViews);
  });
});
