import { expect } from 'chai';
import type { Name } from '../seeds/world.ts';
import type { Actor } from '../src/access/actor.ts';
import { findAnnouncement } from '../src/announcements/announcement.ts';
import {
  continueAnnouncements,
  resumeAnnouncement,
  sendAnnouncement,
  stopAnnouncement,
  withdrawAnnouncement,
  workOn,
} from '../src/announcements/send.ts';
import { deleteDraft, editAnnouncement } from '../src/announcements/write.ts';
import { belongings } from '../src/belongings.ts';
import { readHistory } from '../src/history/timeline.ts';
import { takeLetter } from '../src/mail/queue.ts';
import { readContents } from '../src/mail/ready.ts';
import { eraseOldNotifications } from '../src/notifications/erase.ts';
import { markAllRead } from '../src/notifications/list.ts';
import { purgeUser } from '../src/users/remove.ts';
import { actorFor } from './kit/actor.ts';
import { announce, begin, draft } from './kit/announcing.ts';
import { turnMailOn } from './kit/letters.ts';
import { bellOf, noticesOn, told } from './kit/notices.ts';
import { siteForEach } from './kit/site.ts';

/** Whose accounts of the world work: a lock keeps nobody out for good. */
const able: Name[] = ['olga', 'oscar', 'stan', 'gus', 'mona', 'april', 'uma', 'lea', 'ines', 'flo'];
const customers: Name[] = ['uma', 'lea', 'ines', 'flo'];

describe('An announcement', () => {
  const { site } = siteForEach();
  let olga: Actor;
  beforeEach(async () => {
    olga = await actorFor(site.db, 'olga');
  });

  const receivers = async () =>
    site.db('notifications').join('users', 'users.id', 'notifications.userId').orderBy('users.id').pluck('users.username');
  const refusal = (work: Promise<unknown>) =>
    work.then(
      () => 'done',
      (error: Error) => error.message,
    );
  const acts = async () => site.db('history').where('act', 'like', 'announcement.%').orderBy('id').pluck('act');

  it('reaches everybody whose account works, once, and is recorded', async () => {
    const sent = await announce(site.db, olga);
    expect(await receivers()).to.deep.equal(able);
    expect(sent).to.include({ state: 'sent', expected: able.length, receivers: able.length, readers: 0, sender: 'Olga Ivanova' });
    await workOn(site.db, sent.id);
    await continueAnnouncements(site.db);
    expect(await receivers()).to.have.length(able.length);
    expect(await acts()).to.deep.equal(['announcement.written', 'announcement.sent']);
    const words = await site
      .db('historyWords as w')
      .join('history as h', 'h.id', 'w.historyId')
      .where({ act: 'announcement.sent', part: 'user' });
    expect(words[0].words.facts).to.deep.include({ title: 'Maintenance', users: able.length });
    expect(await site.db('letters')).to.deep.equal([]);
  });

  it('reaches those alone whom its filter words find at that time, and nobody who came later', async () => {
    const id = await begin(site.db, olga, { words: 'profile:customer -horvat' });
    await site.db('users').insert({
      username: 'late',
      email: 'late@world.example',
      name: 'Late',
      state: 'STATE_APPROVED',
      emailVerifiedAt: new Date(),
    });
    await site.db('users').where({ username: 'ines' }).update({ state: 'STATE_INACTIVE' });
    await workOn(site.db, id);
    expect(await receivers()).to.deep.equal(['lea', 'flo']);
  });

  it('leaves after the letters for which somebody waits', async () => {
    await turnMailOn(site);
    await announce(site.db, olga, { words: 'profile:customer', mails: true });
    await site.db('letters').insert({ kind: 'locked', userId: site.ids.uma, address: 'uma@world.example' });
    const kinds: string[] = [];
    for (let count = 0; count < 3; count += 1) kinds.push((await takeLetter(site.db))?.kind ?? '');
    expect(kinds).to.deep.equal(['locked', 'announcement', 'announcement']);
  });

  it('is read on a page of its own, whole, with its line breaks, and nothing in it runs', async () => {
    const text = 'One.\n\n<b>Two</b> javascript:alert(1)\nSee https://status.example/a.';
    const sent = await announce(site.db, olga, { title: 'News <i>', text });
    const uma = await site.visitor('uma');
    const list = await uma.get('/my/notifications');
    expect(noticesOn(list)).to.deep.equal(['Unread News <i>']);
    const [{ id }] = await told(site, 'uma');
    const page = await uma.submit(`/notifications/${id}/open`);
    expect(new URL(page.url).pathname).to.equal(`/my/notifications/${id}`);
    const prose = page.document.querySelector('.prose');
    expect(prose?.textContent).to.equal(text);
    expect(prose?.querySelectorAll('b, script')).to.deep.equal([]);
    const links = prose?.querySelectorAll('a').map((link) => [link.getAttribute('href'), link.getAttribute('rel')]);
    expect(links).to.deep.equal([['https://status.example/a', 'noopener noreferrer nofollow']]);
    expect((await told(site, 'uma'))[0].readAt).to.not.equal(null);
    expect((await findAnnouncement(site.db, sent.id)).readers).to.equal(1);
  });

  it('counts who has read it, also when the notifications are erased', async () => {
    const { id } = await announce(site.db, olga);
    const newest = Number((await site.db('notifications').max({ id: 'id' }).first())?.id);
    for (const name of ['uma', 'ines', 'olga'] as const) await markAllRead(site.db, await actorFor(site.db, name), newest);
    expect((await findAnnouncement(site.db, id)).readers).to.equal(3);
    await site.db('notifications').update({ dueAt: '2020-01-01' });
    await eraseOldNotifications(site.db);
    expect(await receivers()).to.deep.equal([]);
    expect((await findAnnouncement(site.db, id)).readers).to.equal(3);
  });

  it('is withdrawn: it vanishes from pages and bells at once, what waits to be mailed is not sent, and who had read it stays counted', async () => {
    await turnMailOn(site);
    const { id } = await announce(site.db, olga, { mails: true });
    const uma = await site.visitor('uma');
    await uma.get('/my/notifications');
    const [notice] = await told(site, 'uma');
    await uma.submit(`/notifications/${notice.id}/read`);
    const ines = await site.visitor('ines');
    expect(bellOf(await ines.get('/my'))).to.equal('Notifications1 unread');
    await withdrawAnnouncement(site.db, olga, id);
    expect(bellOf(await ines.get('/my')), 'before anything is cleared away').to.equal('Notifications, none unread');
    expect(noticesOn(await ines.get('/my/notifications'))).to.deep.equal([]);
    expect((await uma.get(`/my/notifications/${notice.id}`)).status).to.equal(404);
    await continueAnnouncements(site.db);
    expect(await receivers()).to.deep.equal([]);
    expect(await findAnnouncement(site.db, id)).to.include({ state: 'withdrawn', readers: 1 });
    const letter = await takeLetter(site.db);
    expect(letter && (await readContents(site.db, letter))).to.equal('It has been withdrawn.');
    expect(await acts()).to.include('announcement.withdrawn');
    expect(await refusal(withdrawAnnouncement(site.db, olga, id))).to.equal('It has been withdrawn already.');
  });

  it('stops where it is, goes on from there, and stops by itself when its sender may no more', async () => {
    const id = await begin(site.db, olga);
    expect(await stopAnnouncement(site.db, olga, id)).to.equal(true);
    expect(await stopAnnouncement(site.db, olga, id)).to.equal(false);
    await workOn(site.db, id);
    expect(await receivers()).to.deep.equal([]);
    await resumeAnnouncement(site.db, olga, id);
    await site.db('users').where({ username: 'olga' }).update({ profile: 'standard' });
    await workOn(site.db, id);
    expect((await findAnnouncement(site.db, id)).state).to.equal('stopped');
    expect(await receivers()).to.deep.equal([]);
    const oscar = await actorFor(site.db, 'oscar');
    await resumeAnnouncement(site.db, oscar, id);
    await workOn(site.db, id);
    expect(await receivers()).to.deep.equal(able);
    expect(await refusal(resumeAnnouncement(site.db, oscar, id))).to.equal('It is not stopped.');
    expect(await acts()).to.deep.equal([
      'announcement.written',
      'announcement.sent',
      'announcement.stopped',
      'announcement.resumed',
      'announcement.resumed',
    ]);
  });

  it('is not sent as somebody has changed it meanwhile, not twice, not to nobody, and once sent not changed', async () => {
    const id = await draft(site.db, olga);
    const written = { title: 'Other', text: 'Other', words: 'profile:customer', mails: false, bannerUntil: null };
    await editAnnouncement(site.db, olga, { id, version: 1, written });
    const changed = 'Somebody has changed it since this page was opened. Look at it again.';
    expect(await refusal(sendAnnouncement(site.db, olga, { id, version: 1 }))).to.equal(changed);
    expect(await refusal(editAnnouncement(site.db, olga, { id, version: 1, written }))).to.match(/^“Other” has been changed/);
    await sendAnnouncement(site.db, olga, { id, version: 2 });
    const over = 'It has been sent meanwhile and can no longer be changed.';
    expect(await refusal(sendAnnouncement(site.db, olga, { id, version: 2 }))).to.equal(over);
    expect(await refusal(editAnnouncement(site.db, olga, { id, version: 2, written }))).to.equal(over);
    expect(await refusal(deleteDraft(site.db, olga, id))).to.equal(over);
    await workOn(site.db, id);
    expect(await receivers()).to.deep.equal(customers);
    const nobody = await draft(site.db, olga, { words: 'state:inactive' });
    expect(await refusal(sendAnnouncement(site.db, olga, { id: nobody, version: 1 }))).to.match(/^Nobody would get it/);
    expect(await refusal(withdrawAnnouncement(site.db, olga, nobody))).to.equal('It has not been sent.');
  });

  it('is edited without the history keeping what its filter words search for, which may be a name', async () => {
    const id = await draft(site.db, olga, { words: 'dora state:active' });
    const written = { title: 'Other', text: 'On Sunday from 2 to 4.', words: 'horvat', mails: false, bannerUntil: null };
    await editAnnouncement(site.db, olga, { id, version: 1, written });
    await editAnnouncement(site.db, olga, { id, version: 2, written: { ...written, words: 'horvat state:active' } });
    const edits = (await readHistory(site.db, {}, { limit: 9 })).filter(({ act }) => act === 'announcement.edited');
    expect(edits.map(({ changes, facts }) => [changes, facts])).to.deep.equal([
      [{}, { announcement: id, title: 'Other', filteredBy: ['q', 'state'] }],
      [{ title: ['Maintenance', 'Other'] }, { announcement: id, title: 'Other', filteredBy: ['q'] }],
    ]);
  });

  it('no longer names whoever is purged, nor finds who gets that username next', async () => {
    const ids = [];
    for (const words of ['dora', '-DORA@world.example profile:customer', '"Dora Deleted" uma', 'profile:customer', 'dorado'])
      ids.push(await draft(site.db, olga, { words }));
    await purgeUser(site.db, olga, 'dora', belongings);
    const rows = await site.db('announcements').whereIn('id', ids).orderBy('id');
    expect(rows.map(({ words, version }) => `${words} ${version}`)).to.deep.equal([
      '(erased) 2',
      '-(erased) profile:customer 2',
      '"(erased)" uma 2',
      'profile:customer 1',
      'dorado 1',
    ]);
    expect(JSON.stringify(rows.map(({ filter }) => filter))).to.not.match(/dora(?!do)/i);
    expect(await refusal(sendAnnouncement(site.db, olga, { id: Number(ids[0]), version: 2 }))).to.match(/^Nobody would get it/);
  });

  it('stays when its author is purged, and no longer says by whom and from where it was sent', async () => {
    const oscar = { ...(await actorFor(site.db, 'oscar')), address: '192.0.2.77' };
    const { id } = await announce(site.db, oscar, { words: 'profile:customer' });
    await site.db('users').where({ username: 'oscar' }).update({ deletedAt: new Date() });
    const visitor = await site.visitor('olga');
    expect((await visitor.get('/users/oscar/purge')).text).to.include('1 announcement');
    await purgeUser(site.db, olga, 'oscar', belongings);
    expect(await findAnnouncement(site.db, id)).to.include({ author: null, sender: null, runBy: null, state: 'sent' });
    expect(await receivers()).to.deep.equal(customers);
  });

  it('is nothing for whoever is no administrator', async () => {
    const id = await draft(site.db, olga);
    for (const name of ['stan', 'uma'] as const) {
      const by = await actorFor(site.db, name);
      const words = /does not include/;
      expect(await refusal(draft(site.db, by))).to.match(words);
      expect(await refusal(sendAnnouncement(site.db, by, { id, version: 1 }))).to.match(words);
      expect(await refusal(withdrawAnnouncement(site.db, by, id))).to.match(words);
      expect(await refusal(deleteDraft(site.db, by, id))).to.match(words);
    }
  });
});
