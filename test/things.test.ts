import { expect } from 'chai';
import type { Name } from '../seeds/world.ts';
import { belongings } from '../src/belongings.ts';
import { Invalid } from '../src/ground/errors.ts';
import { mostGiven, mostMisnamed } from '../src/things/limit.ts';
import { transferThings } from '../src/things/many.ts';
import { deleteThing } from '../src/things/remove.ts';
import { addThing, editThing, type NewThing } from '../src/things/save.ts';
import { endShare, sharesOf, shareThing } from '../src/things/share.ts';
import { findThing } from '../src/things/thing.ts';
import { transferAll, transferThing } from '../src/things/transfer.ts';
import { deleteUser } from '../src/users/remove.ts';
import { restoreUser } from '../src/users/restore.ts';
import { findUser } from '../src/users/user.ts';
import { actsUpon } from './kit/history.ts';
import { siteForEach } from './kit/site.ts';
import { inEyesOf } from './kit/viewer.ts';

const imei = '490154203237518';
const lorry = {
  kind: 'object',
  name: 'Lorry',
  description: '',
  assetKind: 'truck',
  plate: '1234 AB-7',
  trackerId: null,
} as const;
const box = { kind: 'tracker', name: 'Box', description: '', model: 'FMB920', imei, phone: '' } as const;

describe('A thing', () => {
  const { site } = siteForEach();

  const add = async (values: Partial<NewThing> & Pick<NewThing, 'kind' | 'name'>, who: Name = 'olga', owner: Name = 'uma') => {
    const { by, viewer } = await inEyesOf(site, who);
    return addThing(site.db, by, viewer, { description: '', owner, groupIds: [], ...values });
  };
  const problems = (error: unknown) => (error instanceof Invalid ? error.fields : { '': (error as Error).message });
  const countOf = async (name: Name) => (await site.db('users').where({ username: name }).first('things')).things;
  const acts = async (name: Name) => (await actsUpon(site, site.ids[name])).map(({ act }) => act);

  it('is added for its owner, counted, and recorded upon the owner', async () => {
    const thing = await add(lorry);
    expect(thing).to.include({ name: 'Lorry', plate: '1234 AB-7', section: 'object', ownerUsername: 'uma' });
    expect(await countOf('uma')).to.equal(1);
    expect(await acts('uma')).to.deep.equal(['thing.added']);
  });

  it('is nobody else’s IMEI, and has an owner who is there', async () => {
    await add(box);
    expect(await add({ ...box, name: 'Twin' }).catch(problems)).to.deep.equal({ imei: 'Another tracker has this IMEI.' });
    expect(await add(lorry, 'olga', 'dora').catch(problems)).to.deep.equal({ owner: 'There is no such user.' });
    expect(await add(lorry, 'ines', 'uma').catch(problems)).to.deep.equal({ owner: 'There is no such user.' });
    expect(await add(lorry, 'mona').catch(problems)).to.deep.equal({ '': 'You may not add objects.' });
  });

  it('is put by a group user into one of its groups, else it would lose sight of it', async () => {
    const [north] = await site
      .db('groups')
      .insert([{ name: 'North' }, { name: 'South' }])
      .returning('id');
    await site.db('groupUsers').insert({ groupId: north.id, userId: site.ids.gus });
    expect(await add(lorry, 'gus').catch(problems)).to.deep.equal({ groups: 'Choose one of your groups.' });
    expect(await add({ ...lorry, groupIds: [north.id, north.id + 1] }, 'gus').catch(problems)).to.have.property('groups');
    expect(await add({ ...lorry, groupIds: [north.id] }, 'gus')).to.deep.include({ groupIds: [north.id] });
  });

  it('is put into no group by a customer, whatever its form says', async () => {
    const [north] = await site.db('groups').insert({ name: 'North' }).returning('id');
    const refusal = { groups: 'A thing of one’s own is put into no group.' };
    expect(await add({ ...lorry, groupIds: [north.id] }, 'uma').catch(problems)).to.deep.equal(refusal);
    expect(await add({ ...lorry, groupIds: [north.id + 1] }, 'uma').catch(problems)).to.deep.equal(refusal);
    expect(await countOf('uma')).to.equal(0);
  });

  it('is shared and given away sixty times an hour, in vain too, except by administrators', async () => {
    const { id } = await add({ ...lorry, trackerId: null }, 'uma');
    const share = async (who: Name, to: string) => {
      const { by, viewer } = await inEyesOf(site, who);
      return shareThing(site.db, by, viewer, { section: 'object', id, with: to, may: 'view', endsAt: null });
    };
    const says = 'You have shared things or given them away 60 times within an hour. Try again in 60 minutes.';
    for (let nth = 0; nth < mostGiven / 2; nth += 1) {
      await share('uma', 'ines');
      await share('uma', `nobody${nth}@world.example`).catch(problems);
    }
    expect(await share('uma', 'ines').catch(problems)).to.deep.equal({ '': says });
    const { by, viewer } = await inEyesOf(site, 'uma');
    const given = { section: 'object', to: 'ines' } as const;
    expect(await transferThing(site.db, by, viewer, { ...given, id }).catch(problems)).to.deep.equal({ '': says });
    expect(await transferThings(site.db, by, viewer, { ...given, ids: [id] }).catch(problems)).to.deep.equal({ '': says });
    await share('olga', 'ines');
  });

  it('is added for no owner who is guessed: sixty wrong ones an hour, right ones as often as one likes', async () => {
    for (let nth = 0; nth < mostMisnamed; nth += 1) {
      const guessed = `nobody${nth}` as Name;
      expect(await add(lorry, 'stan', guessed).catch(problems)).to.deep.equal({ owner: 'There is no such user.' });
      if (nth % 20 === 0) await add(lorry, 'stan');
    }
    const says = 'You have named owners that are not there 60 times within an hour. Try again in 60 minutes.';
    expect(await add(lorry, 'stan', 'nobody' as Name).catch(problems)).to.deep.equal({ '': says });
    expect(await add(lorry, 'stan', 'ines').catch(problems), 'a right one is not told apart').to.deep.equal({ '': says });
    await add(lorry, 'olga');
    await add(lorry, 'uma');
  });

  it('carries a tracker of its owner, which is on one object at a time', async () => {
    const tracker = await add(box);
    const foreign = await add({ ...box, imei: '', name: 'Other' }, 'olga', 'ines');
    expect(await add({ ...lorry, trackerId: foreign.id }).catch(problems)).to.deep.equal({
      tracker_id: 'There is no such tracker of this owner.',
    });
    await add({ ...lorry, trackerId: tracker.id });
    expect(await add({ ...lorry, name: 'Second', trackerId: tracker.id }).catch(problems)).to.deep.equal({
      tracker_id: 'This tracker is on another object; take it off there first.',
    });
  });

  it('is saved as it was opened, not over what somebody else saved since', async () => {
    const thing = await add(lorry);
    const { by, viewer } = await inEyesOf(site, 'olga');
    const edit = { section: 'object', id: thing.id, version: thing.version } as const;
    const saved = await editThing(site.db, by, viewer, { ...edit, values: { ...lorry, plate: '9' } });
    expect(saved).to.include({ plate: '9', version: 2 });
    const late = await editThing(site.db, by, viewer, { ...edit, values: { ...lorry, plate: '8' } }).catch(problems);
    expect(late)
      .to.have.property('')
      .that.matches(/has been changed since/);
    await editThing(site.db, by, viewer, { ...edit, version: 2, values: { ...lorry, plate: '9' } });
    expect(await acts('uma')).to.deep.equal(['thing.added', 'thing.edited']);
    expect((await actsUpon(site, site.ids.uma)).at(-1)?.changes).to.deep.equal({ plate: ['1234 AB-7', '9'] });
  });

  it('is shared with somebody by name or address, again on newer terms, and taken back', async () => {
    const thing = await add(lorry);
    const { by, viewer } = await inEyesOf(site, 'uma');
    const share = { section: 'object', id: thing.id, may: 'view', endsAt: null } as const;
    await shareThing(site.db, by, viewer, { ...share, with: 'Ines@World.example' });
    await shareThing(site.db, by, viewer, { ...share, with: 'ines', may: 'manage' });
    const [one, ...more] = await sharesOf(site.db, thing.id);
    expect([one?.username, one?.may, more.length]).to.deep.equal(['ines', 'manage', 0]);
    for (const [to, said] of [
      ['uma', 'This user owns it already.'],
      ['nobody-here', 'There is no user of this username.'],
      ['dora@world.example', 'There is no user of this email address.'],
      ['', 'A username or an email address is needed.'],
    ] as const)
      expect(await shareThing(site.db, by, viewer, { ...share, with: to }).catch(problems), to).to.deep.equal({ with: said });
    const guest = await inEyesOf(site, 'ines');
    const held = { section: 'object', id: thing.id, share: one?.id as number } as const;
    const refusal = await endShare(site.db, guest.by, guest.viewer, held).catch(problems);
    expect(refusal).to.deep.equal({ '': 'You may not share this object.' });
    await endShare(site.db, by, viewer, held);
    expect(await sharesOf(site.db, thing.id)).to.deep.equal([]);
    expect(await acts('ines')).to.deep.equal(['thing.shared', 'thing.shared', 'thing.unshared']);
  });

  it('goes to another owner without what it was attached to, and all together with it', async () => {
    const tracker = await add(box);
    const object = await add({ ...lorry, trackerId: tracker.id });
    const { by, viewer } = await inEyesOf(site, 'olga');
    await shareThing(site.db, by, viewer, { section: 'object', id: object.id, with: 'ines', may: 'view', endsAt: null });
    await transferThing(site.db, by, viewer, { section: 'object', id: object.id, to: 'ines' });
    expect(await findThing(site.db, viewer, 'object', object.id)).to.include({ ownerUsername: 'ines', trackerId: null });
    expect([await countOf('uma'), await countOf('ines'), (await sharesOf(site.db, object.id)).length]).to.deep.equal([1, 1, 0]);

    await site.db('things').where({ id: object.id }).update({ ownerId: site.ids.uma, trackerId: tracker.id });
    const from = await findUser(site.db, 'uma');
    expect(await transferAll(site.db, by, viewer, { from, to: 'ines' })).to.have.deep.members([
      { kind: 'tracker', count: 1 },
      { kind: 'object', count: 1 },
    ]);
    expect(await findThing(site.db, viewer, 'object', object.id)).to.include({ ownerUsername: 'ines', trackerId: tracker.id });
    const again = await transferAll(site.db, by, viewer, { from, to: 'ines' }).catch(problems);
    expect(again)
      .to.have.property('')
      .that.matches(/owns nothing/);
  });

  it('is deleted for good, and what carried it loses it', async () => {
    const tracker = await add(box);
    const object = await add({ ...lorry, trackerId: tracker.id });
    const { by, viewer } = await inEyesOf(site, 'uma');
    await deleteThing(site.db, by, viewer, { section: 'tracker', id: tracker.id });
    expect(await findThing(site.db, viewer, 'object', object.id)).to.include({ trackerId: null });
    expect(await countOf('uma')).to.equal(1);
    const gone = await deleteThing(site.db, by, viewer, { section: 'tracker', id: tracker.id }).catch(problems);
    expect(gone).to.deep.equal({ '': 'There is no such tracker.' });
  });

  it('hides with its deleted owner and comes back with it, without an IMEI that is another’s by now', async () => {
    const tracker = await add(box);
    const { by, viewer } = await inEyesOf(site, 'olga');
    await deleteUser(site.db, by, 'uma', belongings);
    expect(await findThing(site.db, viewer, 'tracker', tracker.id).catch(problems)).to.deep.equal({
      '': 'There is no such tracker.',
    });
    await add({ ...box, name: 'Mine now' }, 'olga', 'ines');
    await restoreUser(site.db, by, { username: 'uma', belongings });
    expect(await findThing(site.db, viewer, 'tracker', tracker.id)).to.include({ name: 'Box', imei: '' });
  });
});
