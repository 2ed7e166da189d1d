import { expect } from 'chai';
import { address, guest, invite, lastLink, rowOf, zoe } from './fixtures/invitations.ts';
import { turnMailOn } from './kit/letters.ts';
import { alertOf, problem } from './kit/reading.ts';
import { siteForEach } from './kit/site.ts';

describe('Accepting an invitation is refused', () => {
  const { site, olga } = siteForEach('olga');
  beforeEach(() => turnMailOn(site));

  const user = (username = 'zoe-new') => site.db('users').where({ username }).first();

  const wrong: [field: string, fields: Record<string, string>, says: string][] = [
    ['username', { username: '' }, 'A username is needed'],
    ['organization', { organization: 'Win at https://evil.example' }, 'A name, not the address of a page.'],
    ['username', { username: 'new' }, 'reserved'],
    ['username', { username: 'admin' }, 'This word is reserved; choose another.'],
    ['username', { username: 'uma' }, 'This username is taken.'],
    ['username', { username: 'dora' }, 'This username is taken.'],
    ['name', { first_name: '', last_name: '' }, 'A name is needed'],
    ['first_name', { first_name: 'x'.repeat(101) }, '100 characters at most'],
    ['password', { password: 'short', password_confirmation: 'short' }, '10 characters or more'],
    ['password', { password: 'zoe-new-4711', password_confirmation: 'zoe-new-4711' }, 'must not hold the username'],
    ['password', { password: 'x'.repeat(2000), password_confirmation: 'x'.repeat(2000) }, 'longer than a password can be'],
  ];
  for (const [field, fields, says] of wrong) {
    it(`refuses ${JSON.stringify(fields).slice(0, 60)}`, async () => {
      const visitor = await guest(site, olga);
      const page = await visitor.submit('/invitations/accept', { ...zoe, ...fields });
      expect(page.status).to.equal(422);
      expect(problem(page, field)).to.include(says);
      expect([(await rowOf(site)).acceptedAt, await user()]).to.deep.equal([null, undefined]);
    });
  }

  it('works once', async () => {
    const first = await guest(site, olga);
    const link = await lastLink(site);
    const second = await site.visitor();
    await second.get(link);
    await first.submit('/invitations/accept', zoe);
    const page = await second.submit('/invitations/accept', { ...zoe, username: 'zoe-again' });
    expect(page.status).to.equal(410);
    expect(page.text).to.include('It has been used already');
    expect((await (await site.visitor()).get(link)).text).to.include('It has been used already');
    expect(await user('zoe-again')).to.equal(undefined);
  });

  it('is not possible with a link that is not whole, another’s, or none', async () => {
    await invite(olga);
    const link = await lastLink(site);
    for (const other of [
      link.slice(0, -1),
      `${link}x`,
      link.toUpperCase(),
      '/invitations/accept/nonsense',
      '/invitations/accept',
    ]) {
      const visitor = await site.visitor();
      const page = await visitor.get(other.replace(/^\/INVITATIONS\/ACCEPT/, '/invitations/accept'));
      expect(page.status, other).to.equal(404);
      expect(page.text).to.not.include(address);
      await visitor.get('/sign-in');
      const sent = await visitor.post('/invitations/accept', { ...zoe, token: link.split('/').at(-1) as string });
      expect(sent.status, other).to.equal(404);
    }
    expect(await user()).to.equal(undefined);
  });

  it('is refused when no place is left, and stays open', async () => {
    const visitor = await guest(site, olga);
    await site.db('settings').update({ accountLimit: 3, accountLimitUrl: 'https://billing.example' });
    const page = await visitor.submit('/invitations/accept', zoe);
    expect(page.status).to.equal(409);
    expect(alertOf(page)).to.include('the invitation stays open').and.not.include('billing');
    await site.db('settings').update({ accountLimit: 0 });
    expect((await visitor.submit('/invitations/accept', zoe)).text).to.include('Your account is ready');
  });

  it('tells who has an account by now to sign in instead', async () => {
    const visitor = await guest(site, olga);
    await site.db('users').where({ username: 'uma' }).update({ email: 'Zoe@new.example' });
    const page = await visitor.submit('/invitations/accept', zoe);
    expect(page.status).to.equal(410);
    expect(page.text).to.include('There is an account with this address already. Sign in instead.');
    expect(page.document.querySelector('a[href="/sign-in"]')).to.not.equal(null);
  });

  it('is offered to nobody who is signed in: signing out leads back to it', async () => {
    await invite(olga);
    const uma = await site.visitor('uma');
    const page = await uma.get(await lastLink(site));
    expect(page.text).to.include('You are signed in as Uma Trucking Ltd').and.include(address);
    const forced = await uma.post('/invitations/accept', zoe);
    expect(forced.status).to.equal(409);
    const offer = (await uma.get('/invitations/accept')).document.querySelector('main form[action="/sign-out"] input[name=next]');
    const back = await uma.post('/sign-out', { next: offer?.getAttribute('value') ?? '' });
    expect(back.url).to.match(/\/invitations\/accept$/);
    expect((await uma.submit('/invitations/accept', zoe)).text).to.include('Your account is ready');
  });

  it('is over when it was taken back', async () => {
    const visitor = await guest(site, olga);
    await olga.post(`/invitations/${(await rowOf(site)).id}/revoke`, {});
    for (const page of [await visitor.submit('/invitations/accept', zoe), await visitor.get('/invitations/accept')]) {
      expect(page.status).to.equal(410);
      expect(page.text).to.include('This invitation was taken back. Ask whoever invited you for another.');
      expect(page.document.querySelector('form')).to.equal(null);
    }
  });

  it('is over when the account would have ended before it began', async () => {
    const visitor = await guest(site, olga, { expires_at: '2099-12-31' });
    await site.db('invitations').update({ expiresAt: '2026-01-01' });
    expect((await visitor.submit('/invitations/accept', zoe)).text).to.include(
      'The day on which this account was to end is over.',
    );
    expect(await user()).to.equal(undefined);
  });

  for (const [what, change] of Object.entries({
    'a customer': { profile: 'customer' },
    inactive: { state: 'STATE_INACTIVE' },
    suspended: { state: 'STATE_SUSPENDED' },
    deleted: { deletedAt: '2026-11-01' },
  })) {
    it(`makes no administrator when whoever invited is ${what} by now, but others still`, async () => {
      const oscar = await site.visitor('oscar');
      await invite(oscar, { profile: 'administrator' });
      const visitor = await site.visitor();
      await visitor.get(await lastLink(site));
      await site.db('users').where({ username: 'oscar' }).update(change);
      const page = await visitor.submit('/invitations/accept', zoe);
      expect(page.status).to.equal(410);
      expect(page.text).to.include('can no longer give these rights');
      expect(await user()).to.equal(undefined);
      await site.db('invitations').update({ profile: 'standard' });
      await visitor.get('/invitations/accept');
      expect((await visitor.submit('/invitations/accept', zoe)).text).to.include('Your account is ready');
    });
  }

  it('survives any junk', async () => {
    const visitor = await guest(site, olga);
    const token = visitor.token();
    for (const pairs of [
      [
        ['username', 'a'],
        ['username', 'b'],
      ],
      [['username[]', 'zoe-new']],
      [
        ['username', '\0'],
        ['name', '\ud800'],
        ['password', '\0'.repeat(12)],
      ],
      [
        ['__proto__', 'x'],
        ['constructor', 'y'],
      ],
      [],
    ] as [string, string][][])
      expect((await visitor.post('/invitations/accept', [['_csrf', token], ...pairs])).status, pairs.join()).to.equal(422);
    expect((await visitor.get('/invitations/accept?sent[]=x')).status).to.equal(200);
  });
});
