import { expect } from 'chai';
import type { Name } from '../seeds/world.ts';
import type { Actor } from '../src/access/actor.ts';
import { readNames } from '../src/bulk/names.ts';
import { stopBulk } from '../src/bulk/run.ts';
import type { Db } from '../src/ground/database.ts';
import { Refused } from '../src/ground/errors.ts';
import { expiryAct } from '../src/users/expiry.ts';
import { findUser } from '../src/users/user.ts';
import { check, outcomes, start } from './fixtures/bulk.ts';
import { openWorld } from './kit/world.ts';

describe('Whom an act upon many users reaches', () => {
  let db: Db;
  let ids: Record<Name, number>;
  let olga: Actor;
  let close: () => Promise<void>;
  beforeEach(async () => {
    ({ db, ids, olga, close } = await openWorld());
  });
  afterEach(() => close());

  it('is the address of a quoted name, never a part of that name', () => {
    expect(readNames('"Stan, Uma" <gus@world.example>, lea')).to.deep.equal(['gus@world.example', 'lea']);
    expect(readNames('Ines <ines@world.example>; "uma"')).to.deep.equal(['ines@world.example', 'uma']);
  });

  it('is whoever can be read in a list with one name too long, cut in the middle of a character', () => {
    expect(readNames(`uma ${'a'.repeat(253)}😀`)).to.deep.equal(['uma', 'a'.repeat(253)]);
  });

  it('is nobody when the check broke off before everybody was seen', async () => {
    const id = await check(db, olga, 'deactivate user', { upon: 'live', ids: [ids.uma, ids.stan] });
    await db('bulks').where({ id }).update({ state: 'stopped', users: 0 });
    const refusal = await start(db, olga, id).catch((error) => error);
    expect(refusal).to.be.instanceOf(Refused);
    expect((await db('users').where({ username: 'uma' }).first()).state).to.equal('STATE_APPROVED');
    expect(await stopBulk(db, olga, await db('bulks').where({ id }).first())).to.equal(false);
  });

  it('is whoever can come back, also when another who cannot held the same address', async () => {
    const dora = await db('users').where({ id: ids.dora }).first();
    await db('users')
      .where({ id: ids.uma })
      .update({ email: dora.email, deletedAt: db.raw(`now() - interval '40 days'`) });
    await db('users')
      .where({ id: ids.dora })
      .update({ deletedAt: db.raw(`now() - interval '1 day'`) });
    const id = await check(db, olga, 'restore user', { upon: 'deleted', ids: [ids.uma, ids.dora] });
    const { uma, dora: restorable } = (await outcomes(db, id)) as Record<string, string>;
    expect(restorable).to.equal('ready');
    expect(uma).to.match(/^refused: .*more than 30 days ago/);
  });

  it('is nobody who expires on that day already, at whatever hour', async () => {
    await db('users').where({ id: ids.uma }).update({ expiresAt: '2031-05-31T12:00:00Z' });
    const uma = await findUser(db, 'uma');
    const again = () => expiryAct.assertPossible(olga, uma, { expiresAt: new Date('2031-05-31T23:59:59Z') });
    expect(again).to.throw(Refused, 'expires on that day already');
  });
});
