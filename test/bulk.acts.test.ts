import { expect } from 'chai';
import { type Name, worldPassword } from '../seeds/world.ts';
import type { Actor } from '../src/access/actor.ts';
import { answerBulk } from '../src/bulk/begin.ts';
import { findBulk } from '../src/bulk/bulk.ts';
import { runBulk } from '../src/bulk/run.ts';
import { undoBulk } from '../src/bulk/undo.ts';
import type { Db } from '../src/ground/database.ts';
import { Invalid, Refused } from '../src/ground/errors.ts';
import { act, actNamed, check, outcomes, start, worksOn } from './fixtures/bulk.ts';
import { press } from './fixtures/selecting.ts';
import { actsUpon } from './kit/history.ts';
import { signedIn, siteForEach } from './kit/site.ts';
import { openWorld } from './kit/world.ts';

describe('Each act upon many users', () => {
  let db: Db;
  let ids: Record<Name, number>;
  let olga: Actor;
  let close: () => Promise<void>;
  beforeEach(async () => {
    ({ db, ids, olga, close } = await openWorld());
  });
  afterEach(() => close());

  const those = (upon: 'live' | 'deleted', ...names: Name[]) => ({ upon, ids: names.map((name) => ids[name]) });
  const found = (username: string) => db('users').where({ username }).first();
  const caught = (work: Promise<unknown>) => work.then(() => null).catch((error) => error);

  async function answer(name: string, names: Name[], typed: Record<string, string>): Promise<number> {
    const id = await check(db, olga, name, those('live', ...names));
    await answerBulk(db, olga, await findBulk(db, id), actNamed(name), typed);
    await runBulk(worksOn(db), id);
    return id;
  }

  it('activates whom it can, and says of the others how they get in', async () => {
    const id = await act(db, olga, 'activate user', those('live', 'nina', 'ivo', 'uma', 'sue'));
    const said = await outcomes(db, id);
    expect([said.nina, said.sue, said.uma]).to.deep.equal([
      'done',
      'done',
      'refused: Uma Trucking Ltd is Active: there is nothing to activate.',
    ]);
    expect(said.ivo).to.include('refused: Ivo Dvořák has no password and could not sign in.');
  });

  it('sends activation mails to many at once, and takes the links back when that is undone', async () => {
    await db('settings').update({ outgoingMail: true });
    const id = await act(db, olga, 'send activation email', those('live', 'nina', 'ivo', 'uma'));
    expect(await outcomes(db, id)).to.deep.equal({
      ivo: 'done',
      nina: 'done',
      uma: 'refused: Uma Trucking Ltd is Active: there is nothing to activate.',
    });
    expect((await db('letters').orderBy('address').pluck('kind')).join()).to.equal('activation,reactivation');
    expect((await found('nina')).state).to.equal('STATE_INVITED');
    await undoBulk(db, olga, await findBulk(db, id), actNamed('send activation email')).then((undoing) =>
      runBulk(worksOn(db), undoing),
    );
    expect((await found('nina')).state).to.equal('STATE_INACTIVE');
    expect(await db('links').where({ voidedAt: null })).to.deep.equal([]);
  });

  it('unlocks', async () => {
    await act(db, olga, 'unlock user', those('live', 'lea', 'uma'));
    expect((await found('lea')).lockedAt).to.equal(null);
    expect((await actsUpon({ db }, ids.uma)).length).to.equal(0);
  });

  it('asks for the profile before anybody is checked, and can be asked again', async () => {
    const id = await check(db, olga, 'set profile', those('live', 'mona', 'stan', 'olga'));
    expect((await findBulk(db, id)).state).to.equal('asking');
    const asked = await findBulk(db, id);
    expect(await caught(answerBulk(db, olga, asked, actNamed('set profile'), { profile: 'emperor' }))).to.be.instanceOf(Invalid);
    await answerBulk(db, olga, asked, actNamed('set profile'), { profile: 'monitor' });
    await runBulk(worksOn(db), id);
    const self = 'refused: You cannot change your own profile; another administrator can.';
    const already = 'refused: Mona Fischer has the profile Monitor user already.';
    expect(await outcomes(db, id)).to.deep.equal({ olga: self, stan: 'ready', mona: already });
    await answerBulk(db, olga, asked, actNamed('set profile'), { profile: 'standard' });
    await runBulk(worksOn(db), id);
    await start(db, olga, id);
    await runBulk(worksOn(db), id);
    expect((await found('mona')).profile).to.equal('standard');
    expect((await actsUpon({ db }, ids.mona))[0]?.changes).to.deep.equal({ profile: ['monitor', 'standard'] });
  });

  it('makes administrators only for who has proved to be there', async () => {
    const id = await answer('set profile', ['mona'], { profile: 'administrator' });
    expect(await outcomes(db, id), 'foreseen as it will be').to.deep.equal({ mona: 'ready' });
    const bulk = await findBulk(db, id);
    const unproved = { ...olga, isConfirmed: false };
    expect(await caught(start(db, unproved, bulk.id, { profile: 'monitor' })), 'whatever else is sent').to.be.instanceOf(Refused);
    await start(db, olga, id);
    await runBulk(worksOn(db), id);
    expect((await found('mona')).profile).to.equal('administrator');
  });

  it('sets a day of expiry, or none', async () => {
    const id = await answer('set expiry', ['uma', 'xena'], { expires_at: '2031-05-31' });
    await start(db, olga, id);
    await runBulk(worksOn(db), id);
    expect((await found('uma')).expiresAt.toISOString()).to.equal('2031-05-31T23:59:59.000Z');
    const never = await answer('set expiry', ['uma', 'stan'], { expires_at: '' });
    expect(await outcomes(db, never)).to.deep.equal({ uma: 'ready', stan: 'refused: Stan Kowalski never expires already.' });
  });

  it('says in sum what goes with whom it removes, and keeps the count of accounts', async () => {
    for (const id of [ids.uma, ids.uma, ids.stan, ids.olga]) await signedIn(db, id);
    const live = async () => (await db('accountCounter').first()).live;
    const before = await live();
    await db('things').insert({ kind: 'tracker', name: 'Box', ownerId: ids.uma });
    const id = await check(db, olga, 'delete user', those('live', 'uma', 'stan', 'olga', 'dora'));
    const there = (await findBulk(db, id)).consequences.filter(({ count }) => count > 0);
    expect(there).to.have.deep.members([
      { noun: ['tracker', 'trackers'], count: 1 },
      { noun: ['open session', 'open sessions'], count: 3 },
    ]);
    expect((await outcomes(db, id)).olga).to.equal('refused: You cannot delete your own user account.');
    await start(db, olga, id);
    await runBulk(worksOn(db), id);
    expect(await live()).to.equal(before - 2);
    expect(await db('sessions').pluck('user_id')).to.deep.equal([ids.olga]);
  });

  it('foresees who finds no place, or an address that another of them has', async () => {
    await act(db, olga, 'delete user', those('live', 'uma', 'stan', 'mona'));
    await db('users').where({ username: 'mona' }).update({ email: 'UMA@world.example' });
    await db('users').where({ username: 'ines' }).update({ email: 'dora@world.example' });
    const { live } = await db('accountCounter').first();
    await db('settings').update({ accountLimit: live + 1 });
    const id = await check(db, olga, 'restore user', those('deleted', 'stan', 'mona', 'uma', 'dora', 'lea'));
    const said = await outcomes(db, id);
    expect([said.stan, said.lea]).to.deep.equal(['ready', 'refused: Lea Sørensen is not deleted.']);
    expect(said.dora).to.include('refused: dora@world.example is another user’s address by now.');
    expect([said.mona, said.uma].map((text) => text?.slice(0, 8))).to.deep.equal(['refused:', 'refused:']);
    await start(db, olga, id);
    await runBulk(worksOn(db), id);
    expect({ ...(await outcomes(db, id)), stan: 'ready' }).to.deep.equal(said);
    expect((await found('stan')).deletedAt).to.equal(null);
  });

  it('purges for whom it was confirmed, and leaves no name anywhere', async () => {
    await act(db, olga, 'suspend user', those('live', 'uma'), { reason: 'Uma did not pay.' });
    const refused = await check(db, olga, 'unlock user', { ...those('live', 'uma', 'stan'), unknownNames: ['dora', 'x'] });
    await act(db, olga, 'delete user', those('live', 'uma'));
    const id = await check(db, olga, 'purge user', those('deleted', 'uma', 'dora', 'stan'));
    expect(await caught(start(db, olga, id, { typed_word: 'Purge' }))).to.be.instanceOf(Invalid);
    expect(await caught(start(db, { ...olga, isConfirmed: false }, id, { typed_word: 'purge' }))).to.be.instanceOf(Refused);
    await start(db, olga, id, { typed_word: 'purge' });
    await runBulk(worksOn(db), id);
    expect(await outcomes(db, id)).to.have.property('stan', 'refused: Stan Kowalski is not deleted.');
    expect([await found('uma'), await found('dora')]).to.deep.equal([undefined, undefined]);
    const kept = JSON.stringify([await db('bulkRows'), (await findBulk(db, refused)).unknownNames, await db('historyWords')]);
    expect(kept).to.include('Stan').and.not.include('Uma').and.not.include('dora');
  });
});

describe('The pages of acts upon many that need more', () => {
  const { site, olga } = siteForEach('olga');
  beforeEach(async () => {
    await site.db('sessions').update({ confirmedAt: '2026-01-01' });
  });

  const here = () => new URL(olga.page.url).pathname;

  it('ask for the profile, then for a proof, before they make an administrator', async () => {
    await olga.get('/users?limit=50');
    const asked = await press(olga, { act: 'set profile' }, [site.ids.mona]);
    expect(asked.document.querySelectorAll('input[type=radio]').length).to.equal(6);
    const empty = await olga.submit(`${here()}/answer`);
    expect([empty.status, empty.text]).to.satisfy(
      ([status, text]: [number, string]) => status === 422 && text.includes('Choose a profile.'),
    );
    const path = here().replace('/answer', '');
    const shown = await olga.post(`${path}/answer`, { profile: 'administrator' });
    expect(shown.text).to.include('Set the profile of 1 user?').and.include('Your password');
    const wrong = await olga.submit(`${path}/run`, { your_password: 'guess' });
    expect([wrong.status, wrong.text.includes('This is not your password.')]).to.deep.equal([422, true]);
    expect((await site.db('users').where({ username: 'mona' }).first()).profile).to.equal('monitor');
    const done = await olga.submit(`${path}/run`, { your_password: worldPassword });
    expect(done.text).to.include('1 user given another profile');
  });

  it('ask for a word and a proof before they purge', async () => {
    await olga.get('/users/deleted');
    const shown = await press(olga, { act: 'purge user' }, [site.ids.dora]);
    expect(shown.text).to.include('Purge 1 user?').and.include('Type purge to confirm').and.include('Your password');
    const untyped = await olga.submit(`${here()}/run`, { your_password: worldPassword });
    expect([untyped.status, untyped.text.includes('Type purge to confirm.')]).to.deep.equal([422, true]);
    const path = here().replace('/run', '');
    const done = await olga.post(`${path}/run`, { typed_word: 'purge' });
    expect(done.text).to.include('1 user purged');
    expect(await site.db('users').where({ username: 'dora' })).to.deep.equal([]);
  });

  it('offer for deleted users what is for deleted users, and nothing else', async () => {
    const offered = async (path: string) =>
      new Set((await olga.get(path)).document.querySelectorAll('#selection [name=act]').map((button) => button.text.trim()));
    expect([...(await offered('/users/deleted'))]).to.deep.equal(['Restore', 'Purge']);
    expect([...(await offered('/users'))])
      .to.include('Remove User')
      .and.not.include('Purge');
    await olga.get('/users/deleted');
    expect((await press(olga, { act: 'deactivate user' }, [site.ids.dora])).status).to.equal(409);
    await olga.get('/users/deleted');
    expect((await press(olga, { act: 'restore user', all: 'on' })).text).to.include('Restore 1 user?');
  });
});
