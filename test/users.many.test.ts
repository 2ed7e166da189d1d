import { expect } from 'chai';
import type { Name } from '../seeds/world.ts';
import { type Actor, type Doer, system } from '../src/access/actor.ts';
import type { Act } from '../src/access/acts.ts';
import { Invalid } from '../src/ground/errors.ts';
import { readForm } from '../src/web/form.ts';
import { reason, table } from './fixtures/many.ts';
import { actorFor } from './kit/actor.ts';
import { actsUpon, onlyActUpon } from './kit/history.ts';
import { acts, actUponAll, findAct as find, saidOf } from './kit/many.ts';
import { openSite, type Site } from './kit/site.ts';

/** What each form is filled with. */
const forms: Partial<Record<Act, Record<string, string>>> = {
  'set profile': { profile: 'monitor' },
  'set expiry': { expires_at: '2027-05-31' },
};
const inputOf = (name: Act) => readForm(forms[name] ?? { reason }, find(name).shape);

describe('An act upon many users', () => {
  let site: Site;
  let olga: Actor;
  const row = (name: Name) => site.db('users').where({ username: name }).first();
  beforeEach(async () => {
    site = await openSite();
    olga = await actorFor(site.db, 'olga');
  });
  afterEach(() => site.close());

  /** What came of it for each, under the names: 'done' or the sentence why not. */
  async function upon(names: Name[], name: Act, { by = olga as Doer, input = inputOf(name) as unknown } = {}) {
    const outcomes = await actUponAll(site, site.db, by, names, name, input);
    return Object.fromEntries(outcomes.map((outcome, index) => [names[index], saidOf(outcome)]));
  }

  for (const [name, { done, becomes, changes, refused }] of table) {
    it(`is done to those it fits and says of each other why not: ${name}`, async () => {
      const outcomes = await upon([...done, ...(Object.keys(refused) as Name[])], name);
      for (const one of done) {
        expect(outcomes[one], one).to.equal('done');
        expect(await row(one), one).to.deep.include({ ...becomes, version: 2 });
        expect(await onlyActUpon(site, site.ids[one])).to.include({ act: find(name).recordedAs, actor: 'olga', user: one });
      }
      expect((await onlyActUpon(site, site.ids[done[0] as Name])).changes).to.deep.equal(changes);
      for (const [one, sentence] of Object.entries(refused)) {
        expect(outcomes[one], one).to.include(sentence);
        expect(await row(one as Name), one).to.include({ version: 1 });
        expect(await actsUpon(site, site.ids[one as Name]), one).to.deep.equal([]);
      }
    });
  }

  it('stands in the list once each, and in this table or the next story', () => {
    const names = acts.map(({ act }) => act);
    expect(names).to.have.members([...table.map(([name]) => name), 'purge user']);
  });

  it('erases for good, with the words and the belongings of each, and frees the usernames: purge user', async () => {
    await site.db('users').where({ id: site.ids.uma }).update({ deletedAt: new Date() });
    const [{ id: importId }] = await site
      .db('imports')
      .insert({ filename: 'list.csv', headings: '[]', columns: '[]' })
      .returning('id');
    const cells = (line: number, email: string) => ({ importId, line, cells: JSON.stringify([` ${email} `]) });
    await site
      .db('importRows')
      .insert([cells(1, 'UMA@world.example'), cells(2, 'dora@world.example'), cells(3, 'ines@world.example')]);
    await site.db('attempts').insert({ key: `account ${site.ids.uma} browser x`, count: 1, windowEndsAt: '2030-01-01' });
    const outcomes = await upon(['uma', 'dora', 'ines'], 'purge user');
    expect(outcomes).to.include({ uma: 'done', dora: 'done' });
    expect(outcomes.ines).to.include('is not deleted');
    expect(await site.db('users').whereIn('username', ['uma', 'dora'])).to.deep.equal([]);
    expect(await site.db('importRows').pluck('line')).to.deep.equal([3]);
    expect(await site.db('attempts')).to.deep.equal([]);
    expect(await onlyActUpon(site, site.ids.uma)).to.include({ act: 'user.purged', actor: 'olga', user: '' });
    expect(await upon(['uma'], 'purge user')).to.deep.equal({ uma: 'There is no such user any more.' });
  });

  it('asks for a proof of identity where administrators are made and where accounts are erased', async () => {
    const by = { ...olga, isConfirmed: false };
    expect((await upon(['dora'], 'purge user', { by })).dora).to.equal('Confirm it is you first.');
    const input = { profile: 'administrator' };
    expect((await upon(['uma'], 'set profile', { by, input })).uma).to.equal('Confirm it is you first.');
    expect((await upon(['uma'], 'set profile', { input })).uma).to.equal('done');
    expect(find('set profile').needsProof?.(input)).to.equal(true);
    expect(find('set profile').needsProof?.({ profile: 'monitor' })).to.equal(false);
  });

  for (const name of ['suspend user', 'deactivate user', 'delete user', 'set expiry', 'set profile'] as const) {
    it(`leaves one administrator who is able to sign in, whoever does it: ${name}`, async () => {
      const outcomes = await upon(['olga', 'uma', 'oscar'], name, { by: system('test') });
      expect(outcomes).to.include({ olga: 'done', uma: 'done' });
      expect(outcomes.oscar).to.include('last administrator who is able to sign in');
      expect(await actsUpon(site, site.ids.oscar)).to.deep.equal([]);
      expect(await row('oscar')).to.include({ version: 1, profile: 'administrator', state: 'STATE_APPROVED', deletedAt: null });
    });
  }

  for (const name of ['suspend user', 'deactivate user', 'delete user'] as const) {
    it(`ends the sessions of each at once, and of nobody else: ${name}`, async () => {
      for (const one of ['uma', 'ines', 'stan', 'stan'] as const) await site.visitor(one);
      await upon(['uma', 'stan'], name);
      expect(await site.db('sessions').pluck('user_id')).to.deep.equal([site.ids.ines]);
    });
  }

  it('restores as many as there are places, and of two with one address the first', async () => {
    await upon(['ines', 'uma', 'lea'], 'delete user');
    await site.db('users').where({ id: site.ids.uma }).update({ email: 'DORA@world.example' });
    await site.db('settings').update({ accountLimit: (await site.db('accountCounter').first()).live + 2 });
    const outcomes = await upon(['ines', 'uma', 'lea', 'dora'], 'restore user');
    expect(outcomes).to.include({ uma: 'done', lea: 'done' });
    expect(outcomes.ines).to.include('accounts of this console are in use');
    expect(outcomes.dora).to.include('another user’s address by now');
  });

  it('restores nobody whose days for it are over', async () => {
    await site
      .db('users')
      .where({ id: site.ids.dora })
      .update({ deletedAt: new Date(Date.now() - 31 * 86_400_000) });
    expect((await upon(['dora'], 'restore user')).dora).to.include('more than 30 days ago');
  });

  it('does not ask for the same user twice', async () => {
    expect(await upon(['uma', 'uma'], 'flag user')).to.deep.equal({ uma: 'done' });
    expect(await row('uma')).to.include({ version: 2 });
  });

  it('writes nothing of what else is sent along', async () => {
    const input = { ...inputOf('set profile'), state: 'STATE_FLAGGED', passwordHash: 'x' };
    await upon(['uma'], 'set profile', { input });
    expect(await row('uma')).to.include({ state: 'STATE_APPROVED', profile: 'monitor' });
  });

  it('takes no form that says nothing', () => {
    for (const name of ['suspend user', 'flag user', 'reject user', 'set profile'] as const)
      expect(() => readForm({}, find(name).shape), name).to.throw(Invalid);
    expect(() => readForm({ profile: 'root' }, find('set profile').shape)).to.throw(Invalid, 'Choose a profile.');
    expect(readForm({ expires_at: '' }, find('set expiry').shape)).to.deep.equal({ expiresAt: null });
  });

  for (const name of ['stan', 'mona', 'gus', 'april', 'uma'] as const) {
    it(`is not for ${name}, whatever the act`, async () => {
      const by = await actorFor(site.db, name);
      for (const { act } of acts.filter((one) => one.act !== 'purge user' && one.act !== 'restore user'))
        expect((await upon(['ines'], act, { by })).ines, act).to.include('Your profile does not include');
      for (const act of ['restore user', 'purge user'] as const)
        expect((await upon(['dora'], act, { by })).dora, act).to.include('Your profile does not include');
      for (const one of ['ines', 'dora'] as const) expect(await row(one)).to.include({ version: 1 });
    });
  }
});
