import { expect } from 'chai';
import type { Db } from '../src/ground/database.ts';
import { sealHistory } from '../src/history/chain.ts';
import { verifyHistory } from '../src/history/verify.ts';
import { actsUpon } from './kit/history.ts';
import { everythingIn, openOwnSite, signedIn } from './kit/site.ts';
import { Visitor } from './kit/visitor.ts';

const person = {
  username: 'zelda-quux',
  email: 'zelda.quux@private.example',
  first_name: 'Zeldaquux',
  last_name: 'Quuxova',
  phone: '+34 655 443 322',
  unp: 'QUUX190275',
  legal_address: '12 Quux St',
  bank_account: 'QUUX7436598',
  additional_info: 'Quux is allergic to peanuts.',
  description: 'Quux pays late.',
};

describe('Purge', () => {
  let close: () => Promise<void>;
  let db: Db;
  let owner: Db;
  let olga: Visitor;
  let stan: Visitor;
  beforeEach(async () => {
    const site = await openOwnSite();
    ({ db, owner, close } = site);
    olga = await site.visitor('olga');
    stan = await site.visitor('stan');
  });
  afterEach(() => close());

  /** A person to whom everything has happened that can, deleted at the end unless it stays. */
  async function aLife({ staysLive = false } = {}): Promise<number> {
    await olga.get('/users/new');
    await olga.submit('/users/new', { ...person, single_use_password: 'pear-lamp-77' });
    const { id } = await db('users').where({ username: person.username }).first();
    const self = new Visitor(olga.address, await signedIn(db, id), 'plain');
    await self.get('/users');
    await db('users').where({ id }).update({ mustChangePassword: false });
    await self.get('/users');
    await stan.get(`/users/${person.username}`);
    await olga.get(`/users/${person.username}/edit`);
    await olga.submit(`/users/${person.username}/edit`, { bank: 'Quux Bank', email: 'quux.new@private.example' });
    await olga.post(`/users/${person.username}/suspend`, { reason: 'Quux did not pay.' });
    await olga.post(`/users/${person.username}/activate`, {});
    await db('imports').insert({ filename: 'a.csv', headings: '[]', columns: '[]', state: 'done' });
    const { id: importId } = await db('imports').first('id');
    await db('importRows').insert({
      importId,
      line: 2,
      cells: JSON.stringify([person.username, 'x@y.example']),
      verdict: 'invalid_value',
    });
    await db('importRows').insert({ importId, line: 3, cells: JSON.stringify(['uma', 'uma@world.example']), verdict: 'ready' });
    await olga.get(`/history/export.csv?user=${person.username}`);
    await olga.get('/users');
    if (!staysLive) await olga.post(`/users/${person.username}/delete`, {});
    return id;
  }

  it('leaves no personal value in any table, and nothing of others goes', async () => {
    await aLife();
    const before = (await everythingIn(owner)).filter((line) => /quux/i.test(line));
    expect(before.length).to.be.greaterThan(5);
    await olga.post(`/users/${person.username}/purge`, { typed_username: person.username });
    await olga.get('/users');
    const left = (await everythingIn(owner)).filter((line) => /quux|peanuts|655 443|34655443322/i.test(line));
    expect(left).to.deep.equal([]);
    expect(await db('importRows').pluck('line')).to.deep.equal([3]);
  });

  it('leaves no name with those to whom it gave things, and from whom it had some', async () => {
    const id = await aLife({ staysLive: true });
    const put = async (ownerId: number) =>
      (await db('things').insert({ kind: 'object', name: 'Lorry', ownerId }).returning('id'))[0].id;
    const { id: inesId } = await db('users').where({ username: 'ines' }).first('id');
    const [own, other, shared] = [await put(id), await put(inesId), await put(id)];
    await olga.get(`/objects/${shared}/share`);
    await olga.submit(`/objects/${shared}/share`, { with: 'ines', may: 'view' });
    for (const [thing, to] of [
      [own, 'ines'],
      [other, person.username],
    ]) {
      await olga.get(`/objects/${thing}/transfer`);
      await olga.submit(`/objects/${thing}/transfer`, { to: String(to) });
    }
    await olga.get(`/users/${person.username}/things/transfer`);
    await olga.submit(`/users/${person.username}/things/transfer`, { to: 'ines' });
    const toldOf = async () => (await actsUpon({ db }, inesId)).map(({ facts: { owner, from, to } }) => owner ?? from ?? to);
    expect(await toldOf()).to.deep.equal(Array(4).fill(person.username));
    await olga.post(`/users/${person.username}/delete`, { typed_username: person.username });
    await olga.post(`/users/${person.username}/purge`, { typed_username: person.username });
    expect((await everythingIn(owner)).filter((line) => /quux/i.test(line))).to.deep.equal([]);
    expect(await toldOf()).to.deep.equal(Array(4).fill(`account ${id} (erased)`));
  });

  it('keeps the acts under the bare number, and the chain still holds', async () => {
    const id = await aLife();
    await sealHistory(owner);
    const before = await db('history').count({ count: '*' }).first();
    await olga.post(`/users/${person.username}/purge`, { typed_username: person.username });
    await sealHistory(owner);
    const after = await db('history').count({ count: '*' }).first();
    expect(Number(after?.count)).to.equal(Number(before?.count) + 1);
    const acts = await actsUpon({ db }, id);
    expect(acts.map(({ act }) => act)).to.include.members([
      'user.added',
      'user.edited',
      'user.suspended',
      'user.deleted',
      'user.purged',
    ]);
    for (const { user, reason, changes } of acts) expect([user || null, reason, changes]).to.deep.equal([null, null, {}]);
    expect(await verifyHistory(owner)).to.deep.include({ broken: null, unsealed: 0 });
    expect((await olga.get('/history')).text).to.include(`olga purged account ${id} (erased)`);
  });

  it('frees the username, and whoever takes it next inherits nothing', async () => {
    const id = await aLife();
    await olga.get('/users/new');
    await olga.submit('/users/new', { ...person, email: 'other@private.example' });
    expect(olga.page.text).to.include('A deleted user holds this username');
    await olga.post(`/users/${person.username}/purge`, { typed_username: person.username });
    await olga.get('/users/new');
    await olga.submit('/users/new', { username: person.username, email: person.email, first_name: 'Other' });
    const user = await db('users').where({ username: person.username }).first();
    expect(user.id).to.be.greaterThan(id);
    expect((await actsUpon({ db }, user.id)).map(({ act }) => act)).to.deep.equal(['user.added']);
    expect(await db('sessions').where({ userId: user.id })).to.deep.equal([]);
    expect((await olga.get(`/users/${person.username}/history`)).text).to.not.include('suspended');
  });

  it('cannot be done by the serving role, which has no right to the words of the history', async () => {
    await aLife();
    const error = await db('historyWords')
      .delete()
      .catch((refusal: Error) => refusal);
    expect(String(error)).to.include('permission denied');
  });
});
