import { expect } from 'chai';
import type { Name } from '../seeds/world.ts';
import { connectTo } from './kit/connection.ts';
import { bellOf, noticesOn, putNotice } from './kit/notices.ts';
import { siteForEach } from './kit/site.ts';
import { modes } from './kit/visitor.ts';

describe('The page of notifications', () => {
  const { site } = siteForEach();

  const isRead = async (id: number) => (await site.db('notifications').where({ id }).first('readAt')).readAt !== null;
  const pathOf = ({ url }: { url: string }) => new URL(url).pathname;

  for (const mode of modes) {
    it(`lists what is unread first, tells it by a word, and opening one leads on and marks it (${mode})`, async () => {
      const first = await putNotice(site, 'uma', { says: 'The first' });
      await putNotice(site, 'uma', { says: 'The second', readAt: new Date() });
      await putNotice(site, 'uma', { says: 'The third', leads: '' });
      await putNotice(site, 'ines', { says: 'Of somebody else' });
      const uma = await site.visitor('uma', mode);
      const page = await uma.get('/my/notifications');
      expect(noticesOn(page)).to.deep.equal(['Unread The third', 'Unread The first', 'The second']);
      expect(pathOf(await uma.submit(`/notifications/${first}/open`))).to.equal('/my/visits');
      expect(await isRead(first)).to.equal(true);
      expect(noticesOn(await uma.get('/my/notifications'))).to.deep.equal(['Unread The third', 'The second', 'The first']);
      expect(noticesOn(await uma.get('/my/notifications?show=unread'))).to.deep.equal(['Unread The third']);
    });

    it(`marks one as read, or all that were there when it was opened (${mode})`, async () => {
      const [one, two] = [await putNotice(site, 'uma'), await putNotice(site, 'uma')];
      const uma = await site.visitor('uma', mode);
      await uma.get('/my/notifications?show=unread');
      const after = await uma.submit(`/notifications/${one}/read`);
      expect(after.url).to.match(/\/my\/notifications\?show=unread$/);
      expect(after.text).to.include('Marked as read.');
      expect([await isRead(one), await isRead(two)]).to.deep.equal([true, false]);
      const late = await putNotice(site, 'uma');
      await uma.submit('/notifications/read');
      expect([await isRead(two), await isRead(late)]).to.deep.equal([true, false]);
    });
  }

  it('shows in the bell how many are unread, on every page, and beyond 99 that there are more', async () => {
    const uma = await site.visitor('uma');
    expect(bellOf(await uma.get('/my'))).to.equal('Notifications, none unread');
    await putNotice(site, 'uma');
    await putNotice(site, 'uma', { readAt: new Date() });
    await putNotice(site, 'uma', { dueAt: '2126-01-01' });
    expect(bellOf(await uma.get('/account'))).to.equal('Notifications1 unread');
    for (let count = 0; count < 99; count += 1) await putNotice(site, 'uma');
    expect(bellOf(await uma.get('/my'))).to.equal('Notifications99+ unread');
  });

  it('is turned by key, unread or all', async () => {
    for (let count = 0; count < 30; count += 1)
      await putNotice(site, 'olga', { says: `Number ${count}.`, readAt: count % 2 ? new Date() : null });
    const olga = await site.visitor('olga');
    const seen = noticesOn(await olga.get('/notifications'));
    expect(seen).to.have.length(25);
    const next = olga.page.document.querySelector('#page-next')?.getAttribute('href') as string;
    seen.push(...noticesOn(await olga.get(next)));
    const even = Array.from({ length: 15 }, (_, index) => `Unread Number ${28 - 2 * index}.`);
    const odd = Array.from({ length: 15 }, (_, index) => `Number ${29 - 2 * index}.`);
    expect(seen).to.deep.equal([...even, ...odd]);
    const previous = olga.page.document.querySelector('#page-previous')?.getAttribute('href') as string;
    expect(noticesOn(await olga.get(previous))).to.deep.equal(seen.slice(0, 25));
    expect((await olga.get('/notifications?after=nonsense&limit=7&show=x')).status).to.equal(200);
  });

  it('stands at one address for each: customers among their sections, everybody else beside the administration', async () => {
    for (const [name, path] of [
      ['uma', '/my/notifications'],
      ['stan', '/notifications'],
      ['april', '/notifications'],
      ['olga', '/notifications'],
    ] as [Name, string][]) {
      const id = await putNotice(site, name, { says: `To ${name}` });
      const visitor = await site.visitor(name);
      const shown = await visitor.get('/notifications');
      expect([pathOf(shown), noticesOn(shown)], name).to.deep.equal([path, [`Unread To ${name}`]]);
      expect(shown.document.querySelector('#bell')?.getAttribute('href')).to.equal(path);
      expect(pathOf(await visitor.get(`/notifications/${id}`))).to.equal(`${path}/${id}`);
      expect(shown.document.querySelectorAll(`.side a[href$="notifications"]`)).to.have.length(1);
    }
    const stan = await site.visitor('stan');
    expect(pathOf(await stan.get('/my/notifications'))).to.equal('/notifications');
  });

  it('changes nothing by being opened, and nothing of somebody else by whatever is sent', async () => {
    const own = await putNotice(site, 'uma');
    const other = await putNotice(site, 'ines');
    const uma = await site.visitor('uma');
    await uma.get('/my/notifications');
    await uma.get(`/my/notifications/${own}`);
    expect(await isRead(own)).to.equal(false);
    const absent = await uma.get('/my/notifications/999999999');
    const foreign = await uma.get(`/my/notifications/${other}`);
    expect([foreign.status, foreign.text]).to.deep.equal([404, absent.text]);
    await uma.get('/my/notifications');
    for (const act of ['open', 'read']) {
      const answer = await uma.post(`/notifications/${other}/${act}`, {});
      expect(answer.status).to.equal(404);
      await uma.get('/my/notifications');
    }
    await uma.post('/notifications/read', { newest: String(other) });
    expect([await isRead(own), await isRead(other)]).to.deep.equal([true, false]);
  });

  it('leads nowhere outside, whatever the database or a form says', async () => {
    const id = await putNotice(site, 'uma', { leads: '//evil.example' });
    const uma = await site.visitor('uma');
    await uma.get('/my/notifications');
    expect(pathOf(await uma.submit(`/notifications/${id}/open`))).to.equal(`/my/notifications/${id}`);
    await uma.get('/my');
    await uma.get('/my/notifications');
    expect(pathOf(await uma.post('/notifications/read', { newest: '1', return_to: 'https://evil.example' }))).to.equal(
      '/my/notifications',
    );
  });

  it('prints what people are called as they wrote it', async () => {
    const nasty = '<script>alert(1)</script> "x" & \'y\'';
    const id = await putNotice(site, 'uma', { says: nasty });
    const uma = await site.visitor('uma');
    for (const path of ['/my/notifications', `/my/notifications/${id}`]) {
      const page = await uma.get(path);
      expect(page.html).to.not.include('<script>alert');
      expect(page.document.textContent).to.include(nasty);
    }
  });

  it('is looked at by an administrator who is connected: the user’s, without marking them, and the bell stays the own', async () => {
    const one = await putNotice(site, 'uma', { says: 'A visit' });
    const two = await putNotice(site, 'uma', { says: 'Another password', leads: '/account/sessions' });
    await putNotice(site, 'uma');
    const olga = await site.visitor('olga');
    await connectTo(olga, 'uma');
    const page = await olga.get('/my/notifications');
    expect(noticesOn(page)).to.include('Unread A visit');
    expect(page.text).to.include('nothing is marked as read for Uma Trucking Ltd');
    expect(bellOf(page)).to.equal('Notifications, none unread');
    expect(page.document.querySelector('.side .of-connected a[href="/my/notifications"] .count')?.text).to.equal('3 unread');
    expect(page.document.querySelectorAll('.notices form, .head form')).to.have.length(0);
    const hrefs = page.document.querySelectorAll('.notices a').map((link) => link.getAttribute('href'));
    expect(hrefs).to.deep.equal(['/my/visits', '/my/visits']);
    for (const id of [one, two]) {
      await olga.get(`/my/notifications/${id}`);
      expect((await olga.post(`/notifications/${id}/read`, {})).status).to.equal(404);
      expect(await isRead(id)).to.equal(false);
    }
  });

  it('is there for nobody who is restricted, and they see no bell', async () => {
    const sue = await site.visitor('sue');
    expect(bellOf(await sue.get('/account'))).to.equal(undefined);
    expect((await sue.get('/my/notifications')).status).to.equal(403);
  });

  it('says what to expect where there is none', async () => {
    const mona = await site.visitor('mona');
    expect((await mona.get('/notifications')).text).to.include('No notifications yet');
    expect((await mona.get('/notifications?show=unread')).text).to.include('Nothing unread');
  });
});
