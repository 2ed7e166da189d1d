import { expect } from 'chai';
import type { Name } from '../seeds/world.ts';
import { mayWithThing, thingActs, type Viewer } from '../src/access/things.ts';
import { listThings } from '../src/things/list.ts';
import { findThing, type Thing } from '../src/things/thing.ts';
import { openSite, type Site } from './kit/site.ts';
import { inEyesOf } from './kit/viewer.ts';

/** Two owners, two groups: what of it is in which group, and what is shared with whom. */
const things = [
  { name: 'Lorry 1', owner: 'uma', groups: ['North'], shares: [] },
  { name: 'Lorry 2', owner: 'uma', groups: ['South'], shares: [['ines', 'view', null]] },
  { name: 'Lorry 3', owner: 'uma', groups: [], shares: [['ines', 'manage', '2030-01-01']] },
  { name: 'Bike', owner: 'ines', groups: ['North', 'South'], shares: [['uma', 'manage', '2026-01-01']] },
] as const;

const north: Name[] = ['gus', 'stan'];
const everybody: Name[] = ['olga', 'stan', 'gus', 'mona', 'april', 'uma', 'ines'];

describe('What somebody may do with things', () => {
  let site: Site;
  const ids: Record<string, number> = {};
  beforeEach(async () => {
    site = await openSite();
    const { db } = site;
    const groups: Record<string, number> = {};
    for (const name of ['North', 'South']) {
      const [group] = await db('groups').insert({ name }).returning('id');
      groups[name] = group.id;
    }
    for (const name of north) await db('groupUsers').insert({ groupId: groups.North, userId: site.ids[name] });
    for (const { name, owner, groups: within, shares } of things) {
      const [{ id }] = await db('things').insert({ kind: 'object', name, ownerId: site.ids[owner] }).returning('id');
      ids[name] = id;
      for (const group of within) await db('groupThings').insert({ groupId: groups[group], thingId: id });
      for (const [to, may, endsAt] of shares) await db('shares').insert({ thingId: id, userId: site.ids[to], may, endsAt });
    }
  });
  afterEach(() => site.close());

  const found = (viewer: Viewer, name: string): Promise<Thing | null> =>
    findThing(site.db, viewer, 'object', ids[name] as number).catch(() => null);
  const mayOf = async (viewer: Viewer, name: string) => {
    const thing = await found(viewer, name);
    return thing ? thingActs.filter((act) => mayWithThing(viewer, act, thing)).join(' ') : 'nothing';
  };
  const table = async (who: Name, viewer?: Viewer) => {
    const eyes = viewer ?? (await inEyesOf(site, who)).viewer;
    return Object.fromEntries(await Promise.all(things.map(async ({ name }) => [name, await mayOf(eyes, name)])));
  };
  const all = 'see add edit delete share transfer';

  it('is everything for administrators', async () => {
    expect(await table('olga')).to.deep.equal({ 'Lorry 1': all, 'Lorry 2': all, 'Lorry 3': all, Bike: all });
  });

  it('is everything within its groups for a standard user who has some, everywhere for one who has none', async () => {
    expect(await table('stan')).to.deep.equal({ 'Lorry 1': all, 'Lorry 2': 'nothing', 'Lorry 3': 'nothing', Bike: all });
    await site.db('groupUsers').where({ userId: site.ids.stan }).delete();
    expect(await table('stan')).to.deep.equal({ 'Lorry 1': all, 'Lorry 2': all, 'Lorry 3': all, Bike: all });
  });

  it('is all but deleting and transferring within its groups for a group user, and nothing without a group', async () => {
    const some = 'see add edit share';
    expect(await table('gus')).to.deep.equal({ 'Lorry 1': some, 'Lorry 2': 'nothing', 'Lorry 3': 'nothing', Bike: some });
    await site.db('groupUsers').where({ userId: site.ids.gus }).delete();
    expect(Object.values(await table('gus'))).to.deep.equal(['nothing', 'nothing', 'nothing', 'nothing']);
  });

  it('is looking for a monitor, and nothing for an API user', async () => {
    expect(Object.values(await table('mona'))).to.deep.equal(['see', 'see', 'see', 'see']);
    expect(Object.values(await table('april'))).to.deep.equal(['nothing', 'nothing', 'nothing', 'nothing']);
  });

  it('is everything with what a customer owns, and with what is shared with it what the share says, while it lasts', async () => {
    expect(await table('uma')).to.deep.equal({ 'Lorry 1': all, 'Lorry 2': all, 'Lorry 3': all, Bike: 'nothing' });
    expect(await table('ines')).to.deep.equal({ 'Lorry 1': 'nothing', 'Lorry 2': 'see', 'Lorry 3': 'see edit', Bike: all });
  });

  it('is restricted by no group when restrictions are off', async () => {
    await site.db('settings').update({ restrictions: false });
    expect(Object.values(await table('gus'))).to.deep.equal(Array(4).fill('see add edit share'));
  });

  it('is looking only for whoever is connected to look, and everything for whoever is connected fully, upon what the user sees', async () => {
    const { viewer } = await inEyesOf(site, 'ines');
    expect(await table('ines', { ...viewer, onlyLooks: true })).to.include({
      'Lorry 1': 'nothing',
      'Lorry 3': 'see',
      Bike: 'see',
    });
    expect(await table('ines', { ...viewer, actsFully: true })).to.include({ 'Lorry 1': 'nothing', 'Lorry 3': all, Bike: all });
  });

  it('is nothing once the owner is deleted', async () => {
    await site.db('things').update({ hiddenAt: new Date() });
    for (const name of everybody) expect(new Set(Object.values(await table(name))), name).to.deep.equal(new Set(['nothing']));
  });

  for (const name of everybody)
    it(`lists for ${name} what it finds one by one, no more and no less`, async () => {
      const { viewer } = await inEyesOf(site, name);
      const request = { section: 'object', filter: { q: '' }, sort: { by: 'name', isDescending: false }, limit: 25 } as const;
      const own = await listThings(site.db, viewer, { ...request, of: 'reach' });
      const shared = await listThings(site.db, viewer, { ...request, of: 'shares' });
      const listed = [...own.rows, ...(viewer.profile === 'customer' ? shared.rows : [])].map((row) => row.name).sort();
      const each = await Promise.all(things.map(async (thing) => ((await found(viewer, thing.name)) ? thing.name : null)));
      expect(listed).to.deep.equal(each.filter(Boolean).sort());
    });
});
