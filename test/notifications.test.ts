import { expect } from 'chai';
import type { Name } from '../seeds/world.ts';
import { catalogue, type LetterKind, templateOf } from '../src/mail/catalogue.ts';
import { leaveServerAlone } from '../src/mail/server.ts';
import { eraseOldNotifications } from '../src/notifications/erase.ts';
import { partsOf } from '../src/notifications/parts.ts';
import { addThing } from '../src/things/save.ts';
import { shareThing } from '../src/things/share.ts';
import { purgeUser } from '../src/users/remove.ts';
import { moveUser } from '../src/users/states.ts';
import { actorFor } from './kit/actor.ts';
import { lettersTo, turnMailOn, write } from './kit/letters.ts';
import { putNotice, told } from './kit/notices.ts';
import { siteForEach } from './kit/site.ts';
import { inEyesOf } from './kit/viewer.ts';

describe('Notifications', () => {
  const { site } = siteForEach();

  const says = async (name: Name) => (await told(site, name)).map((one) => one.says);

  it('are kept with the letter about the same thing, in the act that it tells of', async () => {
    await turnMailOn(site);
    const olga = await actorFor(site.db, 'olga');
    await moveUser(site.db, olga, 'uma', 'suspend', 'Not paid.');
    const [one, ...more] = await told(site, 'uma');
    expect(more).to.deep.equal([]);
    expect(one).to.include({ kind: 'suspended', says: 'Your account has been suspended', leads: '/account', readAt: null });
    const { id } = await site.db('history').where({ act: 'user.suspended' }).first('id');
    expect(one.historyId).to.equal(id);
    expect((await lettersTo(site, 'uma')).map(({ kind }) => kind)).to.deep.equal(['suspended']);
  });

  it('come also while outgoing mail is off, and where their user has turned the letter off', async () => {
    const olga = await actorFor(site.db, 'olga');
    await moveUser(site.db, olga, 'uma', 'suspend', 'x');
    await turnMailOn(site);
    await site.db('users').update({ mutedLetters: ['state'] });
    await moveUser(site.db, olga, 'ines', 'suspend', 'x');
    expect(await site.db('letters')).to.deep.equal([]);
    for (const name of ['uma', 'ines'] as const) expect(await says(name)).to.deep.equal(['Your account has been suspended']);
  });

  it('are made of no letter that lets somebody in, of one to an address without an account, and of none that is sent again', async () => {
    await turnMailOn(site);
    const olga = await site.visitor('olga');
    await olga.get('/users/ivo');
    await olga.submit('/users/ivo/activation-email');
    expect((await lettersTo(site, 'ivo')).length).to.equal(1);
    await write(site, 'uma', { user: null, address: 'stranger@world.example' });
    expect(await site.db('notifications')).to.deep.equal([]);
    const id = await write(site, 'uma');
    await site.db('letters').where({ id }).update({ state: 'sent' });
    await olga.get(`/mail/${id}`);
    await olga.submit(`/mail/${id}/resend`);
    expect((await lettersTo(site, 'uma')).length).to.equal(2);
    expect(await says('uma')).to.have.length(1);
  });

  it('exist for every kind of letter that brings no link: a short sentence, and a page of this console', () => {
    const data = new Proxy({ day: '2027-05-31', profile: 'monitor' } as Record<string, string>, {
      get: (known, name) => known[String(name)] ?? 'something',
    });
    for (const kind of Object.keys(catalogue) as LetterKind[]) {
      const { button, leads, tells, subject } = templateOf(kind);
      expect(button === undefined, kind).to.equal(leads !== undefined);
      if (leads === undefined) continue;
      expect((tells ?? subject)(data), kind).to.match(/^[^\n]{5,110}[^.!\n]$/);
      expect(typeof leads === 'string' ? leads : leads(data), kind).to.match(/^\/([a-z][\w/?=.-]*)?$/);
    }
  });

  it('go with the undoing of their act; who had read of it is told how it is again', async () => {
    const olga = await site.visitor('olga');
    const suspend = async (name: 'uma' | 'ines') => {
      await olga.get(`/users/${name}/suspend`);
      await olga.submit(`/users/${name}/suspend`, { reason: 'x' });
    };
    const undo = () => olga.submit(olga.page.document.querySelector('#flash form')?.getAttribute('action') as string);
    await suspend('uma');
    await undo();
    expect(await says('uma')).to.deep.equal([]);
    await suspend('ines');
    await site.db('notifications').update({ readAt: new Date() });
    await undo();
    expect(await says('ines')).to.deep.equal(['Your account is active']);
  });

  it('tell of things that were shared, given or taken back by others, in the name of whom it was done for', async () => {
    const uma = await site.visitor('uma');
    await uma.get('/my/objects/new');
    await uma.submit('/my/objects/new', { name: 'Lorry 1' });
    const path = new URL(uma.page.url).pathname;
    await uma.get(`${path}/share`);
    await uma.submit(`${path}/share`, { with: 'ines', may: 'manage' });
    const [share] = await told(site, 'ines');
    expect(share).to.include({
      says: 'Uma Trucking Ltd shares “Lorry 1” with you, to manage',
      leads: path,
      aboutId: site.ids.uma,
    });
    const { id } = await site.db('shares').first('id');
    await uma.post(`${path}/unshare`, { subject: String(site.ids.uma), share: String(id) });
    await uma.get(`${path}/transfer`);
    await uma.submit(`${path}/transfer`, { to: 'ines' });
    expect(await says('ines')).to.deep.equal([
      'Uma Trucking Ltd shares “Lorry 1” with you, to manage',
      'Uma Trucking Ltd no longer shares “Lorry 1” with you',
      'Uma Trucking Ltd has transferred “Lorry 1” to you',
    ]);
    expect(await says('uma')).to.deep.equal([]);
    const ines = await site.visitor('ines');
    await ines.get('/my/notifications');
    expect((await ines.submit(`/notifications/${share.id}/open`)).text).to.include('Lorry 1');
  });

  it('tell of things whatever signs their names hold, where the sentence is cut short', async () => {
    for (const name of [`A${'😀'.repeat(100)}`, '😀'.repeat(100)]) {
      await site.db('users').where({ username: 'uma' }).update({ name });
      const { by, viewer } = await inEyesOf(site, 'uma');
      const values = { kind: 'object', name: '😀'.repeat(50), description: '' } as const;
      const { id } = await addThing(site.db, by, viewer, { ...values, owner: 'uma', groupIds: [] });
      await shareThing(site.db, by, viewer, { section: 'object', id, with: 'ines', may: 'view', endsAt: null });
    }
    const sentences = await says('ines');
    expect(sentences).to.have.length(2);
    expect(sentences.join()).to.not.match(/\p{Cs}/u);
  });

  it('say once what was given at once', async () => {
    const olga = await site.visitor('olga');
    for (const name of ['One', 'Two']) await site.db('things').insert({ kind: 'object', name, ownerId: site.ids.uma });
    const ids = await site.db('things').pluck('id');
    await olga.get(`/objects/selected?act=transfer&thing=${ids[0]}&thing=${ids[1]}`);
    await olga.submit('/objects/selected', { to: 'ines' });
    expect(await says('ines')).to.deep.equal(['Olga Ivanova has transferred 2 objects to you']);
    await olga.get('/users/ines/things/transfer');
    await olga.submit('/users/ines/things/transfer', { to: 'uma' });
    expect(await says('uma')).to.deep.equal(['Olga Ivanova has transferred 2 things to you']);
  });

  it('tell administrators once that mail cannot be sent, when it has not been for some minutes', async () => {
    for (let count = 0; count < 4; count += 1) await leaveServerAlone(site.db, 'connect ECONNREFUSED');
    expect(await says('olga')).to.deep.equal([]);
    for (let count = 0; count < 4; count += 1) await leaveServerAlone(site.db, 'connect ECONNREFUSED');
    for (const name of ['olga', 'oscar'] as const)
      expect(await says(name)).to.deep.equal(['Mail cannot be sent: the mail server does not take it']);
    expect(await says('stan')).to.deep.equal([]);
  });

  it('go with the account whose name stands in them, and with their own', async () => {
    await putNotice(site, 'uma', { says: 'Dora Deleted did something', aboutId: site.ids.dora });
    await putNotice(site, 'dora');
    const olga = await site.visitor('olga');
    expect((await olga.get('/users/dora/purge')).text).to.include('1 notification');
    await purgeUser(site.db, await actorFor(site.db, 'olga'), 'dora', []);
    expect(await site.db('notifications')).to.deep.equal([]);
  });

  it('are erased after the days that the settings say, however many', async () => {
    await site.db('settings').update({ notificationDays: 30 });
    await site.db.raw(
      `insert into notifications (user_id, kind, due_at) select ?, 'locked', now() - interval '31 days' from generate_series(1, 4100)`,
      [site.ids.uma],
    );
    const young = await putNotice(site, 'uma', { dueAt: site.db.raw(`now() - interval '29 days'`) });
    await eraseOldNotifications(site.db);
    expect(await site.db('notifications').pluck('id')).to.deep.equal([young]);
  });

  it('show as links only what begins with http, without the sign that ends a sentence', () => {
    const links = (text: string) => partsOf(text).flatMap(({ href }) => href ?? []);
    expect(links('See https://status.example/a?b=1, or (http://b.example/x).')).to.deep.equal([
      'https://status.example/a?b=1',
      'http://b.example/x',
    ]);
    expect(links('javascript:alert(1) data:text/html,x //evil.example ftp://x.example www.x.example')).to.deep.equal([]);
    const nasty = '"><script>alert(1)</script> https://a.example/"onclick="x"';
    expect(
      partsOf(nasty)
        .map(({ text }) => text)
        .join(''),
    ).to.equal(nasty);
    expect(links(nasty)).to.deep.equal(['https://a.example/']);
  });
});
