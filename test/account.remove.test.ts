import { expect } from 'chai';
import { worldPassword } from '../seeds/world.ts';
import { readContents } from '../src/mail/ready.ts';
import { enter } from './kit/check.ts';
import { onlyActUpon } from './kit/history.ts';
import { lettersTo, turnMailOn } from './kit/letters.ts';
import { giveBalance } from './kit/money.ts';
import { siteForEach } from './kit/site.ts';
import { modes, type Visitor } from './kit/visitor.ts';

describe('Deleting the own account', () => {
  const { site } = siteForEach();
  beforeEach(() => turnMailOn(site));

  const userOf = (username: string) => site.db('users').where({ username }).first();

  async function remove(visitor: Visitor, typed: Record<string, string> = { your_password: worldPassword }) {
    await visitor.get('/account/delete');
    return visitor.submit('/account/delete', typed);
  }

  for (const mode of modes) {
    it(`signs out everywhere, says so, and leaves a letter and one act (${mode})`, async () => {
      const [uma, elsewhere] = [await site.visitor('uma', mode), await site.visitor('uma')];
      await uma.get('/account');
      expect(uma.page.document.querySelector('a[href="/account/delete"]')?.text).to.equal('Delete my account');
      const page = await remove(uma);
      expect([page.status, new URL(page.url).pathname]).to.deep.equal([200, '/account-deleted']);
      expect(page.text).to.include('Your account is deleted').and.include('for 30 days');
      expect((await userOf('uma')).deletedAt).to.be.a('date');
      for (const visitor of [uma, elsewhere]) {
        await visitor.get('/account', { 'hx-request': 'false' });
        expect(new URL(visitor.page.url).pathname).to.equal('/sign-in');
      }
      expect(await enter(site, 'uma')).to.equal('out');
      expect(await onlyActUpon(site, site.ids.uma)).to.include({ act: 'account.deleted', actor: 'uma', outcome: 'done' });
      const [letter] = await lettersTo(site, 'uma');
      expect(letter).to.include({ kind: 'account-deleted', state: 'queued' });
      expect(letter?.data).to.include({ username: 'uma', restoreDays: '30' });
      const row = await site.db('letters').where({ userId: site.ids.uma }).first();
      expect(await readContents(site.db, row), 'it leaves although the account is deleted').to.be.an('object');
    });
  }

  it('says in exact counts what goes with it', async () => {
    await site.visitor('uma');
    const page = await (await site.visitor('uma')).get('/account/delete');
    expect(page.text).to.include('2 open sessions').and.not.include('remembered browser');
    expect(page.document.querySelector('input[name=typed_username]')).to.equal(null);
  });

  it('is restored by an administrator, with the password that it had', async () => {
    await remove(await site.visitor('uma'));
    const olga = await site.visitor('olga');
    await olga.get('/users/uma/restore');
    expect((await olga.submit('/users/uma/restore')).text).to.include('has been restored');
    expect(await enter(site, 'uma')).to.equal('in');
  });

  it('counts one account less', async () => {
    const live = async () => (await site.db('accountCounter').first()).live;
    const before = await live();
    await remove(await site.visitor('uma'));
    expect(await live()).to.equal(before - 1);
  });

  it('takes the right password, and keeps nothing of a wrong one', async () => {
    const uma = await site.visitor('uma');
    for (const [your_password, says] of [
      ['', 'Your own password is needed here.'],
      ['wrong words', 'This is not your password.'],
    ] as const) {
      const page = await remove(uma, { your_password });
      expect([page.status, page.text.includes(says)]).to.deep.equal([422, true]);
      expect(page.html).to.not.include('wrong words');
    }
    expect((await userOf('uma')).deletedAt).to.equal(null);
    for (let time = 0; time < 3; time += 1) await remove(uma, { your_password: 'wrong words' });
    const late = await remove(uma);
    expect(late.status).to.equal(429);
    expect(Number(late.headers.get('retry-after'))).to.be.within(1, 900);
    expect(late.text).to.match(/Try again in 1[45] minutes/);
    expect((await userOf('uma')).deletedAt).to.equal(null);
    expect(await lettersTo(site, 'uma')).to.deep.equal([]);
  });

  it('wants the username typed by who has a balance or has made something', async () => {
    await giveBalance(site.db, 'uma', 1250);
    await site.db('things').insert({ kind: 'tracker', name: 'Box', ownerId: site.ids.ines });
    await site.db('savedViews').insert({ ownerId: site.ids.stan, name: 'Mine', query: 'state=locked' });
    const uma = await site.visitor('uma');
    expect((await uma.get('/account/delete')).text).to.include('12.50');
    for (const [name, visitor] of [
      ['uma', uma],
      ['stan', await site.visitor('stan')],
      ['ines', await site.visitor('ines')],
    ] as const) {
      for (const typed_username of ['', 'olga', name.toUpperCase()]) {
        const page = await remove(visitor, { your_password: worldPassword, typed_username });
        expect([page.status, page.text.includes(`Type ${name} to confirm.`)]).to.deep.equal([422, true]);
        expect(page.document.querySelector('input[name=typed_username]')?.getAttribute('value')).to.equal(typed_username);
      }
      await remove(visitor, { your_password: worldPassword, typed_username: name });
      expect((await userOf(name)).deletedAt).to.be.a('date');
    }
  });

  for (const name of ['olga', 'mona'] as const) {
    it(`is not for ${name}, who is told who can`, async () => {
      const visitor = await site.visitor(name);
      expect((await visitor.get('/account')).document.querySelector('a[href="/account/delete"]')).to.equal(null);
      const page = await visitor.get('/account/delete');
      expect([page.status, page.text.includes('Only another administrator can delete')]).to.deep.equal([403, true]);
      await visitor.get('/account');
      expect((await visitor.post('/account/delete', { your_password: worldPassword })).status).to.equal(403);
      expect((await userOf(name)).deletedAt).to.equal(null);
    });
  }

  for (const name of ['sue', 'rita', 'rex', 'vera'] as const) {
    it(`is not offered to ${name}, whose standing is restricted`, async () => {
      const visitor = await site.visitor(name);
      expect((await visitor.get('/account')).document.querySelector('a[href="/account/delete"]')).to.equal(null);
      expect((await visitor.post('/account/delete', { your_password: worldPassword })).status).to.equal(403);
    });
  }

  it('is not confirmed by a password of who signs in at the identity provider', async () => {
    await site.db('users').where({ username: 'uma' }).update({ identitySource: 'federated' });
    const uma = await site.visitor('uma');
    expect((await uma.get('/account/delete')).status).to.equal(409);
    await uma.get('/account');
    expect((await uma.post('/account/delete', { your_password: worldPassword })).status).to.equal(409);
    expect((await userOf('uma')).deletedAt).to.equal(null);
  });

  it('says goodbye to nobody who is signed in', async () => {
    const uma = await site.visitor('uma');
    await uma.get('/account-deleted');
    expect(new URL(uma.page.url).pathname).to.equal('/my');
  });
});
