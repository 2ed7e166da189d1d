import { expect } from 'chai';
import { system } from '../src/access/actor.ts';
import { unlockUser } from '../src/users/unlock.ts';
import { actsUpon } from './kit/history.ts';
import { alertOf } from './kit/reading.ts';
import { siteForEach } from './kit/site.ts';
import { type App, pathOf, typeCode, typePassword, withApp } from './kit/twofactor.ts';
import type { Page, Visitor } from './kit/visitor.ts';

describe('Guessing at the second step of signing in', () => {
  const { site } = siteForEach();
  let app: App;
  beforeEach(async () => {
    ({ app } = await withApp(site, 'uma'));
  });

  const user = () => site.db('users').where({ username: 'uma' }).first();
  /** Whose password was right, with the second step before it. */
  async function halfway(): Promise<Visitor> {
    const uma = await site.visitor();
    await typePassword(uma, 'uma');
    return uma;
  }
  const isOut = async (page: Page) => {
    expect(await site.db('sessions')).to.deep.equal([]);
    return page.status === 422 || pathOf(page) === '/sign-in';
  };

  it('starts over after five wrong codes; they count as failed sign-ins and lock the account', async () => {
    const uma = await halfway();
    for (let time = 1; time < 5; time += 1) expect((await typeCode(uma, '000000')).status, String(time)).to.equal(422);
    expect((await user()).lockedAt).to.equal(null);
    const page = await typeCode(uma, '000000');
    expect([pathOf(page), page.text.includes('Start again')]).to.deep.equal(['/sign-in', true]);
    expect((await user()).lockedAt).to.be.a('date');
    expect(await site.db('pendingSignIns')).to.deep.equal([]);
    expect((await actsUpon(site, site.ids.uma)).map(({ act }) => act)).to.deep.equal([
      ...Array(5).fill('sign-in.failed'),
      'user.locked',
    ]);
    expect(alertOf(await typePassword(await site.visitor(), 'uma'))).to.include('That did not work.');
  });

  it('gives no new tries to who types the password again between', async () => {
    for (const wrong of ['111111', '222222', '333333', '444444', '555555']) {
      expect((await user()).lockedAt, wrong).to.equal(null);
      await typeCode(await halfway(), wrong);
    }
    expect((await user()).lockedAt).to.be.a('date');
    expect(await isOut(await typePassword(await site.visitor(), 'uma'))).to.equal(true);
  });

  it('does not count the right password, so that five tries are five codes', async () => {
    for (let time = 0; time < 8; time += 1) await halfway();
    expect((await user()).lockedAt).to.equal(null);
    expect(
      (
        await site
          .db('attempts')
          .where({ key: `account ${site.ids.uma}` })
          .first()
      )?.count ?? 0,
    ).to.equal(0);
    expect(pathOf(await typeCode(await halfway(), await app.code()))).to.equal('/my');
  });

  it('refuses the right code once the tries are used up, from a browser that is known too', async () => {
    const uma = await halfway();
    await typeCode(uma, await app.code());
    await uma.get('/account');
    await uma.submit('/sign-out');
    await typePassword(uma, 'uma');
    for (let time = 0; time < 4; time += 1) await typeCode(uma, '000000');
    expect(pathOf(await typeCode(uma, '000000'))).to.equal('/sign-in');
    expect((await user()).lockedAt, 'a known browser locks nobody').to.equal(null);
    expect(await isOut(await typePassword(uma, 'uma'))).to.equal(true);
  });

  it('locks the account after twenty wrong codes in a day, few at a time, for browsers that it knew too', async () => {
    const known = await halfway();
    await typeCode(known, await app.code());
    await known.submit('/sign-out');
    for (let round = 0; round < 5; round += 1) {
      await site.db('attempts').whereNot('key', 'like', 'codes %').delete();
      await typePassword(known, 'uma');
      for (let time = 0; time < 4; time += 1) {
        expect((await user()).lockedAt, `${round} ${time}`).to.equal(null);
        await typeCode(known, '000000');
      }
    }
    expect((await user()).lockedAt).to.be.a('date');
    await site.db('attempts').whereNot('key', 'like', 'codes %').delete();
    expect(await isOut(await typePassword(known, 'uma'))).to.equal(true);
    await unlockUser(site.db, system('test'), 'uma');
    await typeCode(await halfway(), '000000');
    expect((await user()).lockedAt, 'unlocked, the day begins anew').to.equal(null);
  });

  it('forgets wrong codes with a right one', async () => {
    const uma = await halfway();
    for (let time = 0; time < 3; time += 1) await typeCode(uma, '000000');
    await typeCode(uma, await app.code());
    expect(await site.db('attempts').where('key', 'like', 'codes %')).to.deep.equal([]);
  });
});
