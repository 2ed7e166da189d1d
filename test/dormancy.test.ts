import { expect } from 'chai';
import { type Dormancy, inDays, openDormancy } from './kit/dormancy.ts';
import { lettersTo } from './kit/letters.ts';

describe('Dormant accounts', () => {
  let world: Dormancy;
  beforeEach(async () => {
    world = await openDormancy();
  });
  afterEach(() => world.site.close());

  it('are left alone while the rule is off', async () => {
    await world.signedInAgo('uma', 3000);
    const before = await world.site.db('users').orderBy('id');
    await world.run();
    expect(await world.site.db('users').orderBy('id')).to.deep.equal(before);
    expect(await world.kinds('uma')).to.deep.equal([]);
  });

  it('are warned once, with the day on which they will be deactivated', async () => {
    await world.rule(60, 90);
    await world.signedInAgo('uma', 61);
    await world.signedInAgo('ines', 59);
    await world.run();
    await world.run();
    expect(await world.marked()).to.deep.equal(['uma']);
    const { dormantDueAt, state, version } = await world.row('uma');
    expect([inDays(dormantDueAt), state, version]).to.deep.equal([30, 'STATE_APPROVED', 1]);
    const on = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' }).format(dormantDueAt);
    expect(await lettersTo(world.site, 'uma')).to.deep.include({
      kind: 'dormant-warned',
      address: 'uma@world.example',
      data: { days: '61', on },
      state: 'queued',
      link: null,
    });
    expect(await world.acts('uma')).to.deep.equal(['clock user.dormancy-warned']);
    expect(await world.kinds('ines')).to.deep.equal([]);
  });

  it('are deactivated when the days are over: with the reason, a letter, and nobody signed in any more', async () => {
    await world.rule(60, 90);
    await world.signedInAgo('uma', 60);
    const uma = await world.site.visitor('uma');
    await world.run();
    await world.daysLater(29);
    await world.run();
    expect((await world.row('uma')).state).to.equal('STATE_APPROVED');
    await world.daysLater(1);
    await world.run();
    expect(await world.row('uma')).to.include({ state: 'STATE_INACTIVE', stateReason: 'Nobody had signed in for 90 days.' });
    expect(await world.acts('uma')).to.deep.equal(['clock user.dormancy-warned', 'clock user.deactivated']);
    expect(await world.kinds('uma')).to.deep.equal(['dormant-warned', 'dormant-deactivated']);
    expect(new URL((await uma.get('/account')).url).pathname).to.equal('/sign-in');
    const olga = await world.site.visitor('olga');
    expect((await olga.get('/users/uma/sign-in-check')).text).to.include('Nobody had signed in for 90 days.');
    expect((await olga.get('/users/uma/history')).text).to.include('clock deactivated');
  });

  it('are themselves again as soon as they sign in: the next time everything begins anew', async () => {
    await world.rule(60, 90);
    await world.signedInAgo('uma', 61);
    await world.run();
    await world.daysLater(20);
    await world.signedInAgo('uma', 0);
    expect(await world.row('uma')).to.include({ dormantAt: null, dormantDueAt: null });
    await world.daysLater(40);
    await world.run();
    expect(await world.kinds('uma')).to.deep.equal(['dormant-warned']);
    await world.daysLater(21);
    await world.run();
    expect(await world.kinds('uma')).to.deep.equal(['dormant-warned', 'dormant-warned']);
    expect((await world.row('uma')).state).to.equal('STATE_APPROVED');
  });

  it('get the full days after their warning however long they have been away when the rule is made', async () => {
    await world.rule(60, 90);
    await world.signedInAgo('uma', 900);
    await world.run();
    await world.run();
    expect([(await world.row('uma')).state, inDays((await world.row('uma')).dormantDueAt)]).to.deep.equal(['STATE_APPROVED', 30]);
    await world.daysLater(29);
    await world.run();
    expect((await world.row('uma')).state).to.equal('STATE_APPROVED');
    await world.daysLater(1);
    await world.run();
    expect((await world.row('uma')).state).to.equal('STATE_INACTIVE');
  });

  it('keep the day that they were told when the rule becomes stricter, and the rule’s when it becomes milder', async () => {
    await world.rule(60, 90);
    await world.signedInAgo('uma', 60);
    await world.run();
    await world.rule(10, 20);
    await world.run();
    expect((await world.row('uma')).state).to.equal('STATE_APPROVED');
    await world.rule(60, 200);
    await world.daysLater(31);
    await world.run();
    expect((await world.row('uma')).state).to.equal('STATE_APPROVED');
    await world.daysLater(110);
    await world.run();
    expect((await world.row('uma')).state).to.equal('STATE_INACTIVE');
  });

  it('are warned of what is to follow when it did not follow at first', async () => {
    await world.rule(60, 0);
    await world.signedInAgo('uma', 100);
    await world.run();
    expect((await lettersTo(world.site, 'uma'))[0]?.data).to.deep.equal({ days: '100', on: '' });
    await world.daysLater(1);
    await world.rule(60, 90);
    await world.run();
    await world.run();
    expect(await world.kinds('uma')).to.deep.equal(['dormant-warned', 'dormant-warned']);
    expect([(await world.row('uma')).state, inDays((await world.row('uma')).dormantDueAt)]).to.deep.equal(['STATE_APPROVED', 30]);
  });

  it('are deactivated unwarned only where nobody is warned', async () => {
    await world.rule(0, 90);
    await world.signedInAgo('uma', 91);
    await world.run();
    expect((await world.row('uma')).state).to.equal('STATE_INACTIVE');
    expect(await world.kinds('uma')).to.deep.equal(['dormant-deactivated']);
  });

  it('are counted from registration when nobody has ever signed in', async () => {
    await world.rule(60, 90);
    await world.change('uma', { lastSignInAt: null, registeredAt: world.ago(61) });
    await world.change('ines', { lastSignInAt: null, registeredAt: world.ago(59) });
    await world.run();
    expect(await world.marked()).to.deep.equal(['uma']);
  });

  it('get no warning letter that they do not want, and are deactivated all the same', async () => {
    await world.rule(60, 90);
    await world.signedInAgo('uma', 60);
    await world.change('uma', { mutedLetters: ['reminders'] });
    await world.run();
    await world.daysLater(30);
    await world.run();
    expect(await world.kinds('uma')).to.deep.equal(['dormant-deactivated']);
    expect(await world.acts('uma')).to.deep.equal(['clock user.dormancy-warned', 'clock user.deactivated']);
  });

  it('have the rule done to them by its history alone while outgoing mail is off', async () => {
    await world.site.db('settings').update({ outgoingMail: false });
    await world.rule(60, 90);
    await world.signedInAgo('uma', 60);
    await world.run();
    await world.daysLater(30);
    await world.run();
    expect((await world.row('uma')).state).to.equal('STATE_INACTIVE');
    expect(await world.kinds('uma')).to.deep.equal([]);
    expect(await world.acts('uma')).to.have.length(2);
  });
});
