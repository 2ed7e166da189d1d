import { expect } from 'chai';
import { accountKey, browserKey } from '../src/users/attempts.ts';
import { checkOf, enter, failing, mend, saysOf, verdict } from './kit/check.ts';
import { actsUpon, onlyActUpon } from './kit/history.ts';
import { siteForEach } from './kit/site.ts';
import type { Visitor } from './kit/visitor.ts';

describe('Tries that are used up', () => {
  const { site, olga } = siteForEach('olga');

  const failTimes = async (times: number, username: string, visitor?: Visitor) => {
    for (let time = 0; time < times; time += 1)
      expect(await enter(site, username, { password: 'wrong words', from: visitor })).to.equal('out');
  };

  it('keep the last able administrator out until the window ends, or until they are cleared', async () => {
    await site.db('users').where({ username: 'oscar' }).update({ state: 'STATE_SUSPENDED' });
    await failTimes(4, 'olga');
    expect(failing(await olga.get(checkOf('olga')))).to.deep.equal([]);
    await failTimes(1, 'olga');
    expect(await enter(site, 'olga')).to.equal('out');
    const page = await olga.get(checkOf('olga'));
    expect(failing(page)).to.deep.equal(['tries stops']);
    expect(saysOf(page, 'tries')).to.match(/waits until \d+ \w+ \d{4}, \d\d:\d\d UTC \(1[45] more minutes\)/);
    const after = await mend(olga, 'olga', 'tries');
    expect(after.text).to.include('The failed tries of Olga Ivanova are forgotten.');
    expect(failing(after)).to.deep.equal([]);
    expect(await enter(site, 'olga')).to.equal('in');
  });

  it('are told beside the lock that they led to, and unlocking alone mends both', async () => {
    await failTimes(5, 'uma');
    expect(failing(await olga.get(checkOf('uma')))).to.deep.equal(['tries stops', 'lock stops']);
    await mend(olga, 'uma', 'lock');
    expect(failing(await olga.get(checkOf('uma')))).to.deep.equal([]);
    expect(await enter(site, 'uma')).to.equal('in');
  });

  it('do not lift a lock by being cleared', async () => {
    await failTimes(5, 'uma');
    await mend(olga, 'uma', 'tries');
    expect(failing(await olga.get(checkOf('uma')))).to.deep.equal(['lock stops']);
    expect(await enter(site, 'uma')).to.equal('out');
  });

  it('of a browser that has signed in before stop that browser alone', async () => {
    const uma = await site.visitor();
    await enter(site, 'uma', { from: uma });
    await uma.submit('/sign-out');
    await failTimes(5, 'uma', uma);
    expect(await enter(site, 'uma', { from: uma })).to.equal('out');
    const page = await olga.get(checkOf('uma'));
    expect(failing(page)).to.deep.equal(['tries partly']);
    expect(saysOf(page, 'tries')).to.include('In one browser that has signed in before');
    expect(verdict(page)).to.equal('Uma Trucking Ltd can sign in, but not from everywhere');
    await mend(olga, 'uma', 'tries');
    expect(await enter(site, 'uma', { from: uma })).to.equal('in');
  });

  it('and a lock leave the remembered browsers their way in, and the check says so', async () => {
    const uma = await site.visitor();
    await enter(site, 'uma', { from: uma });
    await uma.submit('/sign-out');
    await failTimes(5, 'uma');
    const page = await olga.get(checkOf('uma'));
    expect(failing(page)).to.deep.equal(['tries partly', 'lock partly']);
    expect(saysOf(page, 'lock')).to.include('the one browser that has signed in before still may');
    expect(await enter(site, 'uma', { from: uma })).to.equal('in');
  });

  it('of a network stop whoever sits there, until they are cleared', async () => {
    await enter(site, 'uma', { password: 'wrong words' });
    await site.db('attempts').where('key', 'like', 'network %').update({ count: 100 });
    expect(await enter(site, 'uma')).to.equal('out');
    const page = await olga.get(checkOf('uma'));
    expect(failing(page)).to.deep.equal(['network partly']);
    expect(saysOf(page, 'network')).to.match(/127\.0\.0\.0\/24 until .* UTC \((59|60) more minutes\)/);
    const after = await mend(olga, 'uma', 'network');
    expect(after.text).to.include('of everybody in that network');
    expect(await enter(site, 'uma')).to.equal('in');
    const act = (await actsUpon(site, site.ids.uma)).find((one) => one.act === 'user.tries-cleared');
    expect(act?.facts).to.deep.equal({ network: '127.0.0.0/24' });
  });

  it('of other networks are a note: the user may have moved there', async () => {
    const soon = site.db.raw(`now() + interval '9 minutes'`);
    await site.db('attempts').insert([
      { key: 'network 203.0.113.0/24', count: 100, windowEndsAt: soon },
      { key: 'network 198.51.100.0/24', count: 99, windowEndsAt: soon },
      { key: 'network 192.0.2.0/24', count: 500, windowEndsAt: site.db.raw(`now() - interval '1 second'`) },
    ]);
    const page = await olga.get(checkOf('uma'));
    expect(failing(page)).to.deep.equal([]);
    expect(saysOf(page, 'network'))
      .to.include('203.0.113.0/24')
      .and.not.match(/198\.51|192\.0\.2/);
    await mend(olga, 'uma', 'network');
    expect(await site.db('attempts').where('key', 'like', 'network %').pluck('key')).to.not.include('network 203.0.113.0/24');
  });

  it('of a network of the user’s stand first among however many', async () => {
    await enter(site, 'uma', { password: 'wrong words' });
    await site.db('attempts').where('key', 'like', 'network %').update({ count: 100 });
    await site.db.raw(
      `insert into attempts select 'network 203.0.' || n || '.0/24', 100, now() + interval '1 minute' from generate_series(1, 50) n`,
    );
    const page = await olga.get(checkOf('uma'));
    expect(failing(page)).to.deep.equal(['network partly']);
    const buttons = page.document.querySelectorAll('#check-network button').map(({ text }) => text);
    expect([buttons[0], buttons.length]).to.deep.equal(['Clear the tries of 127.0.0.0/24', 5]);
  });

  it('are cleared once, by one act in the history, and nobody else’s with them', async () => {
    const soon = site.db.raw(`now() + interval '9 minutes'`);
    const keys = [
      accountKey(site.ids.uma),
      browserKey(site.ids.uma, 'x'),
      accountKey(site.ids.stan),
      `${accountKey(site.ids.uma)}1`,
    ];
    await site.db('attempts').insert(keys.map((key) => ({ key, count: 5, windowEndsAt: soon })));
    await olga.get(checkOf('uma'));
    for (let time = 0; time < 2; time += 1)
      expect((await olga.post('/users/uma/clear-tries', { _csrf: olga.token() })).status).to.equal(200);
    expect(await site.db('attempts').whereIn('key', keys).pluck('key')).to.have.members(keys.slice(2));
    expect(await onlyActUpon(site, site.ids.uma)).to.include({ act: 'user.tries-cleared', actor: 'olga', outcome: 'done' });
  });

  it('are not cleared of the deleted, of nobody, or of what is no network', async () => {
    await olga.get('/users/uma');
    const token = { _csrf: olga.token() };
    expect((await olga.post('/users/dora/clear-tries', token)).status).to.equal(404);
    await olga.get('/users/uma');
    expect((await olga.post('/users/nobody/clear-tries', { _csrf: olga.token() })).status).to.equal(404);
    const kept = `${accountKey(site.ids.stan)}`;
    const soon = site.db.raw(`now() + interval '9 minutes'`);
    await site.db('attempts').insert({ key: kept, count: 5, windowEndsAt: soon });
    for (const network of [kept, '%', 'x'.repeat(65), "' or 1=1 --"]) {
      await olga.get('/users/uma');
      const { status } = await olga.post('/users/uma/clear-tries', { _csrf: olga.token(), network });
      expect(status).to.equal(network.length > 64 ? 422 : 200);
    }
    expect(await site.db('attempts').where({ key: kept })).to.have.length(1);
    expect(await actsUpon(site, site.ids.uma)).to.deep.equal([]);
  });
});
