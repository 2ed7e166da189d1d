import { expect } from 'chai';
import { everythingIn, openOwnSite } from './kit/site.ts';

describe('Purging whoever has shared and given away things', () => {
  it('leaves no name in the history of others and in what they were told', async function () {
    this.timeout(60_000);
    const site = await openOwnSite();
    try {
      const { db, owner } = site;
      const person = { username: 'zelda-quux', name: 'Zelda Quuxova', email: 'quux@private.example', organization: 'Quux Ltd' };
      await db('users').where({ username: 'uma' }).update(person);
      const put = async (who: 'uma' | 'ines', name: string): Promise<number> => {
        const [{ id }] = await db('things').insert({ kind: 'object', name, ownerId: site.ids[who] }).returning('id');
        return id;
      };
      const [shared, given, received] = [await put('uma', 'Lorry 1'), await put('uma', 'Lorry 2'), await put('ines', 'Lorry 3')];
      await put('uma', 'Lorry 4');
      const [zelda, ines, olga] = [await site.visitor('uma'), await site.visitor('ines'), await site.visitor('olga')];
      const submit = async (visitor: typeof zelda, path: string, values: Record<string, string>) => {
        await visitor.get(path);
        return visitor.submit(path, values);
      };
      await submit(zelda, `/my/objects/${shared}/share`, { with: 'ines', may: 'view' });
      await submit(zelda, `/my/objects/${given}/transfer`, { to: 'ines' });
      await submit(ines, `/my/objects/${received}/share`, { with: 'zelda-quux', may: 'view' });
      await submit(ines, `/my/objects/${received}/transfer`, { to: 'zelda-quux' });
      expect((await olga.get('/history?act=thing.received')).text).to.include('from zelda-quux');
      await submit(olga, '/users/zelda-quux/things/transfer', { to: 'ines' });
      await olga.post('/users/zelda-quux/delete', { typed_username: 'zelda-quux' });
      await olga.post('/users/zelda-quux/purge', { typed_username: 'zelda-quux' });
      expect(await db('users').where({ id: site.ids.uma }).first('id')).to.equal(undefined);
      expect((await everythingIn(owner)).filter((line) => /quux/i.test(line))).to.deep.equal([]);
      const history = await olga.get('/history?act=thing.received');
      expect(history.text).to.include(`from account ${site.ids.uma} (erased)`);
    } finally {
      await site.close();
    }
  });
});
