import { expect } from 'chai';
import type { Name } from '../seeds/world.ts';
import { makeGroup } from './kit/groups.ts';
import { alertOf, problem } from './kit/reading.ts';
import { siteForEach } from './kit/site.ts';
import { modes, type Visitor } from './kit/visitor.ts';

describe('Groups', () => {
  const { site } = siteForEach();

  const make = (name: string, users: Name[] = []) => makeGroup(site, name, users);
  const put = async (name: string, groups: number[] = []): Promise<number> => {
    const [{ id }] = await site.db('things').insert({ kind: 'object', name, ownerId: site.ids.uma }).returning('id');
    for (const groupId of groups) await site.db('groupThings').insert({ groupId, thingId: id });
    return id;
  };
  const rows = ({ page }: Visitor) => page.document.querySelectorAll('tbody th a').map((link) => link.textContent);
  const inHistory = (act: string) => site.db('history').where({ act, outcome: 'done' });

  for (const mode of modes) {
    it(`are created, described, renamed and deleted by administrators (${mode})`, async () => {
      const olga = await site.visitor('olga', mode);
      await olga.get('/groups/new');
      const wrong = await olga.submit('/groups/new', { name: 'North, South', description: 'Both' });
      expect([wrong.status, problem(wrong, 'name')]).to.deep.equal([
        422,
        'A name without commas: lists of groups have them between.',
      ]);
      expect(wrong.document.querySelector('#field-description')?.text).to.include('Both');
      const made = await olga.submit('/groups/new', { name: 'North' });
      expect(made.text).to.include('North has been created.').and.include('No objects here');
      const [, , id] = new URL(made.url).pathname.split('/');
      await olga.get('/groups/new');
      expect(problem(await olga.submit('/groups/new', { name: 'NORTH' }), 'name')).to.equal('Another group has this name.');
      await olga.get(`/groups/${id}/edit`);
      expect((await olga.submit(`/groups/${id}/edit`, { name: 'Far North' })).text).to.include('Far North has been saved.');
      await olga.get(`/groups/${id}/edit`);
      const late = await olga.submit(`/groups/${id}/edit`, { version: '1', name: 'Late' });
      expect([late.status, late.text.includes('As it is now'), late.text.includes('Far North')]).to.deep.equal([409, true, true]);
      expect((await olga.submit(`/groups/${id}/edit`, { name: 'Far North' })).text).to.include('Far North has been saved.');
      await olga.get(`/groups/${id}/delete`);
      expect((await olga.submit(`/groups/${id}/delete`)).text).to.include('Far North has been deleted.');
      expect(await site.db('groups')).to.deep.equal([]);
      for (const act of ['group.created', 'group.edited', 'group.deleted'])
        expect((await inHistory(act)).length, act).to.equal(1);
    });
  }

  it('are not deleted while somebody would see all things without them, the deleted included who may be restored', async () => {
    const north = await make('North', ['stan', 'gus']);
    await site.db('users').where({ username: 'stan' }).update({ deletedAt: new Date() });
    const olga = await site.visitor('olga');
    await olga.get(`/groups/${north}/delete`);
    const refused = await olga.submit(`/groups/${north}/delete`);
    expect(refused.status).to.equal(409);
    expect(alertOf(refused)).to.include('Stan Kowalski (deleted) would see all things without North.');
    expect((await site.db('groups')).length).to.equal(1);
  });

  it('take things in that were searched for and ticked, and let them out in bulk; both are recorded', async () => {
    const north = await make('North');
    const lorry = await put('Lorry 1');
    await put('Bike', [north]);
    const olga = await site.visitor('olga');
    await olga.get(`/groups/${north}/objects/add?q=lor`);
    expect(rows(olga)).to.deep.equal(['Lorry 1']);
    await olga.submit(`/groups/${north}/objects/add`, { thing: String(lorry) });
    expect(olga.page.text).to.include('1 object put into North.');
    await olga.get(`/groups/${north}`);
    expect(rows(olga)).to.deep.equal(['Bike', 'Lorry 1']);
    await olga.get(`/objects/selected?act=take-out-of-group&group=${north}&thing=${lorry}&from=/groups/${north}/objects`);
    const out = await olga.submit('/objects/selected', { group: String(north) });
    expect(out.text).to.include('1 object taken out of North.');
    expect(rows(olga)).to.deep.equal(['Bike']);
    expect((await inHistory('group.things-changed')).length).to.equal(2);
  });

  it('stand on the page of a thing that is in them, with the history of its owner for whoever may see it', async () => {
    const north = await make('North', ['gus']);
    const lorry = await put('Lorry 1', [north]);
    const links = ({ page }: Visitor) => page.document.querySelectorAll('main a').map((link) => link.getAttribute('href'));
    const olga = await site.visitor('olga');
    await olga.get(`/objects/${lorry}`);
    expect(links(olga)).to.include.members([`/groups/${north}`, '/users/uma/history']);
    const gus = await site.visitor('gus');
    expect((await gus.get(`/objects/${lorry}`)).text).to.include('North');
    expect(links(gus)).to.not.include('/users/uma/history');
  });

  it('are seen by their users only: others are as if they were not there', async () => {
    const [north, south] = [await make('North', ['gus', 'stan']), await make('South')];
    await put('Lorry 1', [north, south]);
    await put('Secret', [south]);
    for (const name of ['gus', 'stan'] as const) {
      const visitor = await site.visitor(name);
      await visitor.get('/groups');
      expect(rows(visitor), name).to.deep.equal(['North']);
      expect(visitor.page.html).to.not.include('/users');
      await visitor.get(`/groups/${north}`);
      expect(rows(visitor)).to.deep.equal(['Lorry 1']);
      const foreign = await visitor.get(`/groups/${south}/objects`);
      const absent = await visitor.get('/groups/99999/objects');
      expect([foreign.status, foreign.text]).to.deep.equal([404, absent.text]);
      for (const path of [`/groups/${north}/edit`, `/groups/${north}/delete`, `/groups/${north}/objects/add`, '/groups/new'])
        expect((await visitor.get(path)).status, path).to.equal(403);
    }
    const mona = await site.visitor('mona');
    await mona.get('/groups');
    expect(rows(mona)).to.deep.equal(['North', 'South']);
  });

  it('cannot be left or entered by things through those who are restricted to them', async () => {
    const [north, south] = [await make('North', ['gus', 'stan']), await make('South')];
    const [inside, outside] = [await put('Lorry 1', [north]), await put('Secret', [south])];
    const before = await site.db('groupThings').orderBy('thingId');
    for (const name of ['gus', 'stan'] as const) {
      const visitor = await site.visitor(name);
      await visitor.get('/objects');
      const _csrf = visitor.token();
      for (const [act, thing, group] of [
        ['add-to-group', inside, south],
        ['take-out-of-group', inside, north],
        ['add-to-group', outside, north],
      ] as const)
        expect(
          (await visitor.post('/objects/selected', { _csrf, act, things: String(thing), group: String(group) })).status,
        ).to.equal(403);
      expect((await visitor.post(`/groups/${north}/objects/add`, { _csrf, thing: String(outside) })).status).to.equal(403);
      await visitor.post('/objects/selected', { _csrf, act: 'delete', things: String(outside) });
      await visitor.post('/objects/selected', { _csrf, act: 'transfer', things: String(outside), to: name });
    }
    expect(await site.db('groupThings').orderBy('thingId')).to.deep.equal(before);
    expect(await site.db('things').where({ id: outside, ownerId: site.ids.uma })).to.have.length(1);
  });

  it('say that they restrict nobody while the setting is off', async () => {
    const north = await make('North', ['gus']);
    await put('Elsewhere');
    await site.db('settings').update({ restrictions: false });
    const olga = await site.visitor('olga');
    for (const path of ['/groups', `/groups/${north}/objects`, '/users/gus/edit', '/users/new'])
      expect((await olga.get(path)).text, path).to.match(/at present groups restrict nobody/i);
    const gus = await site.visitor('gus');
    await gus.get('/objects');
    expect(rows(gus)).to.deep.equal(['Elsewhere']);
  });

  it('answer junk with a page that says so', async () => {
    const olga = await site.visitor('olga');
    for (const path of ['/groups/abc', '/groups/0/objects', '/groups/99999999999999999999/edit', '/groups/1/objects/add'])
      expect((await olga.get(path)).status, path).to.equal(404);
    for (const query of ['q=%00', 'q[]=a', 'q=%25']) expect((await olga.get(`/groups?${query}`)).status, query).to.equal(200);
    for (const query of ['act=delete', 'act=x&thing=1', 'act=delete&thing[]=a', 'act=transfer&thing=99999999999999999999'])
      expect((await olga.get(`/objects/selected?${query}`)).status, query).to.be.oneOf([200, 404]);
  });
});
