import { expect } from 'chai';
import type { Actor } from '../../src/access/actor.ts';
import { connect } from '../../src/connection/connect.ts';
import { disconnect, endLostConnections } from '../../src/connection/end.ts';
import { randomToken } from '../../src/ground/secrets.ts';
import { actorFor } from '../kit/actor.ts';
import { allAtOnce, doneAmong, openRace, type Race } from '../kit/race.ts';
import { signedIn } from '../kit/site.ts';

describe('Connecting at the same time', () => {
  let race: Race;
  let olga: Actor;
  beforeEach(async () => {
    race = await openRace();
    await signedIn(race.one, race.ids.olga);
    const { id: sessionId } = await race.one('sessions').first('id');
    olga = { ...(await actorFor(race.one, 'olga')), sessionId };
  });
  afterEach(() => race.close());

  const to = (db: Race['one'], username: string, by = olga) =>
    connect(db, by, { username, mode: 'full', reason: 'A call', cameFrom: '/users', sid: randomToken() });
  const open = () => race.one('connections').whereNull('endedAt').pluck('user_id');

  it('leaves one connection of a session, that of the session itself, and records no other', async () => {
    const ends = await allAtOnce([() => to(race.one, 'uma'), () => to(race.two, 'ines')]);
    expect(doneAmong(ends)).to.equal(1);
    expect(ends.find((end) => end !== 'done')).to.match(/^Refused: .*another tab/);
    const [userId, ...more] = await open();
    expect(more).to.deep.equal([]);
    const { connectionId } = await race.one('sessions').first('connectionId');
    expect(await race.one('connections').where({ id: connectionId }).pluck('user_id')).to.deep.equal([userId]);
    expect(await race.one('history').where({ act: 'connection.started' }).pluck('user_id')).to.deep.equal([userId]);
  });

  it('does not disconnect from another than the one that was seen', async () => {
    const uma = await to(race.one, 'uma');
    const { connectionId: id } = await race.one('sessions').first('connectionId');
    const connected: Actor = { ...olga, connection: { id, mode: 'full', endsAt: new Date(), user: uma } };
    await to(race.two, 'ines', connected);
    const [end] = await allAtOnce([() => disconnect(race.one, connected, randomToken())]);
    expect(end).to.match(/^Refused: .*another tab/);
    expect(await open()).to.deep.equal([race.ids.ines]);
    await endLostConnections(race.one);
    expect(await open()).to.deep.equal([race.ids.ines]);
  });
});
