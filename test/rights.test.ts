import { expect } from 'chai';
import type { Name } from '../seeds/world.ts';
import type { Act } from '../src/access/acts.ts';
import { can } from '../src/access/can.ts';
import { mayWithThings, thingActs } from '../src/access/things.ts';
import { rightsOf } from '../src/rights/rights.ts';
import { sentences } from '../src/rights/sentences.ts';
import { type User, userColumns } from '../src/users/user.ts';
import { problem } from './kit/reading.ts';
import { siteForEach } from './kit/site.ts';
import { inEyesOf } from './kit/viewer.ts';

const everybody: Name[] = ['olga', 'stan', 'gus', 'mona', 'april', 'uma', 'sue', 'rita', 'vera', 'xena', 'dora', 'nina'];

describe('The Access page', () => {
  const { site } = siteForEach();

  const answers = async (name: Name) => {
    const user: User = await site.db('users').where({ username: name }).first(userColumns(site.db));
    const rights = (await rightsOf(site.db, user)).flatMap((area) => area.rights);
    return Object.fromEntries(rights.map(({ says, answer }) => [says, answer]));
  };

  for (const name of everybody)
    it(`says of ${name} what the rules decide, act by act`, async () => {
      const says = await answers(name);
      const { by, viewer } = await inEyesOf(site, name);
      for (const sentence of sentences) {
        const may = (sentence.acts as Act[]).every((act) => can(by, act));
        expect(says[sentence.says]?.text === 'Yes', sentence.says).to.equal(may);
      }
      const isOpen = can(by, 'see things') || can(by, 'see own things');
      const words = [
        'See things',
        'Add things',
        'Edit things',
        'Delete things',
        'Share things',
        'Transfer things to other users',
      ];
      for (const [index, act] of thingActs.entries())
        expect(says[words[index] as string]?.text === 'Yes', act).to.equal(isOpen && mayWithThings(viewer, act));
    });

  it('says what groups and restrictions leave of things, and of whom nothing', async () => {
    expect((await answers('gus'))['Which things it sees']).to.include({ text: 'None', why: 'it is in no group' });
    const [group] = await site.db('groups').insert({ name: 'North' }).returning('id');
    await site.db('groupUsers').insert({ groupId: group.id, userId: site.ids.gus });
    expect((await answers('gus'))['Which things it sees']).to.include({ text: 'Those in its groups' });
    expect((await answers('gus')).Groups).to.include({ text: 'North' });
    await site.db('settings').update({ restrictions: false });
    expect((await answers('gus'))['Which things it sees']).to.include({
      text: 'All',
      why: 'a setting has turned restrictions off',
    });
    expect((await answers('april'))['Which things it sees']).to.include({ text: 'None' });
    expect((await answers('uma'))['Which things it sees']).to.include({ text: 'Its own, and those shared with it' });
  });

  it('tells in plain words what a monitor may not, and why a suspended customer may nothing now', async () => {
    const olga = await site.visitor('olga');
    const { text } = await olga.get('/users/mona/access');
    for (const says of [
      'See users, their states and their sessions',
      'See balances and transactions of users',
      'Define tariffs and their prices',
    ])
      expect(text).to.match(new RegExp(`${says} No profile Monitor user`));
    expect((await olga.get('/users/sue/access')).text).to.match(/Pay tariffs from the own balance Not now only its own profile/);
  });

  it('says of an administrator that a second factor is missing where one is required', async () => {
    expect((await answers('oscar'))['Must set up a second factor first']).to.include({ text: 'No' });
    await site.db('settings').update({ twoFactorForAdministrators: 'required' });
    const required = await answers('oscar');
    expect(required['Must set up a second factor first']).to.include({ text: 'Yes' });
    expect(required['See what everybody did']).to.include({ text: 'Not now', why: 'a second factor must be set up first' });
    expect((await answers('stan'))['Must set up a second factor first']).to.include({ text: 'No' });
  });

  it('sets two users side by side and marks what differs', async () => {
    const olga = await site.visitor('olga');
    await olga.get('/users/stan/access');
    const page = await olga.get('/users/stan/access?with=mona');
    const marked = page.document.querySelectorAll('.differs th').map(({ text }) => text.trim());
    expect(marked).to.include('Edit things (differs)').and.not.include('See things (differs)');
    expect(page.document.querySelector('#differences')?.text).to.match(/differences; they are marked\./);
    expect(
      page.document
        .querySelectorAll('.rights thead th:not(:first-child)')
        .slice(0, 2)
        .map(({ text }) => text.trim()),
    ).to.deep.equal(['Stan Kowalski', 'Mona Fischer']);
    for (const [other, says] of [
      ['nobody', 'There is no such user.'],
      ['stan', 'This is the same user.'],
    ] as const) {
      const wrong = await olga.get(`/users/stan/access?with=${other}`);
      expect([wrong.status, problem(wrong, 'with')]).to.deep.equal([422, says]);
    }
  });

  it('lists what is shared with a customer at this moment', async () => {
    const [thing] = await site.db('things').insert({ kind: 'object', name: 'Lorry 1', ownerId: site.ids.uma }).returning('id');
    await site.db('shares').insert({ thingId: thing.id, userId: site.ids.ines, may: 'manage' });
    const olga = await site.visitor('olga');
    expect((await olga.get('/users/ines/access')).text).to.match(/Lorry 1\s*Uma Trucking Ltd\s*manage\s*for good/);
    await site.db('shares').update({ endsAt: '2026-01-01' });
    expect((await olga.get('/users/ines/access')).text).to.not.include('Lorry 1');
  });

  it('is there for administrators alone', async () => {
    for (const name of ['stan', 'uma'] as const) {
      const visitor = await site.visitor(name);
      expect((await visitor.get('/users/ines/access')).status).to.equal(403);
    }
  });
});
