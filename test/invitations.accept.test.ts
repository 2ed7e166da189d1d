import { expect } from 'chai';
import { address, expire, guest, invite, lastLink, rowOf, zoe } from './fixtures/invitations.ts';
import { actsUpon } from './kit/history.ts';
import { lettersTo, turnMailOn } from './kit/letters.ts';
import { fieldValue, problem } from './kit/reading.ts';
import { siteForEach } from './kit/site.ts';
import { type Mode, modes } from './kit/visitor.ts';

describe('Accepting an invitation', () => {
  const { site, olga } = siteForEach('olga');
  beforeEach(() => turnMailOn(site));

  const user = (username = 'zoe-new') => site.db('users').where({ username }).first();

  for (const mode of modes) {
    it(`makes an active, verified account and goes on signed in, as ${mode}`, async () => {
      const visitor = await guest(site, olga, { profile: 'monitor', expires_at: '2099-12-31', note: 'See you.' }, mode);
      expect(visitor.page.url).to.match(/\/invitations\/accept$/);
      expect(visitor.page.text).to.include('Olga Ivanova invites you to an account: Monitor user.').and.include('See you.');
      expect(fieldValue(visitor.page, 'email')).to.equal(address);
      const page = await visitor.submit('/invitations/accept', zoe);
      expect(page.status).to.equal(200);
      expect(page.text).to.include('Your account is ready, and you are signed in.');
      expect(await user()).to.deep.include({
        email: address,
        name: 'Zoë Ivanova',
        profile: 'monitor',
        state: 'STATE_APPROVED',
        expiresAt: new Date('2099-12-31T23:59:59Z'),
        mustChangePassword: false,
      });
      expect((await user()).emailVerifiedAt).to.be.instanceOf(Date);
      expect((await visitor.get('/account')).status).to.equal(200);
    });

    it(`says beside each field what is wrong, and keeps what was typed, never the password, as ${mode}`, async () => {
      const visitor = await guest(site, olga, {}, mode);
      const page = await visitor.submit('/invitations/accept', { ...zoe, username: 'Zoë!', password_confirmation: 'other' });
      expect(page.status).to.equal(422);
      expect(problem(page, 'username')).to.include('Small letters and digits');
      expect(fieldValue(page, 'first_name')).to.equal('Zoë');
      expect(page.html).to.not.include(zoe.password);
      const differ = await visitor.submit('/invitations/accept', { ...zoe, password_confirmation: 'other' });
      expect(problem(differ, 'password_confirmation')).to.include('differ');
      const nothing = await visitor.submit('/invitations/accept', {
        ...zoe,
        username: '',
        password: '',
        password_confirmation: '',
      });
      expect([problem(nothing, 'username'), problem(nothing, 'password')].join(' ')).to.equal(
        'A username is needed. A password is needed.',
      );
      expect((await rowOf(site)).acceptedAt).to.equal(null);
    });
  }

  it('is seen in the list, in the history of the user, and by whoever invited', async () => {
    const visitor = await guest(site, olga);
    await visitor.submit('/invitations/accept', zoe);
    const page = await olga.get('/invitations');
    expect(page.document.querySelector('td[data-label="Accepted by"] a')?.getAttribute('href')).to.equal('/users/zoe-new');
    const { id } = await user();
    const acts = await actsUpon(site, id);
    expect(acts.map(({ act, actor }) => `${actor} ${act}`)).to.deep.equal([
      'olga invitation.sent',
      'zoe-new invitation.accepted',
      'zoe-new session.started',
    ]);
    expect(acts[1]?.changes).to.deep.include({ email: [null, address], profile: [null, 'customer'] });
    expect((await olga.get('/users/zoe-new/history')).text).to.include(`olga invited ${address}`);
    const [letter] = await lettersTo(site, 'olga');
    expect(letter).to.deep.include({
      kind: 'invitation-accepted',
      data: { name: 'Zoë Ivanova', username: 'zoe-new', email: address },
    });
  });

  it('tells nobody who does not want to know', async () => {
    await site
      .db('users')
      .where({ username: 'olga' })
      .update({ mutedLetters: ['invitations'] });
    await (await guest(site, olga)).submit('/invitations/accept', zoe);
    expect((await rowOf(site)).acceptedAt).to.be.instanceOf(Date);
    expect(await lettersTo(site, 'olga')).to.deep.equal([]);
  });

  it('tells nobody who is gone', async () => {
    const visitor = await guest(site, olga);
    await site.db('users').where({ username: 'olga' }).update({ deletedAt: '2026-11-01' });
    await visitor.submit('/invitations/accept', zoe);
    expect((await rowOf(site)).acceptedAt).to.be.instanceOf(Date);
    expect(await lettersTo(site, 'olga')).to.deep.equal([]);
  });

  it('makes what the invitation says, whatever else the form says', async () => {
    const visitor = await guest(site, olga, { email: `${address},api` });
    await visitor.submit('/invitations/accept', {
      ...zoe,
      email: 'eve@evil.example',
      profile: 'administrator',
      state: 'STATE_FLAGGED',
      balance_minor: '100',
      id: '1',
      expires_at: '2099-01-01',
      email_verified: 'on',
      description: 'x',
    });
    expect(await user()).to.include({
      email: address,
      profile: 'api',
      state: 'STATE_APPROVED',
      balanceMinor: 0,
      expiresAt: null,
    });
    expect((await user()).description).to.equal('');
  });

  it('works in every way of registration', async () => {
    for (const registration of ['closed', 'invitation', 'listed', 'open']) {
      await site.db('settings').update({ registration });
      await invite(olga, { email: `${registration}@new.example` });
      const visitor = await site.visitor();
      await visitor.get((await lettersTo(site, `${registration}@new.example`))[0]?.link as string);
      await visitor.submit('/invitations/accept', { ...zoe, username: `zoe-${registration}` });
      expect((await user(`zoe-${registration}`))?.state, registration).to.equal('STATE_APPROVED');
    }
  });

  it('only happens when the button is pressed: opening the link changes nothing', async () => {
    await invite(olga);
    const link = await lastLink(site);
    const state = async () => JSON.stringify([await site.db('links'), await site.db('invitations'), await site.db('users')]);
    const before = await state();
    for (const method of ['GET', 'HEAD', 'GET']) {
      const scanner = await site.visitor();
      await scanner.request(link, { method });
      await scanner.request('/invitations/accept', { method });
    }
    expect(await state()).to.equal(before);
    const visitor = await site.visitor();
    expect((await visitor.get(link)).text).to.include('Sign Up');
    expect(visitor.page.headers.get('cache-control')).to.include('no-store');
  });

  it('makes an administrator who was invited as one', async () => {
    const visitor = await guest(site, olga, { profile: 'administrator' });
    await visitor.submit('/invitations/accept', zoe);
    expect((await visitor.get('/users')).status).to.equal(200);
  });

  describe('that has waited too long', () => {
    const over = async (mode: Mode = 'plain') => {
      await invite(olga);
      await expire(site);
      const visitor = await site.visitor(null, mode);
      await visitor.get(await lastLink(site));
      return visitor;
    };

    for (const mode of modes) {
      it(`can be asked for anew, at the same address, as ${mode}`, async () => {
        const visitor = await over(mode);
        expect(visitor.page.status).to.equal(410);
        expect(visitor.page.text).to.include('It has waited too long').and.include('Ask for a new one');
        const page = await visitor.submit('/invitations/accept/again');
        expect(page.text).to.include('A new mail is on its way');
        expect((await lettersTo(site, address)).map(({ state }) => state)).to.deep.equal(['dropped', 'queued']);
        await visitor.get(await lastLink(site));
        expect((await visitor.submit('/invitations/accept', zoe)).text).to.include('Your account is ready');
        const acts = await actsUpon(site, (await user()).id);
        expect(acts.map(({ act, actor }) => `${actor} ${act}`)).to.include('visitor invitation.resent');
      });
    }

    it('is not sent again more than once a minute', async () => {
      const visitor = await over();
      await visitor.submit('/invitations/accept/again');
      await expire(site);
      await visitor.get(await lastLink(site));
      expect((await visitor.submit('/invitations/accept/again')).status).to.equal(429);
      expect((await rowOf(site)).timesSent).to.equal(2);
    });

    it('cannot be asked for by who holds an older link, or after it was revoked, or while no mail goes out', async () => {
      await invite(olga);
      const old = await site.visitor();
      await old.get(await lastLink(site));
      await olga.post(`/invitations/${(await rowOf(site)).id}/resend`, {});
      await expire(site);
      expect((await old.post('/invitations/accept/again', {})).status).to.equal(410);
      const visitor = await site.visitor();
      await visitor.get(await lastLink(site));
      await site.db('settings').update({ outgoingMail: false });
      expect((await visitor.get('/invitations/accept')).document.querySelector('form')).to.equal(null);
      await visitor.get('/sign-in');
      expect((await visitor.post('/invitations/accept/again', {})).status).to.equal(409);
      await site.db('settings').update({ outgoingMail: true });
      await visitor.get('/invitations/accept');
      const token = visitor.token();
      await site.db('invitations').update({ revokedAt: '2026-11-01' });
      expect((await visitor.post('/invitations/accept/again', { _csrf: token })).status).to.equal(409);
      expect((await rowOf(site)).timesSent).to.equal(2);
    });
  });
});
