import { expect } from 'chai';
import { belongings } from '../src/belongings.ts';
import { daysKept, eraseOldLetters } from '../src/mail/erase.ts';
import { purgeUser } from '../src/users/remove.ts';
import { actorFor } from './kit/actor.ts';
import { giveLink, turnMailOn, write } from './kit/letters.ts';
import { siteForEach } from './kit/site.ts';

describe('Letters in the end', () => {
  const { site } = siteForEach();
  beforeEach(() => turnMailOn(site));

  const numbers = () => site.db('letters').orderBy('id').pluck('id');

  it('go with the purge of their reader, those to its address without an account too', async () => {
    await write(site, 'dora');
    await write(site, 'dora', { link: await giveLink(site, 'dora', 'reset'), address: 'elsewhere@world.example' });
    await write(site, 'dora', { user: null, address: 'DORA@world.example' });
    const others = [
      await write(site, 'uma'),
      await write(site, 'uma', { user: null, address: 'pandora@world.example' }),
      await write(site, 'uma', { user: null, address: 'dora@world.example.org' }),
    ];
    const olga = await site.visitor('olga');
    expect((await olga.get('/users/dora/purge')).text).to.include('2 letters');
    await purgeUser(site.db, await actorFor(site.db, 'olga'), 'dora', belongings);
    expect(await numbers()).to.deep.equal(others);
    expect(await site.db('links')).to.deep.equal([]);
  });

  it('are erased after half a year, however many', async () => {
    await site.db.raw(
      `insert into letters (kind, address, created_at) select 'locked', 'a@b.example', now() - make_interval(days => ?) from generate_series(1, 4100)`,
      [daysKept + 1],
    );
    const young = [await write(site, 'uma'), await write(site, 'ines')];
    await site
      .db('letters')
      .where({ id: young[0] })
      .update({ createdAt: site.db.raw('now() - make_interval(days => ?)', [daysKept - 1]) });
    await eraseOldLetters(site.db);
    expect(await numbers()).to.deep.equal(young);
    await eraseOldLetters(site.db);
    expect(await numbers()).to.deep.equal(young);
  });
});
