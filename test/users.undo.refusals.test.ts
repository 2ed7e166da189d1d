import { expect } from 'chai';
import { type Name, worldPassword } from '../seeds/world.ts';
import { undo, undoMany } from '../src/users/undo.ts';
import { actorFor } from './kit/actor.ts';
import { actsUpon } from './kit/history.ts';
import { actUponAll, belongings } from './kit/many.ts';
import { problem } from './kit/reading.ts';
import { openSite, type Site } from './kit/site.ts';
import { modes, type Visitor } from './kit/visitor.ts';

describe('What undo refuses and minds', () => {
  let site: Site;
  let olga: Visitor;
  let oscar: Visitor;
  const row = (name: string) => site.db('users').where({ username: name }).first();
  const set = (name: Name, values: object) => site.db('users').where({ username: name }).update(values);
  const lastUpon = async (name: Name) => (await actsUpon(site, site.ids[name])).at(-1)?.id as number;
  beforeEach(async () => {
    site = await openSite();
    [olga, oscar] = [await site.visitor('olga'), await site.visitor('oscar')];
    for (const visitor of [olga, oscar]) await visitor.get('/users/new');
  });
  afterEach(() => site.close());

  /** Does something to somebody, presses Undo, and expects to be refused. */
  async function expectRefused(name: Name, id: number, says: string) {
    const before = await row(name);
    const page = await olga.post(`/undo/${id}`, {});
    expect(page.status).to.equal(409);
    expect(page.text).to.include(says);
    expect(await row(name)).to.deep.equal(before);
    expect(await lastUpon(name)).to.equal(id);
  }

  it('keeps an administrator who is able to sign in', async () => {
    await set('oscar', { state: 'STATE_SUSPENDED' });
    await olga.post('/users/oscar/activate', {});
    await set('olga', { expiresAt: '2030-01-01T23:59:59Z' });
    await expectRefused('oscar', await lastUpon('oscar'), 'This is the last administrator who is able to sign in.');
  });

  it('keeps to the account limit', async () => {
    await olga.post('/users/uma/delete', {});
    await site.db('settings').update({ accountLimit: (await site.db('accountCounter').first()).live });
    await expectRefused('uma', await lastUpon('uma'), 'accounts of this console are in use');
  });

  it('gives back no address that is another user’s by now', async () => {
    await olga.post('/users/uma/delete', {});
    await olga.post('/users/lea/edit', { version: '1', email: 'lea@new.example', name: 'Lea' });
    await set('ines', { email: 'UMA@world.example' });
    await expectRefused('uma', await lastUpon('uma'), 'is another user’s address by now. Restore the user with a different one.');
    await set('ines', { email: 'LEA@world.example' });
    await expectRefused('lea', await lastUpon('lea'), 'lea@world.example is another user’s address by now.');
    await set('ines', { email: 'ines@world.example' });
    expect((await olga.post(`/undo/${await lastUpon('lea')}`, {})).status).to.equal(200);
  });

  it('gives back the own letters of an address', async () => {
    await olga.post('/users/uma/edit', { version: '1', email: 'UMA@world.example', name: 'Uma' });
    await olga.post(`/undo/${await lastUpon('uma')}`, {});
    expect((await row('uma')).email).to.equal('uma@world.example');
  });

  it('does nothing upon oneself that one may not do to oneself', async () => {
    const { email, name } = await row('olga');
    const fields = { version: '1', email, name, profile: 'administrator', email_verified: 'on', expires_at: '2030-01-01' };
    await oscar.post('/users/olga/edit', fields);
    const id = await lastUpon('olga');
    await expectRefused('olga', id, 'You cannot change the day on which your own account ends');
    expect((await oscar.post(`/undo/${id}`, {})).status).to.equal(200);
  });

  it('revives no session, and ends those of whom it takes the way in again', async () => {
    const ines = await site.visitor('ines');
    await olga.post('/users/ines/suspend', { reason: 'x' });
    await olga.post(`/undo/${await lastUpon('ines')}`, {});
    expect((await ines.get('/account')).url).to.include('/sign-in');

    await olga.post('/users/nina/activate', {});
    const nina = await site.visitor('nina');
    expect((await nina.get('/account')).status).to.equal(200);
    await olga.post(`/undo/${await lastUpon('nina')}`, {});
    expect(await site.db('sessions').where({ userId: site.ids.nina })).to.deep.equal([]);

    await olga.post('/users/dora/restore', {});
    await site.visitor('dora');
    await olga.post(`/undo/${await lastUpon('dora')}`, {});
    expect(await site.db('sessions').where({ userId: site.ids.dora })).to.deep.equal([]);
  });

  for (const mode of modes) {
    it(`asks who it is before it makes an administrator again, which is no failed try, as ${mode}`, async () => {
      const { email, name } = await row('oscar');
      await olga.post('/users/oscar/edit', { version: '1', email, name, profile: 'customer', email_verified: 'on' });
      const id = await lastUpon('oscar');
      await site.db('sessions').update({ confirmedAt: site.db.raw(`now() - interval '11 minutes'`) });
      const visitor = await site.visitor('olga', mode);
      await site.db('sessions').update({ confirmedAt: site.db.raw(`now() - interval '11 minutes'`) });
      await visitor.get('/users/oscar/history');
      expect((await visitor.submit(`/undo/${id}`)).status).to.equal(422);
      expect(await site.db('attempts')).to.deep.equal([]);
      expect(problem(visitor.page, 'your_password')).to.equal('');
      expect(problem(await visitor.submit(`/undo/${id}`, { your_password: 'wrong' }), 'your_password')).to.include('not your');
      expect((await row('oscar')).profile).to.equal('customer');
      const page = await visitor.submit(`/undo/${id}`, { your_password: worldPassword });
      expect(page.text).to.include('Undone: olga edited Oscar Novak.');
      expect((await row('oscar')).profile).to.equal('administrator');
    });
  }

  it('makes no administrator without that proof, whichever door is used', async () => {
    const { email, name } = await row('oscar');
    await olga.post('/users/oscar/edit', { version: '1', email, name, profile: 'customer', email_verified: 'on' });
    const by = { ...(await actorFor(site.db, 'olga')), isConfirmed: false };
    const error = await undo(site.db, by, await lastUpon('oscar'), belongings).catch((failure: Error) => failure);
    expect(error).to.have.property('message', 'Confirm it is you first.');
  });

  it('has no way back from what has none', async () => {
    await site.visitor('lea');
    await olga.post('/users/lea/reset-password', { password: 'pear-lamp-77' });
    await expectRefused('lea', await lastUpon('lea'), 'This kind of act cannot be undone.');
    await site.visitor('ines');
    await olga.post('/users/ines/sessions', {});
    await expectRefused('ines', await lastUpon('ines'), 'This kind of act cannot be undone.');
    await olga.post('/users/uma/flag', { reason: 'x' });
    await olga.post(`/undo/${await lastUpon('uma')}`, {});
    await expectRefused('uma', await lastUpon('uma'), 'This kind of act cannot be undone.');
    await olga.get('/users/export.csv');
    const exported = await site.db('history').where({ act: 'user.exported' }).first('id');
    expect((await olga.get('/history')).html).to.not.match(/action="\/undo/);
    await olga.get('/users/new');
    expect((await olga.post(`/undo/${exported.id}`, {})).text).to.include('This kind of act cannot be undone.');
    await olga.post('/users/dora/purge', { typed_username: 'dora' });
    expect((await olga.post(`/undo/${await lastUpon('dora')}`, {})).text).to.include('has been erased');
  });

  it('finds no act of an id that is none', async () => {
    for (const id of ['999999999', '0', '-1', 'x', '1e3', '99999999999999999999'])
      expect((await olga.post(`/undo/${id}`, {})).status, id).to.equal(404);
  });

  for (const name of ['stan', 'mona', 'gus', 'april', 'uma'] as const) {
    it(`is not for ${name}`, async () => {
      await olga.post('/users/ines/flag', { reason: 'x' });
      const id = await lastUpon('ines');
      const visitor = await site.visitor(name);
      await visitor.get('/account');
      expect((await visitor.post(`/undo/${id}`, {})).status).to.equal(403);
      const by = await actorFor(site.db, name);
      const error = await undo(site.db, by, id, belongings).catch((failure: Error) => failure);
      expect(error).to.have.property('message').that.includes('Your profile does not include');
      expect((await row('ines')).state).to.equal('STATE_FLAGGED');
    });
  }

  describe('upon many', () => {
    const reason = { reason: 'Dormant.' };
    const doneTo = async (names: Name[], name: Parameters<typeof actUponAll>[4], input: unknown = reason) => {
      const outcomes = await actUponAll(site, site.db, await actorFor(site.db, 'olga'), names, name, input);
      return outcomes.map((outcome) => ('historyId' in outcome ? outcome.historyId : 0));
    };
    const undone = async (acts: number[], askedAt: Date | null = null) => {
      const by = await actorFor(site.db, 'olga');
      const outcomes = await site.db.transaction((trx) => undoMany(trx, by, { acts, belongings, askedAt }));
      expect(outcomes.map(({ act }) => act)).to.deep.equal(acts);
      return outcomes.map((outcome) => ('refusal' in outcome ? outcome.refusal : 'done'));
    };

    it('undoes each that can be, and says of each other why not', async () => {
      const acts = await doneTo(['uma', 'flo', 'ines', 'stan'], 'suspend user');
      await set('ines', { state: 'STATE_INACTIVE' });
      const [uma, , , stan] = acts as [number, number, number, number];
      await olga.post(`/undo/${stan}`, {});
      const outcomes = await undone([...acts, 999_999_999]);
      expect(outcomes).to.deep.equal([
        'done',
        'done',
        'Inês Smirnova has been changed since: state.',
        'This has been undone already.',
        'There is no such act.',
      ]);
      expect(await row('uma')).to.include({ state: 'STATE_APPROVED', version: 3 });
      expect(await row('flo')).to.include({ state: 'STATE_FLAGGED', stateReason: 'Two hundred trackers in one day.' });
      expect((await actsUpon(site, site.ids.uma)).at(-1)).to.deep.include({
        act: 'user.undone',
        facts: { undoes: uma, undone: 'user.suspended' },
      });
      expect((await undone(acts)).slice(0, 2)).to.deep.equal(Array(2).fill('This has been undone already.'));
    });

    for (const [name, input] of [
      ['set profile', { profile: 'monitor' }],
      ['set expiry', { expiresAt: new Date('2027-05-31T23:59:59Z') }],
      ['delete user', {}],
    ] as const) {
      it(`gives each back its own: ${name}`, async () => {
        const names: Name[] = ['uma', 'stan', 'xena', 'oscar'];
        const before = await Promise.all(names.map(row));
        const acts = await doneTo(names, name, input);
        expect(await undone(acts)).to.deep.equal(Array(4).fill('done'));
        for (const [index, one] of names.entries()) {
          const { profile, expiresAt, deletedAt, state } = before[index];
          expect(await row(one)).to.deep.include({ profile, expiresAt, deletedAt, state, version: 3 });
        }
      });
    }

    it('undoes the last of several acts upon one user, and then the one before', async () => {
      const [flagged] = (await doneTo(['uma'], 'flag user')) as [number];
      const [suspended] = (await doneTo(['uma'], 'suspend user')) as [number];
      expect(await undone([flagged, suspended])).to.deep.equal(['A later act upon the same user is undone first.', 'done']);
      expect(await undone([flagged])).to.deep.equal(['done']);
      expect((await row('uma')).state).to.equal('STATE_APPROVED');
    });

    it('counts the ten minutes until it was asked for, where a job does it', async () => {
      const acts = await doneTo(['uma'], 'flag user');
      const minutes = (count: number) => new Date(Date.now() + count * 60_000);
      expect(await undone(acts, minutes(11))).to.deep.equal(['An act can be undone for 10 minutes, and they are over.']);
      expect(await undone(acts, minutes(9))).to.deep.equal(['done']);
    });

    it('leaves one administrator who is able to sign in', async () => {
      await set('oscar', { state: 'STATE_SUSPENDED' });
      const acts = await doneTo(['oscar'], 'activate user');
      await set('olga', { expiresAt: '2030-01-01T23:59:59Z' });
      const more = await doneTo(['uma'], 'flag user');
      expect(await undone([...acts, ...more])).to.deep.equal([
        'This is the last administrator who is able to sign in. Make another administrator first.',
        'done',
      ]);
    });
  });
});
