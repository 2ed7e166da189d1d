import { expect } from 'chai';
import { type State, stateNames, states } from '../src/access/standing.ts';
import { type Move, moves } from '../src/users/states.ts';
import { actsUpon, onlyActUpon } from './kit/history.ts';
import { problem } from './kit/reading.ts';
import { openSite, type Site, signedIn } from './kit/site.ts';
import { modes, Visitor } from './kit/visitor.ts';

const reason = 'Invoice 7 is not paid.';

/** Where each move leads from each state, as decisions say it; what is not here cannot happen. */
const table: Record<Move, Partial<Record<State, State>>> = {
  activate: {
    STATE_INVITED: 'STATE_APPROVED',
    STATE_INACTIVE: 'STATE_APPROVED',
    STATE_FLAGGED: 'STATE_APPROVED',
    STATE_SUSPENDED: 'STATE_APPROVED',
    STATE_REJECTED: 'STATE_APPROVED',
  },
  approve: { STATE_REQUESTED: 'STATE_APPROVED' },
  reject: { STATE_REQUESTED: 'STATE_REJECTED' },
  flag: { STATE_APPROVED: 'STATE_FLAGGED' },
  deactivate: {
    STATE_INVITED: 'STATE_INACTIVE',
    STATE_APPROVED: 'STATE_INACTIVE',
    STATE_FLAGGED: 'STATE_INACTIVE',
    STATE_SUSPENDED: 'STATE_INACTIVE',
  },
  suspend: { STATE_APPROVED: 'STATE_SUSPENDED', STATE_FLAGGED: 'STATE_SUSPENDED' },
};

const allMoves = Object.keys(table) as Move[];

describe('The states of a user', () => {
  let site: Site;
  let olga: Visitor;
  const row = (username: string) => site.db('users').where({ username }).first();
  beforeEach(async () => {
    site = await openSite();
    olga = await site.visitor('olga');
    await olga.get('/users/new');
  });
  afterEach(() => site.close());

  for (const move of allMoves) {
    for (const from of states) {
      const to = table[move][from];
      it(`${move}: ${stateNames[from]} ${to ? `becomes ${stateNames[to]}` : 'is refused'}`, async () => {
        await site.db('users').where({ id: site.ids.ines }).update({ state: from });
        const page = await olga.post(`/users/ines/${move}`, { reason });
        const user = await row('ines');
        if (!to) {
          expect(page.status).to.equal(409);
          expect(page.text).to.include(`is ${stateNames[from]}: there is nothing to ${move}`);
          expect(user).to.include({ state: from, stateReason: '', version: 1 });
          expect(await actsUpon(site, site.ids.ines)).to.deep.equal([]);
          return;
        }
        expect(page.status).to.equal(200);
        expect(user).to.include({ state: to, stateReason: reason, version: 2 });
        const act = await onlyActUpon(site, site.ids.ines);
        expect(act).to.include({ act: moves[move].recordedAs, actor: 'olga', user: 'ines', reason, outcome: 'done' });
        expect(act.changes).to.deep.equal({ state: [from, to], stateReason: [null, reason] });
      });
    }
  }

  it('are offered as buttons only where they lead somewhere', async () => {
    for (const from of states) {
      await site.db('users').where({ id: site.ids.ines }).update({ state: from });
      const page = await olga.get('/users/ines');
      const offered = allMoves.filter(
        (move) => page.html.includes(`/users/ines/${move}"`) || page.html.includes(`/users/ines/${move}?`),
      );
      expect(offered, from).to.have.members(allMoves.filter((move) => table[move][from]));
    }
  });

  for (const mode of modes) {
    it(`change after a reason was given on the page that asks for it, as ${mode}`, async () => {
      const visitor = await site.visitor('olga', mode);
      await visitor.get('/users/ines/suspend?return_to=%2Fusers%3Fq%3Dines');
      const asked = await visitor.submit('/users/ines/suspend', { reason: '   ' });
      expect(asked.status).to.equal(422);
      expect(problem(asked, 'reason')).to.include('A reason is needed');
      const page = await visitor.submit('/users/ines/suspend', { reason });
      expect(page.url).to.match(/\/users\?q=ines$/);
      expect(page.text).to.include('Inês Smirnova has been suspended.').and.include('Suspended');
    });

    it(`change at once by the button of the row, back in the same view, as ${mode}`, async () => {
      const visitor = await site.visitor('olga', mode);
      await visitor.get('/users?q=ines&sort=-name&open=ines');
      const page = await visitor.submit('/users/ines/deactivate');
      expect(page.url).to.match(/\/users\?q=ines&sort=-name&open=ines$/);
      expect(page.document.querySelector('#user-ines')?.text).to.include('Inactive').and.include('Activate User');
    });
  }

  for (const move of ['reject', 'flag', 'suspend'] as const) {
    it(`do not ${move} without a reason`, async () => {
      const from = move === 'reject' ? 'rita' : 'ines';
      const page = await olga.post(`/users/${from}/${move}`, { reason: '' });
      expect(page.status).to.equal(422);
      expect((await row(from)).version).to.equal(1);
    });
  }

  it('tell the user the reason', async () => {
    const ines = await site.visitor('ines');
    await olga.post('/users/ines/suspend', { reason });
    expect((await ines.get('/account')).url).to.include('/sign-in');
    const again = new Visitor(site.address, await signedIn(site.db, site.ids.ines), 'plain');
    expect((await again.get('/account')).text)
      .to.include('Your account is suspended')
      .and.include(reason);
  });

  for (const move of ['deactivate', 'suspend', 'reject'] as const) {
    it(`end every session at once: ${move}`, async () => {
      await site
        .db('users')
        .where({ id: site.ids.ines })
        .update({ state: move === 'reject' ? 'STATE_REQUESTED' : 'STATE_APPROVED' });
      const browsers = [await site.visitor('ines'), await site.visitor('ines')];
      for (const browser of browsers) expect((await browser.get('/account')).status).to.equal(200);
      await olga.post(`/users/ines/${move}`, { reason });
      for (const browser of browsers) expect((await browser.get('/account')).url).to.include('/sign-in');
      expect(await site.db('sessions').where({ userId: site.ids.ines })).to.deep.equal([]);
    });
  }

  it('stay when Activate User meets a user without a password, and say the way out', async () => {
    const page = await olga.post('/users/ivo/activate', {});
    expect(page.status).to.equal(409);
    expect(page.text).to.include('has no password').and.include('Send Activation Email').and.include('gives a single-use one');
    await site.db('users').where({ id: site.ids.ivo }).update({ state: 'STATE_SUSPENDED' });
    expect((await olga.post('/users/ivo/activate', {})).text).to.include('Use “Reset user password”');
    expect((await row('ivo')).state).to.equal('STATE_SUSPENDED');
  });

  for (const move of ['deactivate', 'suspend', 'reject'] as const) {
    it(`are not for oneself to change: ${move}`, async () => {
      await site
        .db('users')
        .where({ id: site.ids.olga })
        .update({ state: move === 'reject' ? 'STATE_FLAGGED' : 'STATE_APPROVED' });
      const page = await olga.post(`/users/olga/${move}`, { reason });
      expect(page.status).to.equal(409);
      expect(page.text).to.include(`You cannot ${move} yourself`);
      expect((await row('olga')).version).to.equal(1);
      expect((await olga.get('/users/olga')).html).to.not.include(`/users/olga/${move}`);
    });
  }

  for (const move of ['deactivate', 'suspend'] as const) {
    it(`refuse to ${move} the last able administrator`, async () => {
      await site.db('users').where({ id: site.ids.olga }).update({ expiresAt: '2030-01-01T23:59:59Z' });
      const page = await olga.post(`/users/oscar/${move}`, { reason });
      expect(page.status).to.equal(409);
      expect(page.text).to.include('last administrator who is able');
      expect((await row('oscar')).state).to.equal('STATE_APPROVED');
      expect(await actsUpon(site, site.ids.oscar)).to.deep.equal([]);
    });
  }

  it('do not change while the user is deleted', async () => {
    for (const move of allMoves) expect((await olga.post(`/users/dora/${move}`, { reason })).status, move).to.equal(404);
    expect(await row('dora')).to.include({ version: 1 });
  });

  it('show no page for a move that leads nowhere', async () => {
    expect((await olga.get('/users/ines/approve')).status).to.equal(409);
    expect((await olga.get('/users/olga/suspend')).status).to.equal(409);
    expect((await olga.get('/users/nobody/suspend')).status).to.equal(404);
  });

  for (const name of ['stan', 'mona', 'gus', 'april', 'uma'] as const) {
    it(`are not for ${name} to change, and the try is recorded upon the user`, async () => {
      const visitor = await site.visitor(name);
      for (const move of allMoves) {
        expect((await visitor.get(`/users/ines/${move}`)).status).to.equal(403);
        expect((await visitor.post(`/users/ines/${move}`, { reason })).status).to.equal(403);
      }
      expect((await row('ines')).version).to.equal(1);
      const acts = await actsUpon(site, site.ids.ines);
      expect(acts).to.have.length(allMoves.length * 2);
      expect(acts[0]).to.deep.include({
        act: 'access.denied',
        outcome: 'refused',
        actor: name,
        facts: { method: 'GET', path: '/users/ines/activate', why: 'Your profile does not include “activate user”.' },
      });
    });
  }
});
