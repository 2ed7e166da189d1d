import { expect } from 'chai';
import { fromNetworkKey } from '../src/users/attempts.ts';
import { actsUpon } from './kit/history.ts';
import { lettersTo } from './kit/letters.ts';
import { openRegistration, signUp, zoe } from './kit/registration.ts';
import { siteForEach } from './kit/site.ts';
import type { Page } from './kit/visitor.ts';

/** What tells one answer from another, but for what is new in each: tokens, nonces, ids and dates. */
function whatIsSeen({ status, url, headers, html }: Page) {
  const { pathname } = new URL(url);
  const names = [...headers.keys()].filter((name) => name !== 'date').sort();
  const body = html.replace(/name="_csrf" value="[^"]*"/g, '').replace(/nonce="[^"]*"/g, '');
  return { status, pathname, names, body, length: body.length };
}

describe('Registering with an address that is known', () => {
  const { site } = siteForEach();
  beforeEach(() => openRegistration(site));

  const row = (username = 'zoe-new') => site.db('users').where({ username }).first();
  const count = async () => Number((await site.db('users').count({ count: '*' }).first())?.count);

  it('looks as if it were not, and only who has it is told', async () => {
    const unknown = whatIsSeen(await signUp(await site.visitor()));
    for (const name of ['uma', 'rita', 'sue', 'nina', 'lea', 'vera', 'xena', 'ivo', 'flo'] as const) {
      await site.db('attempts').delete();
      const before = await count();
      const known = await signUp(await site.visitor(), { ...zoe, username: 'yet-another', email: `${name}@world.example` });
      expect(whatIsSeen(known), name).to.deep.equal(unknown);
      expect(await count(), name).to.equal(before);
      const [letter, ...more] = await lettersTo(site, name);
      expect([letter?.kind, more.length], name).to.deep.equal([name === 'ivo' ? 'sign-up-listed' : 'registered-already', 0]);
    }
    expect(await row('yet-another')).to.equal(undefined);
  });

  it('in whatever case it is written, is the same address', async () => {
    await signUp(await site.visitor(), { ...zoe, email: 'UMA@World.Example' });
    expect(await row()).to.equal(undefined);
    const [letter] = await lettersTo(site, 'uma');
    expect(letter).to.include({ kind: 'registered-already', link: null });
    expect(letter?.data).to.deep.equal({ username: 'uma' });
  });

  it('is free again when its user has been deleted', async () => {
    await signUp(await site.visitor(), { ...zoe, email: 'dora@world.example' });
    expect((await row()).email).to.equal('dora@world.example');
  });

  it('changes nothing about its user, and is recorded upon it', async () => {
    const before = await row('uma');
    await signUp(await site.visitor(), { ...zoe, email: 'uma@world.example' });
    expect(await row('uma')).to.deep.equal(before);
    const [act, ...more] = await actsUpon(site, site.ids.uma);
    expect(more).to.deep.equal([]);
    expect(act).to.include({ act: 'user.registration-repeated', actor: 'visitor', user: 'uma', address: '127.0.0.1' });
  });

  it('is recorded while outgoing mail is off too, when nobody can be written to', async () => {
    await openRegistration(site, { outgoingMail: false });
    const unknown = whatIsSeen(await signUp(await site.visitor()));
    const known = whatIsSeen(await signUp(await site.visitor(), { ...zoe, username: 'yet-another', email: 'uma@world.example' }));
    expect(known).to.deep.equal(unknown);
    expect(await lettersTo(site, 'uma')).to.deep.equal([]);
    expect((await actsUpon(site, site.ids.uma)).map(({ act }) => act)).to.deep.equal(['user.registration-repeated']);
  });

  it('sends whoever was entered by an administrator the link that opens the account, and gives nothing away by it', async () => {
    await signUp(await site.visitor(), { ...zoe, email: 'ivo@world.example' });
    const [letter] = await lettersTo(site, 'ivo');
    expect(letter?.link).to.match(/^\/activate\/./);
    expect(await row('ivo')).to.include({ state: 'STATE_INVITED', passwordHash: null, name: 'Ivo Dvořák', version: 1 });
  });

  it('writes three letters an hour at most, and answers as before', async () => {
    const fields = { ...zoe, email: 'uma@world.example' };
    const first = whatIsSeen(await signUp(await site.visitor(), fields));
    for (let time = 2; time <= 6; time += 1)
      expect(whatIsSeen(await signUp(await site.visitor(), fields)), String(time)).to.deep.equal(first);
    expect(await lettersTo(site, 'uma')).to.have.length(3);
    expect(await actsUpon(site, site.ids.uma)).to.have.length(3);
    expect((await row('uma')).lockedAt).to.equal(null);
  }).timeout(60_000);

  it('takes twenty registrations an hour from one network, and then none', async () => {
    const visitor = await site.visitor();
    await site.db('attempts').insert({
      key: fromNetworkKey('registration', '127.0.0.1'),
      count: 19,
      windowEndsAt: site.db.raw(`now() + interval '1 hour'`),
    });
    expect((await signUp(visitor)).status).to.equal(200);
    const page = await signUp(visitor, { ...zoe, username: 'yet-another', email: 'other@new.example' });
    expect([page.status, page.headers.get('retry-after')]).to.deep.equal([429, '3600']);
    expect(await row('yet-another')).to.equal(undefined);
    const known = await signUp(visitor, { ...zoe, username: 'yet-another', email: 'uma@world.example' });
    expect(known.status).to.equal(429);
  });
});
