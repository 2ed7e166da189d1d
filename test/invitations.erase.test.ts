import { expect } from 'chai';
import type { Db } from '../src/ground/database.ts';
import { sealHistory } from '../src/history/chain.ts';
import { verifyHistory } from '../src/history/verify.ts';
import { eraseOldInvitations } from '../src/invitations/erase.ts';
import { addressOfLink, type Link } from '../src/links/links.ts';
import { expire, invite, inviteAll, rowOf, zoe } from './fixtures/invitations.ts';
import { turnMailOn } from './kit/letters.ts';
import { everythingIn, type OwnSite, openOwnSite } from './kit/site.ts';
import type { Visitor } from './kit/visitor.ts';

const email = 'quux.zelda@private.example';
const person = { ...zoe, username: 'zelda-quux', first_name: 'Zelda', last_name: 'Quuxova' };

describe('Erasing what invitations know of people', function () {
  this.timeout(60_000);
  let db: Db;
  let owner: Db;
  let site: OwnSite;
  let olga: Visitor;
  let oscar: Visitor;
  beforeEach(async () => {
    site = await openOwnSite();
    ({ db, owner } = site);
    await turnMailOn(site);
    olga = await site.visitor('olga');
    oscar = await site.visitor('oscar');
  });
  afterEach(() => site.close());

  const quux = async () => (await everythingIn(owner)).filter((line) => /quux/i.test(line));

  async function accept(): Promise<void> {
    const link: Link = await db('links')
      .where({ invitationId: (await rowOf({ db }, email)).id })
      .first();
    const visitor = await site.visitor();
    await visitor.get(new URL(addressOfLink(site.context, link)).pathname);
    await visitor.submit('/invitations/accept', person);
  }

  async function remove(by: Visitor, username: string): Promise<void> {
    await by.get('/users');
    await by.post(`/users/${username}/delete`, {});
    await by.post(`/users/${username}/purge`, { typed_username: username });
  }

  it('takes every word with the account that came from one, and nothing of others', async () => {
    await invite(olga, { email, note: 'Dear Quux' });
    await olga.post(`/invitations/${(await rowOf({ db }, email)).id}/revoke`, {});
    await invite(olga, { email: `Zelda Quux <${email}>`, note: 'Dear Quux' });
    await olga.post(`/invitations/${(await rowOf({ db }, email)).id}/copy-link`, {});
    await olga.get('/invitations');
    await invite(olga, { email: 'other@private.example' });
    await accept();
    expect((await quux()).length).to.be.greaterThan(8);
    await olga.get('/users/zelda-quux/delete');
    expect(olga.page.text).to.include('1 accepted invitation');
    await remove(olga, 'zelda-quux');
    await olga.get('/users');
    expect(await quux()).to.deep.equal([]);
    expect(await db('invitations').pluck('email')).to.deep.equal(['other@private.example']);
    await sealHistory(owner);
    expect(await verifyHistory(owner)).to.deep.include({ broken: null, unsealed: 0 });
    expect((await olga.get('/history')).text).to.match(/olga invited account \d+ \(erased\)/);
  });

  it('leaves an invitation open that its address has got after the account was deleted', async () => {
    await invite(olga, { email });
    await accept();
    await olga.post('/users/zelda-quux/delete', {});
    await invite(olga, { email });
    await olga.post('/users/zelda-quux/purge', { typed_username: 'zelda-quux' });
    expect(await db('invitations').select('email', 'acceptedAt')).to.deep.equal([{ email, acceptedAt: null }]);
    await accept();
    expect(await db('invitations').pluck('acceptedAt')).to.not.include(null);
  });

  it('takes the name of who invited out of the letters, and leaves the invitation', async () => {
    await invite(oscar, { email });
    await remove(olga, 'oscar');
    const [letter] = await db('letters').where({ kind: 'invitation' });
    expect(letter.data).to.have.all.keys('profile', 'note', 'days');
    expect(await rowOf({ db }, email)).to.include({ invitedBy: null, revokedAt: null });
    await accept();
    expect((await db('users').where({ email }).first())?.username).to.equal('zelda-quux');
  });

  it('takes what has long been revoked or has expired, with its words, and nothing else', async () => {
    await inviteAll(olga, ['a', 'b', 'c', 'd', 'e'].map((one) => `quux-${one}@private.example`).join('\n'));
    const at = (one: string) => db('invitations').where({ email: `quux-${one}@private.example` });
    for (const one of ['a', 'b']) await expire({ db }, `quux-${one}@private.example`);
    await at('b').update({ linkExpiresAt: db.raw(`now() - interval '89 days'`) });
    await at('c').update({ revokedAt: db.raw(`now() - interval '91 days'`) });
    await at('d').update({ acceptedAt: '2026-01-01', linkExpiresAt: '2026-01-01' });
    await eraseOldInvitations(owner);
    const left = await db('invitations').orderBy('email').pluck('email');
    expect(left.map((email) => email[5])).to.deep.equal(['b', 'd', 'e']);
    expect((await quux()).filter((line) => /quux-[ac]@/.test(line))).to.deep.equal([]);
    expect((await quux()).filter((line) => /quux-[bde]@/.test(line)).length).to.be.greaterThan(6);
    await sealHistory(owner);
    expect(await verifyHistory(owner)).to.deep.include({ broken: null, unsealed: 0 });
  });

  it('is the only way: words that are missing while somebody is invited break the chain', async () => {
    await invite(olga, { email });
    await sealHistory(owner);
    await owner('historyWords')
      .where({ personId: (await rowOf({ db }, email)).userId })
      .delete();
    expect((await verifyHistory(owner)).broken?.why).to.equal('the words of its user are missing');
  });
});
