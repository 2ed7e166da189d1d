import { expect } from 'chai';
import type { Name } from '../seeds/world.ts';
import { problem } from './kit/reading.ts';
import { siteForEach } from './kit/site.ts';
import { modes, type Visitor } from './kit/visitor.ts';

describe('What a user owns', () => {
  const { site } = siteForEach();

  const put = async (kind: string, name: string, owner: Name = 'uma', more: object = {}): Promise<number> => {
    const [{ id }] = await site
      .db('things')
      .insert({ kind, name, ownerId: site.ids[owner], ...more })
      .returning('id');
    return id;
  };
  const rows = ({ page }: Visitor) => page.document.querySelectorAll('tbody th a').map((link) => link.textContent);
  const owners = async () =>
    (await site.db('things').join('users', 'users.id', 'ownerId').orderBy('things.name').select('things.name', 'username')).map(
      ({ name, username }) => `${name}: ${username}`,
    );

  it('stands on a tab of its page, list by list, with the first of each and the way to add more', async () => {
    for (let index = 0; index < 12; index += 1) await put('object', `Lorry ${String(index).padStart(2, '0')}`);
    await put('bucket', 'Readings');
    await put('object', 'Bike', 'ines');
    const olga = await site.visitor('olga');
    await olga.get('/users/uma/things');
    expect(rows(olga).slice(0, 2)).to.deep.equal(['Lorry 00', 'Lorry 01']);
    expect(rows(olga).length).to.equal(11);
    expect(olga.page.text).to.include('13 things').and.include('All 12 objects').and.not.include('Bike');
    await olga.get('/objects/new?owner=uma');
    expect(olga.page.document.querySelector('#field-owner')?.getAttribute('value')).to.equal('uma');
    await olga.get('/objects?owner=uma');
    expect(rows(olga).length).to.equal(12);
  });

  for (const mode of modes)
    it(`goes to another user at once, what is attached staying attached, recorded upon both (${mode})`, async () => {
      const tracker = await put('tracker', 'Box');
      const lorry = await put('object', 'Lorry', 'uma', { trackerId: tracker });
      await put('object', 'Bike', 'flo');
      const olga = await site.visitor('olga', mode);
      const asked = await olga.get('/users/uma/things/transfer');
      expect(asked.document.querySelectorAll('.consequences li').map(({ text }) => text.trim())).to.deep.equal([
        '1 object',
        '1 tracker',
      ]);
      for (const [to, says] of [
        ['', 'A username is needed.'],
        ['nobody', 'There is no such user.'],
        ['uma', 'This user owns it already.'],
        ['dora', 'There is no such user.'],
      ] as const) {
        await olga.get('/users/uma/things/transfer');
        const wrong = await olga.submit('/users/uma/things/transfer', { to });
        expect([wrong.status, problem(wrong, 'to')]).to.deep.equal([422, says]);
      }
      await olga.get('/users/uma/things/transfer');
      await olga.submit('/users/uma/things/transfer', { to: 'ines' });
      expect(olga.page.text).to.include('Everything belongs to ines now: 1 object, 1 tracker.');
      expect(await owners()).to.deep.equal(['Bike: flo', 'Box: ines', 'Lorry: ines']);
      expect((await site.db('things').where({ id: lorry }).first()).trackerId).to.equal(tracker);
      const acts = await site.db('history').where('act', 'like', 'thing.%').orderBy('act').select('act', 'userId');
      expect(acts).to.deep.equal([
        { act: 'thing.received', userId: site.ids.ines },
        { act: 'thing.transferred', userId: site.ids.uma },
      ]);
      await olga.get('/users/uma/things/transfer');
      expect((await olga.submit('/users/uma/things/transfer', { to: 'ines' })).status).to.equal(409);
    });

  it('is given away as a whole by administrators alone, and not while they are connected to its owner', async () => {
    await put('object', 'Lorry');
    for (const name of ['stan', 'uma'] as const) {
      const visitor = await site.visitor(name);
      await visitor.get('/account');
      expect((await visitor.post('/users/uma/things/transfer', { _csrf: visitor.token(), to: name })).status).to.equal(403);
    }
    expect(await owners()).to.deep.equal(['Lorry: uma']);
  });

  it('is deleted and transferred in bulk by whoever may, all of it or nothing', async () => {
    const [one, two, bike] = [await put('object', 'A'), await put('object', 'B'), await put('object', 'Bike', 'ines')];
    const uma = await site.visitor('uma');
    await uma.get(`/my/objects/selected?act=delete&thing=${one}&thing=${bike}`);
    expect(uma.page.text).to.include('Delete: 1 object').and.not.include('Bike');
    await uma.submit('/my/objects/selected', { things: `${one} ${bike}` });
    expect(uma.page.text).to.include('1 object deleted.');
    expect(await owners()).to.deep.equal(['B: uma', 'Bike: ines']);
    await uma.get(`/my/objects/selected?act=transfer&thing=${two}`);
    expect(problem(await uma.submit('/my/objects/selected', { to: 'nobody' }), 'to')).to.equal('There is no such user.');
    await uma.submit('/my/objects/selected', { to: 'ines' });
    expect(await owners()).to.deep.equal(['B: ines', 'Bike: ines']);
    expect((await uma.get(`/my/objects/selected?act=add-to-group&thing=${two}`)).status).to.equal(403);
    const stan = await site.visitor('stan');
    await stan.get('/objects');
    expect(stan.page.document.querySelectorAll('.selectbar button').map(({ text }) => text.trim())).to.deep.equal([
      'Transfer',
      'Delete',
    ]);
    await stan.get(`/objects/selected?act=transfer&thing=${two}&thing=${bike}`);
    await stan.submit('/objects/selected', { to: 'ines' });
    expect(stan.page.text).to.include('0 objects given to ines.');
    for (const name of ['gus', 'mona'] as const) {
      const visitor = await site.visitor(name);
      await visitor.get('/objects');
      expect(visitor.page.document.querySelector('.selectbar, .pick'), name).to.equal(null);
      expect((await visitor.get(`/objects/selected?act=delete&thing=${two}`)).status).to.equal(403);
    }
  });

  it('is counted exactly beyond a thousand when asked', async () => {
    await site.db.raw(
      `insert into things (kind, owner_id, name) select 'object', ?, 'Lorry ' || n from generate_series(1, 1100) as n`,
      [site.ids.uma],
    );
    const olga = await site.visitor('olga');
    const list = await olga.get('/objects');
    expect(list.document.querySelector('#total')?.text.trim()).to.equal('more than 1,000 objects');
    const href = list.document.querySelector('#total a')?.getAttribute('href') as string;
    expect((await olga.get(href)).document.querySelector('#count')?.text).to.equal('1,100 objects');
    expect((await olga.get('/objects/count?q=Lorry+110')).document.querySelector('#count')?.text).to.equal('2 objects');
  });
});

describe('The start page', () => {
  const { site } = siteForEach();

  const tiles = ({ page }: Visitor) =>
    page.document.querySelectorAll('.tiles a').map(({ text }) => text.replace(/\s+/g, ' ').trim());

  it('shows a customer what it has, what is shared with it, its balance, and who worked on its behalf', async () => {
    await site.db('things').insert({ kind: 'object', name: 'Lorry', ownerId: site.ids.uma });
    const [bike] = await site.db('things').insert({ kind: 'object', name: 'Bike', ownerId: site.ids.ines }).returning('id');
    await site.db('shares').insert({ thingId: bike.id, userId: site.ids.uma, may: 'view' });
    await site
      .db('connections')
      .insert({ actorId: site.ids.olga, userId: site.ids.uma, mode: 'read', reason: 'A call', endsAt: new Date() });
    const uma = await site.visitor('uma');
    const page = await uma.get('/');
    expect(new URL(page.url).pathname).to.equal('/my');
    expect(tiles(uma)).to.deep.equal([
      'Balance €0.00',
      'Tariffs None',
      'Objects 1',
      'Trackers 0',
      'Cameras 0',
      'Other things 0',
      'Shared with me 1',
    ]);
    expect(page.text)
      .to.include('Worked on your behalf')
      .and.include('Olga Ivanova')
      .and.include('Looking only')
      .and.include('A call');
  });

  it('tells others what they see by their groups, without money', async () => {
    for (const [name, says] of [
      ['stan', 'You see all things.'],
      ['gus', 'You are in no group yet'],
    ] as const) {
      const visitor = await site.visitor(name);
      expect((await visitor.get('/')).text, name).to.include(says);
      expect(tiles(visitor).map((tile) => tile.replace(/ \d+$/, ''))).to.deep.equal([
        'Objects',
        'Trackers',
        'Cameras',
        'Other things',
      ]);
    }
  });

  it('is the Overview for administrators, the own account for programs and whoever is restricted to it', async () => {
    for (const [name, path] of [
      ['olga', '/'],
      ['april', '/account'],
      ['sue', '/account'],
    ] as const) {
      const visitor = await site.visitor(name);
      expect(new URL((await visitor.get('/')).url).pathname, name).to.equal(path);
    }
  });

  it('says when the account ends soon', async () => {
    await site
      .db('users')
      .where({ username: 'uma' })
      .update({ expiresAt: new Date(Date.now() + 3 * 86_400_000) });
    expect((await (await site.visitor('uma')).get('/my')).text).to.include('This account ends on');
  });
});
