import { expect } from 'chai';
import type { Actor } from '../../src/access/actor.ts';
import type { Viewer } from '../../src/access/things.ts';
import { deleteThing } from '../../src/things/remove.ts';
import { addThing, editThing } from '../../src/things/save.ts';
import { endShare, shareThing } from '../../src/things/share.ts';
import { transferThing } from '../../src/things/transfer.ts';
import { openRace, type Race } from '../kit/race.ts';
import { inEyesOf } from '../kit/viewer.ts';

const section = 'object';

describe('Things at the same time', () => {
  let race: Race;
  let by: Actor;
  let viewer: Viewer;
  beforeEach(async () => {
    race = await openRace();
    ({ by, viewer } = await inEyesOf({ db: race.one }, 'olga'));
  });
  afterEach(() => race.close());

  const untilOneWaits = async () => {
    const waiting = `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
    while ((await race.owner.raw(waiting)).rows.length === 0);
  };
  const add = () =>
    addThing(race.one, by, viewer, { kind: 'object', name: 'Lorry', description: '', owner: 'uma', groupIds: [] });
  const share = (id: number, to: string) =>
    shareThing(race.one, by, viewer, { section, id, with: to, may: 'view', endsAt: null });

  it('are not held while somebody stands in line for their users, who may be waiting for them', async () => {
    const { id } = await add();
    await share(id, 'ines');
    const first = await race.one('shares').first('id');
    const acts = {
      'ines is held: share': ['ines', () => share(id, 'ines')],
      'uma is held: share': ['uma', () => share(id, 'ines')],
      'ines is held: end the share': ['ines', () => endShare(race.one, by, viewer, { section, id, share: first.id })],
      'uma is held: transfer': ['uma', () => transferThing(race.one, by, viewer, { section, id, to: 'ines' })],
      'ines is held: delete': ['ines', () => deleteThing(race.one, by, viewer, { section, id })],
    } as const;
    for (const [name, [username, act]] of Object.entries(acts)) {
      const holding = await race.two.transaction();
      await holding('users').where({ username }).forUpdate().first('id');
      const waiting = act();
      await untilOneWaits();
      const free = await holding('things').forUpdate().skipLocked().pluck('id');
      await holding.rollback();
      await waiting;
      expect(free, name).to.deep.equal([id]);
    }
    expect(await race.one('things').pluck('id')).to.deep.equal([]);
  });

  it('are not attached to what is on its way to another owner', async () => {
    const { id, version } = await add();
    const box = { kind: 'tracker', name: 'Box', description: '', owner: 'uma' } as const;
    const tracker = await addThing(race.one, by, viewer, { ...box, groupIds: [] });
    const giving = await race.two.transaction();
    await transferThing(giving, by, viewer, { section: 'tracker', id: tracker.id, to: 'ines' });
    const values = { kind: 'object', name: 'Lorry', description: '', trackerId: tracker.id } as const;
    const attaching = editThing(race.one, by, viewer, { section, id, version, values }).catch((error) => error.fields);
    await untilOneWaits();
    await giving.commit();
    expect(await attaching).to.deep.equal({ tracker_id: 'There is no such tracker of this owner.' });
  });
});
