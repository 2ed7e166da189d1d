import { expect } from 'chai';
import type { Name } from '../seeds/world.ts';
import { actorFor } from './kit/actor.ts';
import { giveBalance } from './kit/money.ts';
import { alertOf, fieldValue, problem } from './kit/reading.ts';
import { siteForEach } from './kit/site.ts';
import { giveTariff, letTimePass, pay } from './kit/tariffs.ts';

describe('The things that tariffs allow', () => {
  const { site } = siteForEach();
  beforeEach(async () => {
    await giveBalance(site.db, 'uma', 5000);
    await own('uma', 'First');
  });

  const own = async (name: Name, thing: string) => {
    const [row] = await site.db('things').insert({ kind: 'object', name: thing, ownerId: site.ids[name] }).returning('id');
    return row.id as number;
  };
  const buy = async (mostThings: number | null, name = 'Two') =>
    pay(site.db, await actorFor(site.db, 'uma'), await giveTariff(site.db, { name, mostThings }));
  const count = async (name: Name = 'uma') => (await site.db('users').where({ username: name }).first()).things;
  const add = async (as: Name, path: string, fields: Record<string, string>) => {
    const visitor = await site.visitor(as);
    await visitor.get(`${path}/new`);
    return visitor.submit(`${path}/new`, fields);
  };

  it('are added up to the number, and what was typed is kept beyond it', async () => {
    await buy(2);
    await add('uma', '/my/objects', { name: 'Second' });
    const page = await add('uma', '/my/objects', { name: 'Third', plate: 'AB 3' });
    expect([page.status, await count()]).to.deep.equal([409, 2]);
    expect(alertOf(page)).to.equal('Your tariffs allow 2 things at most, and there are 2 already.');
    expect(fieldValue(page, 'name')).to.equal('Third');
  });

  it('are as many as one likes with no tariff, with one that knows no number, and when all are over', async () => {
    await add('uma', '/my/objects', { name: 'Second' });
    await buy(2);
    await buy(null, 'Any');
    await add('uma', '/my/objects', { name: 'Third' });
    await letTimePass(site.db, '40 days');
    await add('uma', '/my/objects', { name: 'Fourth' });
    expect(await count()).to.equal(4);
  });

  it('add up over the tariffs that run together', async () => {
    await buy(1);
    await buy(1, 'One more');
    expect((await add('uma', '/my/cameras', { name: 'Second' })).status).to.equal(200);
    expect((await add('uma', '/my/cameras', { name: 'Third' })).status).to.equal(409);
  });

  it('are not exceeded by what others add, transfer one by one, ticked, or all at once; who sees no money reads of no tariff', async () => {
    await buy(1);
    const page = await add('stan', '/objects', { name: 'Second', owner: 'uma' });
    expect([page.status, alertOf(page)]).to.deep.equal([
      409,
      'Uma Trucking Ltd may have 1 thing at most, and there are 1 already.',
    ]);
    const [one, other] = [await own('ines', 'One'), await own('ines', 'Other')];
    const olga = await site.visitor('olga');
    await olga.get(`/objects/${one}/transfer`);
    await olga.submit(`/objects/${one}/transfer`, { to: 'uma' });
    expect(olga.page.status).to.equal(422);
    expect(problem(olga.page, 'to')).to.include('The tariffs of Uma Trucking Ltd allow 1 thing at most');
    await olga.get('/users/ines/things/transfer');
    expect((await olga.submit('/users/ines/things/transfer', { to: 'uma' })).status).to.equal(422);
    await olga.get(`/objects/selected?act=transfer&thing=${one}&thing=${other}`);
    expect((await olga.submit('/objects/selected', { to: 'uma' })).status).to.equal(422);
    expect(problem(olga.page, 'to')).to.include('allow 1 thing at most');
    expect([await count(), await count('ines')]).to.deep.equal([1, 2]);
  });
});
