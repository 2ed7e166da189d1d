import { expect } from 'chai';
import { worldPassword } from '../seeds/world.ts';
import { system } from '../src/access/actor.ts';
import { ruleOf } from '../src/access/acts.ts';
import { routes } from '../src/routes.ts';
import { giveSingleUsePassword } from '../src/users/credentials.ts';
import { siteForEach } from './kit/site.ts';
import type { Visitor } from './kit/visitor.ts';

const by = system('test');
const singleUse = 'handed-over-once';

describe('A single-use password', () => {
  const { site } = siteForEach();
  beforeEach(async () => {
    await giveSingleUsePassword(site.db, by, 'uma', singleUse);
  });

  async function signIn(password = singleUse): Promise<Visitor> {
    const visitor = await site.visitor();
    await visitor.get('/sign-in');
    await visitor.submit('/sign-in', { identifier: 'uma', password });
    return visitor;
  }

  const change = (visitor: Visitor, password: string) =>
    visitor.submit('/account/password', { password, password_confirmation: password });

  it('opens nothing but the page that replaces it', async () => {
    const uma = await signIn();
    expect(new URL(uma.page.url).pathname).to.equal('/account/password');
    expect(uma.page.text).to.include('Choose a new password');
    const token = uma.token();
    for (const [method, path] of routes.filter(([, , act]) => !ruleOf(act).beforeNewPassword)) {
      const address = path.replace(':username', 'uma').replace(/:\w+/, '1');
      const page = method === 'get' ? await uma.get(address) : await uma.post(address, { _csrf: token });
      expect(new URL(page.url).pathname, `${method} ${path}`).to.equal('/account/password');
    }
  });

  it('is replaced by an own one, and then everything opens', async () => {
    const uma = await signIn();
    const page = await change(uma, 'velvet-orbit-kettle');
    expect(page.text).to.include('Password changed.');
    expect(new URL((await uma.get('/account')).url).pathname).to.equal('/account');
    const again = await signIn('velvet-orbit-kettle');
    expect(new URL(again.page.url).pathname).to.equal('/my');
  });

  it('cannot be kept as the own one: whoever gave it knows it', async () => {
    const uma = await signIn();
    const page = await change(uma, singleUse);
    expect(page.status).to.equal(422);
    expect(page.text).to.include('This is the old password');
    expect(new URL((await uma.get('/account')).url).pathname).to.equal('/account/password');
  });

  it('works once: a second sign-in is refused, before and after it was replaced', async () => {
    const uma = await signIn();
    expect((await signIn()).page.status).to.equal(422);
    await change(uma, 'velvet-orbit-kettle');
    expect((await signIn()).page.status).to.equal(422);
  });

  it('works for 72 hours', async () => {
    const { rows } = await site.db.raw(
      `select extract(epoch from single_use_expires_at - now()) / 3600 as hours from users where username = 'uma'`,
    );
    expect(Number(rows[0].hours)).to.equal(72);
    await site
      .db('users')
      .where({ username: 'uma' })
      .update({ singleUseExpiresAt: site.db.raw(`now() - interval '1 second'`) });
    expect((await signIn()).page.status).to.equal(422);
  });

  it('takes the place of the old one at once', async () => {
    expect((await signIn(worldPassword)).page.status).to.equal(422);
  });

  it('is void when another one is given, and so is the session that it opened', async () => {
    const uma = await signIn();
    await giveSingleUsePassword(site.db, by, 'uma', 'handed-over-twice');
    expect(new URL((await uma.get('/account/password')).url).pathname).to.equal('/sign-in');
    expect((await signIn()).page.status).to.equal(422);
    expect(new URL((await signIn('handed-over-twice')).page.url).pathname).to.equal('/account/password');
  });

  it('has to be replaced also by who is restricted to the own profile', async () => {
    await site.db('users').where({ username: 'uma' }).update({ state: 'STATE_SUSPENDED', stateReason: 'Unpaid.' });
    const uma = await signIn();
    expect(new URL((await uma.get('/account')).url).pathname).to.equal('/account/password');
    expect((await change(uma, 'velvet-orbit-kettle')).text).to.include('Unpaid.');
  });
});
