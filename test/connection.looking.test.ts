import { expect } from 'chai';
import type { Name } from '../seeds/world.ts';
import { connectTo } from './kit/connection.ts';
import { giveLink, turnMailOn, write } from './kit/letters.ts';
import { siteForEach } from './kit/site.ts';
import type { Visitor } from './kit/visitor.ts';

describe('Connected to look only', () => {
  const { site, olga } = siteForEach('olga');
  let things: Record<'uma' | 'ines', number>;
  let group: number;
  beforeEach(async () => {
    things = { uma: await put('Lorry', 'uma'), ines: await put('Van', 'ines') };
    group = (await site.db('groups').insert({ name: 'North' }).returning('id'))[0].id;
  });

  const put = async (name: string, owner: Name): Promise<number> =>
    (await site.db('things').insert({ kind: 'object', name, ownerId: site.ids[owner] }).returning('id'))[0].id;
  const kept = async () =>
    JSON.stringify([await site.db('things').orderBy('id'), await site.db('shares'), await site.db('groupThings')]);
  const look = () => connectTo(olga, 'uma', { mode: 'read' });
  const send = async (path: string, fields: Record<string, string>) => {
    await olga.get('/account');
    return olga.post(path, fields);
  };

  it('gives the user nothing and takes nothing from it by the way of somebody else’s things', async () => {
    await site.db('shares').insert({ thingId: things.ines, userId: site.ids.uma, may: 'view' });
    const { id: share } = await site.db('shares').first('id');
    const other = await put('Bike', 'ines');
    await look();
    const before = await kept();
    for (const [path, fields] of [
      [`/objects/${other}/share`, { with: 'uma', may: 'view' }],
      [`/objects/${things.ines}/share`, { with: 'uma@world.example', may: 'manage' }],
      [`/objects/${things.ines}/unshare`, { share: String(share) }],
      [`/objects/${other}/transfer`, { to: 'uma' }],
      ['/objects/selected', { act: 'transfer', things: String(other), to: 'uma' }],
      ['/users/ines/things/transfer', { to: 'uma' }],
    ] as const) {
      const page = await send(path, fields);
      expect([403, 409, 422], `${path} ${page.status}`).to.include(page.status);
      expect(await kept(), path).to.equal(before);
    }
  });

  it('puts none of the user’s things into a group or out of one; those of others it does', async () => {
    await look();
    const before = await kept();
    const ticked = `${things.ines} ${things.uma}`;
    const refused = await send('/objects/selected', { act: 'add-to-group', things: ticked, group: String(group) });
    expect([refused.status, refused.text.includes('Lorry stays as it is')]).to.deep.equal([403, true]);
    expect((await send(`/groups/${group}/objects/add`, { thing: String(things.uma) })).status).to.equal(403);
    expect(await kept()).to.equal(before);
    const one = { things: String(things.ines), group: String(group) };
    expect((await send('/objects/selected', { act: 'add-to-group', ...one })).status).to.equal(200);
    await site.db('groupThings').insert({ groupId: group, thingId: things.uma });
    const filled = await kept();
    const out = { act: 'take-out-of-group', things: ticked, group: String(group) };
    expect((await send('/objects/selected', out)).status).to.equal(403);
    expect(await kept()).to.equal(filled);
  });

  it('does all of that when connected fully, and records on whose behalf', async () => {
    await connectTo(olga, 'uma');
    await send(`/objects/${things.ines}/share`, { with: 'uma', may: 'view' });
    await send(`/groups/${group}/objects/add`, { thing: String(things.uma) });
    expect(await site.db('shares').pluck('user_id')).to.deep.equal([site.ids.uma]);
    expect(await site.db('groupThings').pluck('thing_id')).to.deep.equal([things.uma]);
    const row = await site.db('history').where({ act: 'thing.shared' }).first();
    expect(row).to.include({ actorId: site.ids.olga, subjectId: site.ids.uma, userId: site.ids.uma });
  });
});

for (const mode of ['full', 'read'] as const)
  describe(`Letters to the user to whom one is connected (${mode})`, () => {
    const { site, olga } = siteForEach('olga');
    beforeEach(() => turnMailOn(site));

    const letters = () => site.db('letters').whereNot({ kind: 'visited' }).orderBy('id').pluck('kind');

    for (const purpose of ['verification', 'reset', 'email-change'] as const)
      it(`are not sent again, and the link of one is not copied: ${purpose}`, async () => {
        await site.db('users').where({ username: 'uma' }).update({ emailVerifiedAt: null });
        const id = await write(site, 'uma', { kind: 'verification', link: await giveLink(site, 'uma', purpose) });
        await site.db('letters').update({ state: 'sent', endedAt: site.db.raw('now()') });
        if (purpose === 'reset') await site.db('settings').update({ outgoingMail: false });
        const links = await site.db('links').select();
        await connectTo(olga, 'uma', { mode });
        for (const act of ['resend', 'copy-link']) {
          await olga.get('/account');
          const page = await olga.post(`/mail/${id}/${act}`, {});
          expect(page.status, act).to.equal(409);
          expect(page.text).to.include('Not while you are connected to this user');
          expect(page.html).to.not.match(/\/(verify-email|reset-password)\/[\w.-]{20,}/);
        }
        expect(await letters()).to.deep.equal(['verification']);
        expect(await site.db('links').select()).to.deep.equal(links);
        expect(await site.db('history').whereIn('act', ['letter.resent', 'letter.link-copied'])).to.deep.equal([]);
      });

    it('are listed without their buttons, which those to others have, and which come back', async () => {
      const ids = [await write(site, 'uma'), await write(site, 'ines')];
      await site.db('letters').update({ state: 'sent', endedAt: site.db.raw('now()') });
      await connectTo(olga, 'uma', { mode });
      const forms = (page: Visitor['page']) =>
        page.document.querySelectorAll('main form[action^="/mail/"][method=post]').map((form) => form.getAttribute('action'));
      expect(forms(await olga.get('/mail'))).to.deep.equal([`/mail/${ids[1]}/resend`]);
      expect(forms(await olga.get('/users/uma/mail'))).to.deep.equal([]);
      expect(forms(await olga.get(`/mail/${ids[0]}`))).to.deep.equal([]);
      await olga.submit(`/disconnect`);
      expect(forms(await olga.get(`/mail/${ids[0]}`))).to.deep.equal([`/mail/${ids[0]}/resend`]);
    });

    it('can be sent again to somebody else meanwhile, which is recorded with both', async () => {
      const id = await write(site, 'ines');
      await site.db('letters').update({ state: 'sent', endedAt: site.db.raw('now()') });
      await connectTo(olga, 'uma', { mode });
      await olga.get(`/mail/${id}`);
      expect((await olga.submit(`/mail/${id}/resend`)).text).to.include('ines@world.example');
      const row = await site.db('history').where({ act: 'letter.resent' }).first();
      expect(row).to.include({ actorId: site.ids.olga, subjectId: site.ids.uma, userId: site.ids.ines });
    });
  });
