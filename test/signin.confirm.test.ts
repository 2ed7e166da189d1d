import { expect } from 'chai';
import { worldPassword } from '../seeds/world.ts';
import { siteForEach } from './kit/site.ts';
import type { Visitor } from './kit/visitor.ts';

describe('Confirming that it is you', () => {
  const { site } = siteForEach();

  /** Signed in longer ago than a proof of identity counts. */
  async function stale(name: 'olga' | 'uma' = 'olga'): Promise<Visitor> {
    const visitor = await site.visitor(name);
    await site.db('sessions').update({ confirmedAt: site.db.raw(`now() - interval '11 minutes'`) });
    return visitor;
  }

  const newcomer = { username: 'ada', email: 'ada@world.example', name: 'Ada', profile: 'administrator', password_by: 'now' };
  const passwords = { password: 'velvet-orbit-kettle', password_confirmation: 'velvet-orbit-kettle' };
  const find = (username: string) => site.db('users').where({ username }).first();

  it('is needed to make an administrator, in the same form, and nothing typed is lost', async () => {
    const olga = await stale();
    await olga.get('/users/new');
    const asked = await olga.submit('/users/new', { ...newcomer, ...passwords });
    expect(asked.status).to.equal(422);
    expect(await find('ada')).to.equal(undefined);
    expect(asked.document.querySelector('input[name=email]')?.getAttribute('value')).to.equal('ada@world.example');
    const before = olga.cookies.get('roster');
    const page = await olga.submit('/users/new', { ...newcomer, ...passwords, your_password: worldPassword });
    expect(page.text).to.include('ada has been added.');
    expect((await find('ada')).profile).to.equal('administrator');
    expect(olga.cookies.get('roster')).to.not.equal(before);
  });

  it('loses no single-use password on the way', async () => {
    const olga = await stale();
    await olga.get('/users/new');
    const single = { ...newcomer, password_by: 'single_use', single_use_password: 'spoken-on-the-phone' };
    const page = await olga.submit('/users/new', { ...single, your_password: worldPassword });
    expect(page.html).to.include('spoken-on-the-phone');
    expect((await olga.get('/users/ada')).html).to.not.include('spoken-on-the-phone');
    expect(JSON.stringify(await site.db('sessions'))).to.not.include('spoken-on-the-phone');
  });

  it('is needed to promote to administrator, but not to edit', async () => {
    const olga = await stale();
    await olga.get('/users/stan/edit');
    expect((await olga.submit('/users/stan/edit', { phone: '+1 555 0100' })).text).to.include('has been saved');
    await olga.get('/users/stan/edit');
    expect((await olga.submit('/users/stan/edit', { profile: 'administrator' })).status).to.equal(422);
    expect((await find('stan')).profile).to.equal('standard');
    await olga.get('/users/stan/edit');
    await olga.submit('/users/stan/edit', { profile: 'administrator', your_password: worldPassword });
    expect((await find('stan')).profile).to.equal('administrator');
  });

  it('is needed to purge', async () => {
    const olga = await stale();
    await olga.get('/users/dora/purge');
    expect((await olga.submit('/users/dora/purge', { typed_username: 'dora' })).status).to.equal(422);
    expect(await find('dora')).to.be.an('object');
    await olga.submit('/users/dora/purge', { typed_username: 'dora', your_password: worldPassword });
    expect(await find('dora')).to.equal(undefined);
  });

  it('counts for ten minutes, for this session, under a new id', async () => {
    const [olga, elsewhere] = [await stale(), await stale()];
    const old = olga.cookies.get('roster') as string;
    await olga.get('/confirm?next=%2Fusers%2Fdora%2Fpurge');
    const page = await olga.submit('/confirm', { your_password: worldPassword });
    expect(new URL(page.url).pathname).to.equal('/users/dora/purge');
    expect(page.html).to.not.include('your_password');
    expect((await elsewhere.get('/users/dora/purge')).html).to.include('your_password');
    const thief = await site.visitor();
    thief.cookies.set('roster', old);
    expect(new URL((await thief.get('/users')).url).pathname).to.equal('/sign-in');
    await site.db('sessions').update({ confirmedAt: site.db.raw(`now() - interval '10 minutes'`) });
    expect((await olga.get('/users/dora/purge')).html).to.include('your_password');
    expect(await site.db('history').where({ act: 'session.confirmed', actorId: site.ids.olga })).to.have.length(1);
  });

  it('counts from signing in, and does not prolong the session', async () => {
    const olga = await site.visitor('olga');
    expect((await olga.get('/users/dora/purge')).html).to.not.include('your_password');
    await stale();
    const expiry = async () => (await site.db('sessions').where({ userId: site.ids.olga }).first()).expiresAt.getTime();
    const before = await expiry();
    await olga.get('/confirm');
    await olga.submit('/confirm', { your_password: worldPassword });
    expect(await expiry()).to.equal(before);
  });

  it('takes the own password only, and is not asked without end', async () => {
    const olga = await stale();
    for (let time = 0; time < 5; time += 1) {
      await olga.get('/confirm');
      const page = await olga.submit('/confirm', { your_password: time ? `wrong ${time}` : '' });
      expect(page.status).to.equal(422);
    }
    await olga.get('/confirm');
    const page = await olga.submit('/confirm', { your_password: worldPassword });
    expect(page.status).to.equal(429);
    expect((await olga.get('/users/dora/purge')).html).to.include('your_password');
  });

  it('cannot be claimed by a field', async () => {
    const olga = await stale();
    await olga.get('/users/new');
    const claims = { isConfirmed: 'true', is_confirmed: 'true', confirmed_at: '2030-01-01', confirmed: 'on' };
    expect((await olga.submit('/users/new', { ...newcomer, ...passwords, ...claims })).status).to.equal(422);
    expect(await find('ada')).to.equal(undefined);
  });
});
