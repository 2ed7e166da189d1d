import { expect } from 'chai';
import { system } from '../src/access/actor.ts';
import { exportHistory } from '../src/history/export.ts';
import { record } from '../src/history/record.ts';
import { readHistory } from '../src/history/timeline.ts';
import { moveUser } from '../src/users/states.ts';
import { actsUpon } from './kit/history.ts';
import { siteForEach } from './kit/site.ts';
import { modes, type Page } from './kit/visitor.ts';

const by = system('test');
const lines = (page: Page) => page.document.querySelectorAll('.timeline > li');
const textOf = async (pieces: AsyncIterable<string>) => {
  let text = '';
  for await (const piece of pieces) text += piece;
  return text;
};

describe('The history', () => {
  const { site, olga } = siteForEach('olga');
  beforeEach(() => olga.get('/users/new'));

  for (const mode of modes) {
    it(`shows who did what to whom, from where, what changed and why, as ${mode}`, async () => {
      const visitor = await site.visitor('olga', mode);
      await visitor.get('/users/ines/suspend');
      await visitor.submit('/users/ines/suspend', { reason: 'Invoice 7' });
      for (const path of ['/history', '/users/ines/history']) {
        const [line] = lines(await visitor.get(path));
        const text = line?.text.replace(/\s+/g, ' ');
        expect(text, path).to.include('olga suspended ines').and.include('from 127.0.0.1');
        expect(text, path).to.include('state Active → Suspended').and.include('reason Invoice 7');
      }
    });
  }

  it('holds exactly one row for each act, with the id of its request', async () => {
    const acts: [path: string, fields: Record<string, string>, recordedAs: string][] = [
      ['flag', { reason: 'x' }, 'user.flagged'],
      ['suspend', { reason: 'x' }, 'user.suspended'],
      ['activate', {}, 'user.activated'],
      ['deactivate', {}, 'user.deactivated'],
      ['reset-password', { password: 'pear-lamp-77' }, 'user.password-reset'],
      ['unlock', {}, 'user.unlocked'],
      ['edit', { version: '7', email: 'ines@new.example', name: 'Inês' }, 'user.edited'],
      ['delete', {}, 'user.deleted'],
      ['restore', {}, 'user.restored'],
    ];
    for (const [path, fields, recordedAs] of acts) {
      if (path === 'unlock')
        await site
          .db('users')
          .where({ id: site.ids.ines })
          .update({ lockedAt: site.db.raw('now()') });
      const before = await actsUpon(site, site.ids.ines);
      const page = await olga.post(`/users/ines/${path}`, fields);
      expect(page.status, path).to.equal(200);
      const after = await actsUpon(site, site.ids.ines);
      expect(after.length - before.length, path).to.equal(1);
      expect(after.at(-1), path).to.include({
        act: recordedAs,
        actor: 'olga',
        actorId: site.ids.olga,
        user: 'ines',
        address: '127.0.0.1',
        outcome: 'done',
      });
      expect(after.at(-1)?.requestId, path).to.match(/^[\da-f]{8}-/);
      await olga.get('/users/new');
    }
    const row = await site.db('history').orderBy('id', 'desc').first();
    expect(row).to.include({ actorId: site.ids.olga, subjectId: site.ids.olga, userId: site.ids.ines });
    expect(row.sessionId).to.be.a('number');
  });

  it('narrows to an act, an actor and a user, and pages from new to old', async () => {
    for (let index = 0; index < 120; index += 1)
      await site.db.transaction((trx) =>
        record(trx, by, 'user.edited', { id: site.ids.ines, username: 'ines' }, { facts: { index } }),
      );
    await olga.post('/users/uma/flag', { reason: 'x' });
    const found = async (query: string) => lines(await olga.get(`/history?${query}`)).length;
    expect(await found('act=user.flagged')).to.equal(1);
    expect(await found('actor=olga')).to.equal(1);
    expect(await found('user=uma&act=user.edited')).to.equal(0);
    expect(await found('user=nobody')).to.equal(0);
    const seen: string[] = [];
    for (
      let at: string | null = '/history?user=ines';
      at && seen.length < 500;
      at = olga.page.document.querySelector('#page-next')?.getAttribute('href') ?? null
    )
      seen.push(...lines(await olga.get(at)).map((line) => /index (\d+)/.exec(line.text.replace(/\s+/g, ' '))?.[1] ?? ''));
    expect(seen).to.deep.equal(Array.from({ length: 120 }, (_, index) => String(119 - index)));
  });

  it('is written out as CSV under the same filters, without formulas, and that is recorded', async () => {
    const user = { id: site.ids.ines, username: 'ines' };
    for (let index = 0; index < 1005; index += 1)
      await site.db.transaction((trx) => record(trx, by, 'user.edited', user, { reason: '=1+1' }));
    await olga.post('/users/uma/flag', { reason: 'a "b", c\nd' });
    const all = await textOf(exportHistory(site.db, by, { user: 'ines' }));
    expect(all.split('\r\n')).to.have.length(1 + 1005 + 1);
    expect(all).to.match(
      /^\uFEFFid,at,act,outcome,actor_id,actor,subject_id,subject,connection_id,user_id,user,address,request_id,reason,changes,facts\r\n/,
    );
    expect(all).to.include(`,'=1+1,`).and.not.include(',=1+1');
    expect(await textOf(exportHistory(site.db, by, { act: 'user.flagged' }))).to.include('"a ""b"", c\nd"');
    const [exported] = await readHistory(site.db, {}, { limit: 1 });
    expect(exported).to.deep.include({ act: 'history.exported', facts: { narrowedBy: 'act' } });
  });

  it('offers the export under the filters of the page', async () => {
    const page = await olga.get('/history?act=user.flagged&user=uma');
    expect(page.document.querySelector('a[href^="/history/export.csv"]')?.getAttribute('href')).to.equal(
      '/history/export.csv?act=user.flagged&user=uma',
    );
  });

  it('gives the export as a file to administrators alone', async () => {
    await olga.post('/users/uma/flag', { reason: 'Two hundred trackers' });
    expect((await olga.get('/history/export.csv?user=%00')).html, 'a name that is none').to.include('user.flagged');
    const file = await olga.get('/history/export.csv?act=user.flagged&user=uma');
    expect(file.headers.get('content-type')).to.include('text/csv');
    expect(file.headers.get('content-disposition')).to.equal('attachment; filename=history.csv');
    expect(file.html.trim().split('\r\n')).to.have.length(2);
    expect(file.html).to.include(',user.flagged,done,').and.include('Two hundred trackers');
    expect((await (await site.visitor('stan')).get('/history/export.csv')).status).to.equal(403);
  });

  it('holds neither act nor change when the act fails half way', async () => {
    await site.db.raw(`create function fail() returns trigger language plpgsql as $$ begin raise exception 'power cut'; end $$`);
    for (const table of ['history', 'history_words', 'users']) {
      await site.db.transaction(async (trx) => {
        await trx.raw(`create trigger fails after insert or update on ?? for each row execute function fail()`, [table]);
        const error = await moveUser(trx, by, 'ines', 'flag', 'x').catch((failure: Error) => failure);
        expect(String(error), table).to.include('power cut');
        await trx.raw('drop trigger fails on ??', [table]);
      });
      expect((await site.db('users').where({ id: site.ids.ines }).first()).state, table).to.equal('STATE_APPROVED');
      expect(await actsUpon(site, site.ids.ines), table).to.deep.equal([]);
    }
  });

  it('notes upon whom it was tried what somebody may not do, once', async () => {
    const stan = await site.visitor('stan');
    await stan.get('/users/uma/balance-of-the-year');
    await stan.get('/users/uma/edit?secret=1');
    const [tried, ...more] = await actsUpon(site, site.ids.uma);
    expect(more).to.deep.equal([]);
    expect(tried).to.deep.include({
      act: 'access.denied',
      outcome: 'refused',
      actor: 'stan',
      facts: { method: 'GET', path: '/users/uma/edit', why: 'Your profile does not include “edit user”.' },
    });
  });

  it('notes twenty of such tries in an hour, and no more: nobody fills the history with them', async () => {
    const stan = await site.visitor('stan');
    for (let n = 0; n < 25; n += 1) await stan.get('/users/uma/edit');
    expect((await actsUpon(site, site.ids.uma)).length).to.equal(20);
    await (await site.visitor('mona')).get('/users/uma/edit');
    expect((await actsUpon(site, site.ids.uma)).length).to.equal(21);
  });

  for (const name of ['stan', 'mona', 'gus', 'april', 'uma'] as const) {
    it(`is not for ${name}`, async () => {
      const visitor = await site.visitor(name);
      expect((await visitor.get('/history')).status).to.equal(403);
      expect((await visitor.get('/users/uma/history')).status).to.equal(403);
    });
  }
});
