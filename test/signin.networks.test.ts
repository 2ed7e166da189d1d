import { expect } from 'chai';
import { worldPassword } from '../seeds/world.ts';
import { openSite, type Site } from './kit/site.ts';
import type { Page } from './kit/visitor.ts';

describe('A network that tries too often', () => {
  let site: Site;
  const open = async (env: Record<string, string> = {}) => {
    site = await openSite(env);
  };
  afterEach(() => site.close());

  async function tryFrom(headers: Record<string, string>, identifier: string, password = 'wrong words'): Promise<Page> {
    const visitor = await site.visitor();
    await visitor.get('/sign-in');
    return visitor.post('/sign-in', { identifier, password }, headers);
  }

  const networks = () => site.db('attempts').where('key', 'like', 'network %').orderBy('key').select('key', 'count');
  const used = (count: number) => site.db('attempts').where('key', 'like', 'network %').update({ count });

  it('waits until its hour is over, whoever it tries, and is told how long that is', async () => {
    await open();
    await tryFrom({}, 'uma');
    await used(100);
    const page = await tryFrom({}, 'stan', worldPassword);
    expect(page.status).to.equal(429);
    expect(Number(page.headers.get('retry-after'))).to.be.within(3590, 3600);
    expect(page.text).to.match(/Too many tries to sign in from your network\. Try again in (59|60) minutes\./);
    await site.db('attempts').update({ windowEndsAt: site.db.raw(`now() + interval '50 seconds'`) });
    const late = await tryFrom({}, 'stan', worldPassword);
    expect([late.status, late.headers.get('retry-after')]).to.deep.equal([429, '50']);
    expect(late.text).to.include('Try again in a minute.');
    expect(await site.db('sessions')).to.have.length(0);
    await site.db('attempts').update({ windowEndsAt: site.db.raw(`now() - interval '1 second'`) });
    expect(new URL((await tryFrom({}, 'stan', worldPassword)).url).pathname).to.equal('/my');
  });

  it('is the one that the connection comes from, not the one that a header claims', async () => {
    await open();
    for (const [index, name] of ['x-forwarded-for', 'forwarded', 'x-real-ip', 'true-client-ip'].entries())
      await tryFrom({ [name]: `198.51.100.${index}` }, `nobody${index}`);
    const [network, ...more] = await networks();
    expect(more).to.deep.equal([]);
    expect(network.key).to.match(/^network (127\.0\.0\.0\/24|0:0:0:0::\/64)$/);
    expect(network.count).to.equal(4);
  });

  it('is the one that our own proxy names, whatever stood in the header before', async () => {
    await open({ TRUST_PROXY: '1' });
    for (const claimed of ['10.0.0.1', '10.9.9.9', '127.0.0.1, ::1', 'nonsense'])
      await tryFrom({ 'x-forwarded-for': `${claimed}, 203.0.113.80` }, 'uma');
    expect(await networks()).to.deep.equal([{ key: 'network 203.0.113.0/24', count: 4 }]);
    const rows = await site.db('historyWords').whereRaw(`words::text like '%visitor%'`).pluck('words');
    expect(rows.map(({ address }) => address)).to.deep.equal(Array(4).fill('203.0.113.80'));
  });

  it('is one /64 of IPv6, however its addresses are written', async () => {
    await open({ TRUST_PROXY: '1' });
    for (const address of ['2001:db8::1', '2001:db8::2:3:4:5', '2001:0db8:0000::ffff', '2001:db8:0:1::1'])
      await tryFrom({ 'x-forwarded-for': address }, 'uma');
    expect(await networks()).to.deep.equal([
      { key: 'network 2001:db8:0:0::/64', count: 3 },
      { key: 'network 2001:db8:0:1::/64', count: 1 },
    ]);
  });

  it('is not used up by signing in rightly', async () => {
    await open();
    for (let time = 0; time < 3; time += 1) await tryFrom({}, 'uma', worldPassword);
    expect((await networks())[0].count).to.equal(0);
  });
});
