import { expect } from 'chai';
import type { Actor } from '../../src/access/actor.ts';
import { findAnnouncement } from '../../src/announcements/announcement.ts';
import { continueAnnouncements, stopAnnouncement, withdrawAnnouncement, workOn } from '../../src/announcements/send.ts';
import { actorFor } from '../kit/actor.ts';
import { begin } from '../kit/announcing.ts';
import { addCrowd, dyingAfter, openRace, type Race } from '../kit/race.ts';

const crowd = 2000;

describe('Announcements that race and break', function () {
  this.timeout(120_000);
  let race: Race;
  let olga: Actor;
  beforeEach(async () => {
    race = await openRace();
    olga = await actorFor(race.one, 'olga');
    await race.one('settings').update({ outgoingMail: true });
    await addCrowd(race.owner, crowd);
  });
  afterEach(() => race.close());

  const toCrowd = (mails: boolean) => begin(race.one, olga, { words: 'crowd.example', mails });
  const count = async (table: string) => {
    const row = await race.owner(table).count('* as rows').countDistinct('userId as users').first();
    return [Number(row?.rows), Number(row?.users)];
  };

  for (const mails of [false, true])
    it(`reach everybody once when several processes are at them${mails ? ', by mail too' : ''}`, async () => {
      const id = await toCrowd(mails);
      await Promise.all([race.one, race.two, race.one, race.two].map((db) => workOn(db, id)));
      await workOn(race.one, id);
      expect(await count('notifications')).to.deep.equal([crowd, crowd]);
      expect(await count('letters')).to.deep.equal(mails ? [crowd, crowd] : [0, 0]);
      expect(await findAnnouncement(race.one, id)).to.include({ state: 'sent', receivers: crowd, expected: crowd });
    });

  it('go on where a killed process has left them, and give nobody the same twice', async () => {
    const id = await toCrowd(true);
    await workOn(dyingAfter(race.one, 3), id).catch(() => {});
    const [half = 0] = await count('notifications');
    expect(half).to.be.within(1, crowd - 1);
    expect(await count('letters')).to.deep.equal([half, half]);
    await Promise.all([continueAnnouncements(race.one), continueAnnouncements(race.two)]);
    await continueAnnouncements(race.two);
    expect(await count('notifications')).to.deep.equal([crowd, crowd]);
    expect(await count('letters')).to.deep.equal([crowd, crowd]);
  });

  it('stop in the middle: what was given is counted, nobody else has it', async () => {
    const id = await toCrowd(false);
    const running = workOn(race.one, id);
    await stopAnnouncement(race.two, olga, id);
    await running;
    const { state, receivers } = await findAnnouncement(race.one, id);
    if (state === 'stopped') expect(await count('notifications')).to.deep.equal([receivers, receivers]);
    else expect(receivers).to.equal(crowd); // It was done before anybody could stop it.
  });

  it('leave nothing behind when they are withdrawn while they are being sent', async () => {
    const id = await toCrowd(false);
    const running = workOn(race.one, id);
    await withdrawAnnouncement(race.two, olga, id);
    await running;
    await Promise.all([continueAnnouncements(race.one), continueAnnouncements(race.two)]);
    await continueAnnouncements(race.one);
    expect(await count('notifications')).to.deep.equal([0, 0]);
    expect((await findAnnouncement(race.one, id)).state).to.equal('withdrawn');
  });
});
