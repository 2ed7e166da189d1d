import { expect } from 'chai';
import { issueLink, tokenOf } from '../src/links/links.ts';
import { turnMailOn } from './kit/letters.ts';
import { siteForEach, testSecret } from './kit/site.ts';
import { pathOf, typeCode, typePassword, withApp } from './kit/twofactor.ts';

const chosen = 'velvet-orbit-4711';
const twice = { password: chosen, password_confirmation: chosen };

describe('A mailed link and the second step', () => {
  const { site } = siteForEach();
  beforeEach(() => turnMailOn(site));

  async function tokenFor(purpose: 'reset' | 'activation', name: 'uma' | 'ivo' | 'nina'): Promise<string> {
    const holder = { userId: site.ids[name], email: `${name}@world.example` };
    return tokenOf(testSecret, await site.db.transaction((trx) => issueLink(trx, purpose, holder)));
  }

  it('a new password does not stand in for it, and leaves it as it is', async () => {
    const { app } = await withApp(site, 'uma');
    const uma = await site.visitor();
    await uma.get(`/reset-password/${await tokenFor('reset', 'uma')}`);
    expect(pathOf(await uma.submit('/reset-password', twice))).to.equal('/sign-in');
    expect(pathOf(await typePassword(uma, 'uma', chosen))).to.equal('/two-factor');
    expect(pathOf(await uma.get('/account'))).to.equal('/two-factor');
    expect(pathOf(await typeCode(uma, await app.code()))).to.equal('/my');
  });

  it('a sign-in that waits for it with the old password comes to nothing', async () => {
    const { app } = await withApp(site, 'uma');
    const eve = await site.visitor();
    expect(pathOf(await typePassword(eve, 'uma'))).to.equal('/two-factor');
    const uma = await site.visitor();
    await uma.get(`/reset-password/${await tokenFor('reset', 'uma')}`);
    await uma.submit('/reset-password', twice);
    await eve.get('/two-factor');
    await eve.post('/two-factor', { code: await app.code() });
    expect(pathOf(await eve.get('/account'))).to.not.equal('/account');
  });

  it('an activation asks for it when there is one already, with a password just chosen or an old one', async () => {
    for (const [name, change] of [
      ['ivo', { passwordHash: null }],
      ['nina', { state: 'STATE_INVITED' }],
    ] as const) {
      const { app } = await withApp(site, name);
      await site.db('users').where({ username: name }).update(change);
      const visitor = await site.visitor();
      await visitor.get(`/activate/${await tokenFor('activation', name)}`);
      const page = await visitor.submit('/activate', name === 'ivo' ? twice : {});
      expect(pathOf(page), name).to.equal(name === 'ivo' ? '/two-factor' : '/sign-in');
      if (name === 'nina') expect(pathOf(await typePassword(visitor, 'nina'))).to.equal('/two-factor');
      expect(pathOf(await typeCode(visitor, await app.code())), name).to.equal('/my');
    }
  });
});
