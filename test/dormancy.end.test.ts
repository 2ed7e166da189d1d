import { expect } from 'chai';
import type { Name } from '../seeds/world.ts';
import { type Dormancy, inDays, openDormancy } from './kit/dormancy.ts';
import { lettersTo } from './kit/letters.ts';

describe('Dormant accounts in the end', () => {
  let world: Dormancy;
  beforeEach(async () => {
    world = await openDormancy();
  });
  afterEach(() => world.site.close());

  it('are deleted at last, restorable, with what belongs to them ended', async () => {
    await world.rule(60, 90, 120);
    await world.signedInAgo('uma', 60);
    await world.run();
    await world.daysLater(30);
    await world.run();
    expect(inDays((await world.row('uma')).dormantDueAt)).to.equal(30);
    expect((await lettersTo(world.site, 'uma'))[1]?.data.on).to.match(/^\d+ \w+ \d{4}$/);
    await world.daysLater(29);
    await world.run();
    expect((await world.row('uma')).deletedAt).to.equal(null);
    await world.daysLater(1);
    const live = async () => (await world.site.db('accountCounter').first()).live;
    const before = await live();
    await world.run();
    expect((await world.row('uma')).deletedAt).to.be.instanceOf(Date);
    expect(await live()).to.equal(before - 1);
    expect((await lettersTo(world.site, 'uma'))[2])
      .to.include({ kind: 'dormant-deleted' })
      .and.deep.include({ data: { restoreDays: '30' } });
    expect((await world.acts('uma')).at(-1)).to.equal('clock user.deleted');
    const olga = await world.site.visitor('olga');
    await olga.get('/users/uma/restore');
    expect((await olga.submit('/users/uma/restore')).text).to.include('has been restored');
    await world.daysLater(900);
    await world.run();
    expect(await world.row('uma')).to.include({ deletedAt: null, state: 'STATE_INACTIVE' });
  });

  it('are told of their deletion first when it was not to follow at first', async () => {
    await world.rule(0, 90);
    await world.signedInAgo('uma', 400);
    await world.run();
    await world.daysLater(400);
    await world.rule(0, 90, 120);
    await world.run();
    await world.run();
    expect([(await world.row('uma')).deletedAt, inDays((await world.row('uma')).dormantDueAt)]).to.deep.equal([null, 30]);
    expect(await world.kinds('uma')).to.deep.equal(['dormant-deactivated', 'dormant-deletion-set']);
    await world.daysLater(30);
    await world.run();
    expect((await world.row('uma')).deletedAt).to.be.instanceOf(Date);
  });

  it('are never deleted when somebody else has deactivated them', async () => {
    await world.rule(60, 90, 120);
    await world.signedInAgo('uma', 61);
    await world.run();
    const olga = await world.site.visitor('olga');
    await olga.get('/users/uma/deactivate');
    await olga.submit('/users/uma/deactivate', { reason: 'Contract over' });
    await world.daysLater(2000);
    await world.run();
    expect(await world.row('uma')).to.include({ deletedAt: null, stateReason: 'Contract over' });
  });

  it('may be flagged or federated as well; all others are not touched', async () => {
    await world.rule(60, 90, 120);
    await world.change('stan', { identitySource: 'federated' });
    await world.site.db('users').update({ lastSignInAt: world.ago(1000), registeredAt: world.ago(1000), activeSince: null });
    await world.run();
    expect(await world.marked()).to.deep.equal(['flo', 'gus', 'ines', 'lea', 'mona', 'stan', 'uma', 'vera']);
    await world.daysLater(30);
    await world.run();
    await world.daysLater(30);
    await world.run();
    const live = await world.site.db('users').where({ deletedAt: null }).orderBy('username').pluck('username');
    expect(live).to.deep.equal(['april', 'ivo', 'nina', 'olga', 'oscar', 'rex', 'rita', 'sue', 'xena']);
    const states = await world.site.db('users').whereIn('username', ['april', 'olga', 'oscar', 'xena']).pluck('state');
    expect(states).to.deep.equal(Array(4).fill('STATE_APPROVED'));
  });

  const backIn: [what: string, how: (name: Name) => Promise<unknown>][] = [
    ['activated', (name) => world.change(name, { state: 'STATE_APPROVED', stateReason: '' })],
    ['given another day of expiry', (name) => world.change(name, { expiresAt: world.ago(-500) })],
    ['given a password', (name) => world.change(name, { passwordHash: 'new' })],
    ['verified', (name) => world.change(name, { emailVerifiedAt: world.site.db.raw('now()') })],
  ];
  for (const [what, how] of backIn) {
    it(`are not ended the hour after having been ${what}`, async () => {
      await world.rule(0, 90);
      await world.signedInAgo('uma', 400);
      if (what === 'activated') await world.run();
      await how('uma');
      await world.run();
      expect(await world.row('uma')).to.include({ state: 'STATE_APPROVED' });
      await world.daysLater(91);
      await world.run();
      expect((await world.row('uma')).state).to.equal('STATE_INACTIVE');
    });
  }

  it('are not saved by whoever tries their password', async () => {
    await world.rule(60, 90);
    await world.signedInAgo('uma', 61);
    await world.run();
    await world.change('uma', { lockedAt: world.site.db.raw('now()') });
    expect((await world.row('uma')).dormantAt).to.be.instanceOf(Date);
    await world.change('uma', { lockedAt: null });
    expect((await world.row('uma')).dormantAt).to.equal(null);
  });

  it('come back with one press within ten minutes', async () => {
    await world.rule(0, 90);
    await world.signedInAgo('uma', 91);
    await world.run();
    const olga = await world.site.visitor('olga');
    const page = await olga.get('/users/uma/history');
    const undo = page.document.querySelector('form[action^="/undo/"]')?.getAttribute('action') ?? '';
    await olga.submit(undo);
    await world.run();
    expect(await world.row('uma')).to.include({ state: 'STATE_APPROVED', stateReason: '', dormantAt: null });
  });
});
