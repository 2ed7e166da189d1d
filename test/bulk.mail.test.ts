import { expect } from 'chai';
import type { Name } from '../seeds/world.ts';
import type { Actor } from '../src/access/actor.ts';
import { answerBulk } from '../src/bulk/begin.ts';
import { findBulk } from '../src/bulk/bulk.ts';
import { runBulk, stopBulk } from '../src/bulk/run.ts';
import { undoBulk } from '../src/bulk/undo.ts';
import { actNamed, act as actUpon, check, start, worksOn } from './fixtures/bulk.ts';
import { press } from './fixtures/selecting.ts';
import { actorFor } from './kit/actor.ts';
import { lettersTo, turnMailOn } from './kit/letters.ts';
import { told } from './kit/notices.ts';
import { addCrowd, dyingAfter } from './kit/race.ts';
import { siteForEach } from './kit/site.ts';
import { modes, type Visitor } from './kit/visitor.ts';

const pathOf = ({ url }: { url: string }) => new URL(url).pathname;

describe('Letters of an act upon many users', () => {
  const { site } = siteForEach();
  let actor: Actor;
  beforeEach(async () => {
    await turnMailOn(site);
    actor = await actorFor(site.db, 'olga');
  });

  const live = (...names: Name[]) => ({ upon: 'live', ids: names.map((name) => site.ids[name]) }) as const;
  const letters = () =>
    site.db('letters').orderBy('id').select('username', 'kind', 'state', site.db.raw('due_at - now() as wait'));
  const preview = async (visitor: Visitor, act: string, names: Name[]) => {
    await visitor.get('/users?limit=50');
    return press(
      visitor,
      { act },
      names.map((name) => site.ids[name]),
    );
  };
  const box = (visitor: Visitor) => visitor.page.document.querySelector('input[name=mail_users]');

  for (const mode of modes) {
    it(`are chosen beside the button, wait until the act can no longer be undone, and go with its undoing (${mode})`, async () => {
      const olga = await site.visitor('olga', mode);
      const shown = await preview(olga, 'suspend user', ['uma', 'ines']);
      expect(box(olga)?.hasAttribute('checked')).to.equal(true);
      await olga.submit(`${pathOf(shown)}/run`, { reason: 'Not paid.' });
      const written = await letters();
      expect(written.map(({ username, kind, state }) => `${username} ${kind} ${state}`)).to.deep.equal([
        'uma suspended queued',
        'ines suspended queued',
      ]);
      for (const { wait } of written) expect(wait.minutes).to.be.above(10);
      await olga.submit(`${pathOf(shown)}/undo`);
      expect((await letters()).map(({ state }) => state)).to.deep.equal(['dropped', 'dropped']);
      const words = await site.db('historyWords').whereRaw(`words ->> 'facts' like '%"suspend user"%'`).first();
      expect(words.words.facts).to.include({ mailsUsers: true });
    });
  }

  it('are not written when the choice is taken away', async () => {
    const olga = await site.visitor('olga');
    const shown = await preview(olga, 'suspend user', ['uma']);
    const fields = { _csrf: olga.token(), reason: 'Not paid.' };
    expect((await olga.post(`${pathOf(shown)}/run`, fields)).text).to.include('1 user suspended.');
    expect(await letters()).to.deep.equal([]);
  });

  it('keep the choice that was made when the form needs mending', async () => {
    const olga = await site.visitor('olga');
    const shown = await preview(olga, 'suspend user', ['uma']);
    await olga.post(`${pathOf(shown)}/run`, { _csrf: olga.token(), reason: '' });
    expect(olga.page.status).to.equal(422);
    expect(box(olga)?.hasAttribute('checked')).to.equal(false);
    await olga.submit(`${pathOf(shown)}/run`, { reason: '', mail_users: 'on' });
    expect(box(olga)?.hasAttribute('checked')).to.equal(true);
  });

  it('are off by themselves when there are more than a hundred', async () => {
    await addCrowd(site.db, 101);
    const olga = await site.visitor('olga');
    const id = await check(site.db, actor, 'deactivate user', { upon: 'live', filter: { q: 'crowd.example' } });
    await olga.get(`/users/bulk/${id}`);
    expect(box(olga)?.hasAttribute('checked')).to.equal(false);
  });

  it('are no choice where the act writes none', async () => {
    const olga = await site.visitor('olga');
    await olga.get(`/users/bulk/${await check(site.db, actor, 'purge user', { upon: 'deleted', ids: [site.ids.dora] })}`);
    expect(box(olga)).to.equal(null);
    await olga.get(`/users/bulk/${await check(site.db, actor, 'deactivate user', live('uma'))}`);
    expect(box(olga)).to.not.equal(null);
  });

  it('are written to nobody while outgoing mail is off: the choice is to notify in the console, when it can no longer be undone', async () => {
    await site.db('settings').update({ outgoingMail: false });
    const olga = await site.visitor('olga');
    const shown = await preview(olga, 'suspend user', ['uma', 'ines']);
    expect(shown.text).to.include('Notify the users').and.not.include('Mail the users');
    const done = await olga.submit(`${pathOf(shown)}/run`, { reason: 'Not paid.' });
    expect(await letters()).to.deep.equal([]);
    expect((await told(site, 'uma')).map(({ kind, waits }) => [kind, waits])).to.deep.equal([['suspended', true]]);
    await olga.get(pathOf(done));
    await olga.submit(`${pathOf(done)}/undo`);
    expect(await told(site, 'uma')).to.deep.equal([]);
  });

  it('are written for each user once when a killed process has left some, as it was chosen', async () => {
    const id = await check(site.db, actor, 'deactivate user', live('uma', 'ines', 'stan'));
    await start(site.db, actor, id, { mail_users: 'on' });
    await runBulk(worksOn(dyingAfter(site.db, 1)), id).catch(() => {});
    await runBulk(worksOn(site.db), id);
    const told = (await letters()).map(({ username }) => username);
    expect(told).to.have.members(['uma', 'ines', 'stan']);
  });

  it('offer the same choice again when it was stopped', async () => {
    const id = await check(site.db, actor, 'deactivate user', live('uma'));
    await start(site.db, actor, id, {});
    await stopBulk(site.db, actor, await findBulk(site.db, id));
    const olga = await site.visitor('olga');
    await olga.get(`/users/bulk/${id}`);
    expect(box(olga)?.hasAttribute('checked')).to.equal(false);
  });

  it('that have left are followed by how it is again when all of it is undone', async () => {
    const id = await actUpon(site.db, actor, 'deactivate user', live('uma', 'ines'), { mail_users: 'on' });
    await site.db('letters').where({ username: 'uma' }).update({ state: 'sent' });
    await runBulk(worksOn(site.db), await undoBulk(site.db, actor, await findBulk(site.db, id), actNamed('deactivate user')));
    expect((await lettersTo(site, 'uma')).map(({ kind }) => kind)).to.deep.equal(['deactivated', 'activated']);
    expect((await lettersTo(site, 'ines')).map(({ state }) => state)).to.deep.equal(['dropped']);
  });

  it('tell of another profile and another last day', async () => {
    const set = async (name: string, to: Name, typed: Record<string, string>) => {
      const id = await check(site.db, actor, name, live(to));
      await answerBulk(site.db, actor, await findBulk(site.db, id), actNamed(name), typed);
      await runBulk(worksOn(site.db), id);
      await start(site.db, actor, id, { mail_users: 'on' });
      await runBulk(worksOn(site.db), id);
    };
    await set('set profile', 'uma', { profile: 'monitor' });
    await set('set expiry', 'ines', { expires_at: '2031-05-31' });
    expect((await lettersTo(site, 'uma')).map(({ kind }) => kind)).to.deep.equal(['profile-set']);
    expect((await lettersTo(site, 'ines')).map(({ kind }) => kind)).to.deep.equal(['expiry-set']);
  });
});
