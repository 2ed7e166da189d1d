import { expect } from 'chai';
import type { Name } from '../seeds/world.ts';
import { makeGroup } from './kit/groups.ts';
import { listed, problem } from './kit/reading.ts';
import { siteForEach } from './kit/site.ts';
import type { Visitor } from './kit/visitor.ts';

describe('The groups of users', () => {
  const { site } = siteForEach();

  const make = (name: string, users: Name[] = []) => makeGroup(site, name, users);
  const groupsOf = async (name: Name): Promise<string[]> =>
    site.db('groupUsers').join('groups', 'groups.id', 'groupId').where({ userId: site.ids[name] }).orderBy('name').pluck('name');
  const inHistory = (act: string) => site.db('history').where({ act, outcome: 'done' });
  const editOf = async (visitor: Visitor, name: Name, values: Record<string, string>) => {
    await visitor.get(`/users/${name}/edit`);
    return visitor.submit(`/users/${name}/edit`, values);
  };

  it('are given to a user with its edit, as one version and one row of the history, and can be undone', async () => {
    await make('North');
    await make('South');
    const olga = await site.visitor('olga');
    const { version } = await site.db('users').where({ username: 'gus' }).first('version');
    const saved = await editOf(olga, 'gus', { groups: 'North, South', description: 'Both sides' });
    expect(saved.text).to.include('Gus Nordberg has been saved.').and.include('North, South');
    expect(await groupsOf('gus')).to.deep.equal(['North', 'South']);
    expect((await site.db('users').where({ username: 'gus' }).first('version')).version).to.equal(version + 1);
    const acts = await inHistory('user.edited');
    expect(acts.length).to.equal(1);
    await olga.submit(`/undo/${acts[0].id}`);
    expect(await groupsOf('gus')).to.deep.equal([]);
  });

  it('are cleared by choosing administrator, which says so, and are refused beside the field when newly given to one', async () => {
    await make('North', ['stan']);
    await make('South');
    const olga = await site.visitor('olga');
    await olga.get('/users/stan/edit');
    expect(olga.page.text).to.include('such as administrator, clears these');
    const given = await editOf(olga, 'stan', { profile: 'administrator', groups: 'North, South' });
    expect([given.status, problem(given, 'groups')]).to.deep.equal([
      422,
      'The profile Admin user holds no groups: untick them, or choose another profile.',
    ]);
    expect(await groupsOf('stan')).to.deep.equal(['North']);
    await confirmed(olga);
    const cleared = await editOf(olga, 'stan', { profile: 'customer', groups: 'North' });
    expect(cleared.text).to.include('it is in no group any more; it was in North');
    expect(await groupsOf('stan')).to.deep.equal([]);
    const [act] = await inHistory('user.edited');
    await olga.submit(`/undo/${act.id}`);
    expect(await groupsOf('stan')).to.deep.equal(['North']);
  });

  it('come with a new user, or keep it from being added when there is none of that name or the profile holds none', async () => {
    await make('North');
    const olga = await site.visitor('olga');
    const values = { username: 'greta', email: 'greta@world.example', name: 'Greta', profile: 'monitor' };
    await olga.get('/users/new');
    const gone = await olga.submit('/users/new', { ...values, groups: 'West' });
    expect(problem(gone, 'groups')).to.equal('One of these groups is not there any more.');
    const wrong = await olga.submit('/users/new', { ...values, profile: 'customer', groups: 'North' });
    expect(problem(wrong, 'groups')).to.include('The profile Customer holds no groups');
    expect(await site.db('users').where({ username: 'greta' })).to.deep.equal([]);
    await olga.submit('/users/new', { ...values, groups: 'North' });
    const row = await site.db('groupUsers').join('users', 'users.id', 'userId').where({ username: 'greta' }).first();
    expect(row).to.include({ profile: 'monitor' });
  });

  it('find their users in the list, in whatever case, with none and with others left out', async () => {
    await make('North', ['gus', 'stan']);
    await make('Far South', ['mona']);
    const olga = await site.visitor('olga');
    for (const [query, found] of [
      ['group=north', ['gus', 'stan']],
      ['q=group%3ANORTH', ['gus', 'stan']],
      ['q=group%3A%22far+south%22', ['mona']],
      ['group=north,far+south&profile=monitor', ['mona']],
      ['group=!north&profile=standard,group,monitor', ['mona']],
      ['group=none&profile=monitor,group', []],
      ['group=nowhere', []],
    ] as const) {
      expect(listed(await olga.get(`/users?${query}`)), query).to.have.members([...found]);
    }
  });

  it('take many users at once, refuse those whose profile holds none, and let them go again when it is undone', async () => {
    await make('North', ['stan']);
    const olga = await site.visitor('olga');
    await olga.get('/users/bulk');
    await olga.submit('/users/bulk', { act: 'set groups', names: 'gus mona stan uma' });
    const path = new URL(olga.page.url).pathname;
    const asked = await olga.submit(`${path}/answer`, { group: 'North' });
    expect(asked.text).to.include('Add to a group 2 of 4 users');
    await olga.get(`${path}?verdict=refused`);
    expect(olga.page.text).to.include('which holds no groups').and.include('is in North already');
    await olga.submit(`${path}/run`);
    expect([await groupsOf('gus'), await groupsOf('mona')]).to.deep.equal([['North'], ['North']]);
    await olga.get(path);
    await confirmed(olga);
    await olga.get(path);
    await olga.submit(`${path}/undo`);
    expect([await groupsOf('gus'), await groupsOf('mona'), await groupsOf('stan')]).to.deep.equal([[], [], ['North']]);
  });

  it('leave whoever gets a profile without groups in bulk', async () => {
    await make('North', ['stan']);
    const olga = await site.visitor('olga');
    await olga.get('/users/bulk');
    await olga.submit('/users/bulk', { act: 'set profile', names: 'stan' });
    const path = new URL(olga.page.url).pathname;
    await olga.submit(`${path}/answer`, { profile: 'customer' });
    await olga.submit(`${path}/run`);
    expect(await groupsOf('stan')).to.deep.equal([]);
  });

  const confirmed = async (visitor: Visitor) => {
    await visitor.get('/confirm');
    await visitor.submit('/confirm', { password: 'kettle-orbit-velvet' });
  };
});
