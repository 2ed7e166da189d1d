import { expect } from 'chai';
import type { Name } from '../seeds/world.ts';
import { fieldValue, problem } from './kit/reading.ts';
import { siteForEach } from './kit/site.ts';
import { modes, type Visitor } from './kit/visitor.ts';

describe('The pages of things', () => {
  const { site } = siteForEach();

  const put = async (values: Record<string, unknown>, owner: Name = 'uma'): Promise<number> => {
    const [row] = await site
      .db('things')
      .insert({ kind: 'object', name: 'Lorry', ...values, ownerId: site.ids[owner] })
      .returning('id');
    return row.id;
  };
  const rows = (visitor: Visitor) => visitor.page.document.querySelectorAll('tbody th a').map((link) => link.textContent);
  const subjectOf = ({ page }: Visitor) =>
    page.document.querySelector('main input[name=subject]')?.getAttribute('value') as string;
  const connect = async (visitor: Visitor, name: Name, mode = 'full') => {
    await visitor.get(`/users/${name}/connect`);
    await visitor.submit(`/users/${name}/connect`, { reason: 'A call', mode });
  };

  for (const mode of modes) {
    it(`let a customer add, see, edit and delete its own, as ${mode}`, async () => {
      const uma = await site.visitor('uma', mode);
      await uma.get('/my/trackers/new');
      const added = await uma.submit('/my/trackers/new', { name: 'Box 7', model: 'FMB920', imei: '490154-20-323751-8' });
      expect(added.text).to.include('Box 7 has been added.').and.include('490154203237518');
      const path = new URL(added.url).pathname;
      await uma.get(`${path}/edit`);
      const wrong = await uma.submit(`${path}/edit`, { imei: '490154203237519', name: 'Box 8' });
      expect(wrong.status).to.equal(422);
      expect(problem(wrong, 'imei')).to.include('One digit is wrong');
      expect(fieldValue(wrong, 'name')).to.equal('Box 8');
      await uma.submit(`${path}/edit`, { imei: '', name: 'Box 8' });
      await uma.get('/my/trackers?q=bo');
      expect(rows(uma)).to.deep.equal(['Box 8']);
      await uma.get(`${path}/delete`);
      expect((await uma.submit(`${path}/delete`)).text)
        .to.include('Box 8 has been deleted.')
        .and.include('No trackers here');
    });
  }

  it('show whoever saves second both versions, keep what it typed, and let it save knowingly', async () => {
    const id = await put({ name: 'Lorry 1', plate: 'AB 1' });
    const [uma, olga] = [await site.visitor('uma'), await site.visitor('olga')];
    await uma.get(`/my/objects/${id}/edit`);
    await olga.get(`/objects/${id}/edit`);
    await olga.submit(`/objects/${id}/edit`, { plate: 'CD 2' });
    const second = await uma.submit(`/my/objects/${id}/edit`, { name: 'Lorry one' });
    expect([second.status, second.text.includes('CD 2'), fieldValue(second, 'name')]).to.deep.equal([409, true, 'Lorry one']);
    expect((await site.db('things').where({ id }).first()).plate).to.equal('CD 2');
    expect((await uma.submit(`/my/objects/${id}/edit`)).text).to.include('Lorry one has been saved.');
    expect(await site.db('things').where({ id }).first()).to.include({ name: 'Lorry one', plate: 'AB 1' });
  });

  it('let a customer share with another, who sees it under what is shared, and manages it when it may', async () => {
    const id = await put({ name: 'Lorry 1' });
    const uma = await site.visitor('uma');
    await uma.get(`/my/objects/${id}/share`);
    await uma.submit(`/my/objects/${id}/share`, { with: 'ines', may: 'manage' });
    expect(uma.page.text).to.include('Lorry 1 is shared with ines.').and.include('Shared with');
    const ines = await site.visitor('ines');
    await ines.get('/my/shared');
    expect(rows(ines)).to.deep.equal(['Lorry 1']);
    await ines.get(`/my/objects/${id}/edit`);
    expect((await ines.submit(`/my/objects/${id}/edit`, { name: 'Lorry 2' })).text).to.include('Lorry 2 has been saved.');
    expect((await ines.get(`/my/objects/${id}/delete`)).status).to.equal(403);
    await uma.get(`/my/objects/${id}`);
    await uma.submit(`/my/objects/${id}/unshare`);
    expect((await ines.get(`/my/objects/${id}`)).status).to.equal(404);
  });

  it('show nobody’s things to another customer: as if they were not there', async () => {
    const id = await put({});
    const ines = await site.visitor('ines');
    const absent = await ines.get('/my/objects/999999');
    const foreign = await ines.get(`/my/objects/${id}`);
    expect([foreign.status, foreign.text]).to.deep.equal([absent.status, absent.text]);
    for (const act of ['edit', 'delete', 'share', 'transfer'])
      expect((await ines.get(`/my/objects/${id}/${act}`)).status).to.equal(404);
    await ines.get('/my/objects/new');
    const subject = subjectOf(ines);
    for (const act of ['edit', 'delete', 'share', 'transfer', 'unshare'])
      expect(
        (await ines.post(`/my/objects/${id}/${act}`, { subject, to: 'ines', with: 'ines', name: 'Mine', version: '1' })).status,
      ).to.be.oneOf([404]);
  });

  it('let an administrator work on a user’s behalf, stamped with both, and refuse a form of before another connection', async () => {
    const id = await put({ name: 'Lorry 1' });
    const olga = await site.visitor('olga');
    await connect(olga, 'uma');
    await olga.get('/my/objects');
    expect(rows(olga)).to.deep.equal(['Lorry 1']);
    await olga.get('/my/trackers/new');
    await olga.submit('/my/trackers/new', { name: 'Box' });
    const row = await site.db('history').where({ act: 'thing.added' }).first();
    expect(row).to.include({ actorId: site.ids.olga, subjectId: site.ids.uma, userId: site.ids.uma });
    await olga.get(`/my/objects/${id}/edit`);
    const stale = subjectOf(olga);
    await connect(olga, 'ines');
    await olga.get('/my/objects/new');
    const page = await olga.post('/my/objects/new', { subject: stale, name: 'Wrong' });
    expect(page.status).to.equal(409);
    expect(page.text).to.include('the connection has changed');
    expect(await site.db('things').where({ name: 'Wrong' })).to.deep.equal([]);
  });

  it('change nothing for whoever is connected to look only', async () => {
    const id = await put({});
    const olga = await site.visitor('olga');
    await connect(olga, 'uma', 'read');
    await olga.get(`/my/objects/${id}`);
    const offered = olga.page.document.querySelectorAll('.head .actions a').map((link) => link.getAttribute('href'));
    expect(offered).to.deep.equal(['/users/uma/history']);
    for (const path of ['new', `${id}/edit`, `${id}/delete`, `${id}/share`, `${id}/transfer`])
      expect((await olga.get(`/my/objects/${path}`)).status, path).to.equal(403);
  });

  it('list for administrators whose each is, and give it to another', async () => {
    const id = await put({ name: 'Lorry 1' });
    const olga = await site.visitor('olga');
    await olga.get('/objects');
    expect(olga.page.text).to.include('Uma Trucking Ltd');
    await olga.get(`/objects/${id}/transfer`);
    const wrong = await olga.submit(`/objects/${id}/transfer`, { to: 'nobody-here' });
    expect(problem(wrong, 'to')).to.include('There is no such user.');
    expect((await olga.submit(`/objects/${id}/transfer`, { to: 'ines' })).text).to.include('Lorry 1 belongs to ines now.');
  });

  it('show owners to standard users as plain text, and no users', async () => {
    await put({ name: 'Lorry 1' });
    const stan = await site.visitor('stan');
    await stan.get('/objects');
    expect(stan.page.text).to.include('Uma Trucking Ltd');
    expect(stan.page.html).to.not.include('/users');
    await stan.get('/objects/new');
    expect((await stan.submit('/objects/new', { name: 'Own one' })).text).to.include('Own one has been added.');
  });

  it('find any part of a name, plate, IMEI or reference, a sign being only a sign', async () => {
    await put({ name: '100% Lorry', plate: 'AB 123' });
    await put({ name: 'Bus', plate: 'CD 456' });
    const olga = await site.visitor('olga');
    for (const [q, found] of [
      ['lorry', ['100% Lorry']],
      ['cd 456', ['Bus']],
      ['100%', ['100% Lorry']],
      ['100_', []],
      ['b', ['Bus']],
      ['lo', ['100% Lorry']],
      ['bus 45', ['Bus']],
      ['us', []],
      ['zzz', []],
    ] as const) {
      await olga.get(`/objects?q=${encodeURIComponent(q)}`);
      expect(rows(olga), q).to.have.members([...found]);
    }
  });

  it('go forwards and backwards along a long list', async () => {
    for (let index = 0; index < 60; index += 1) await put({ name: `Lorry ${String(index).padStart(2, '0')}` });
    const uma = await site.visitor('uma');
    await uma.get('/my/objects');
    expect(rows(uma).length).to.equal(25);
    const to = (which: string) => uma.page.document.querySelector(`#page-${which}`)?.getAttribute('href') as string;
    await uma.get(to('next'));
    expect(rows(uma)[0]).to.equal('Lorry 25');
    await uma.get(to('previous'));
    expect(rows(uma)[0]).to.equal('Lorry 00');
  });

  it('answer junk with a page that says so, and change nothing', async () => {
    const olga = await site.visitor('olga');
    for (const path of ['abc', '-1', '1.5', '99999999999999999999', '%00'])
      expect((await olga.get(`/objects/${path}`)).status, path).to.be.oneOf([400, 404]);
    for (const query of ['after=zz', 'before=%00', 'sort=price', 'limit=1000', 'group=x', 'owner=%27', 'q=%00%ff', 'kind[]=a'])
      expect((await olga.get(`/objects?${query}`)).status, query).to.be.oneOf([200, 400]);
  });
});
