import { expect } from 'chai';
import { worldPassword } from '../seeds/world.ts';
import { findLinkOrNull, issueLink, tokenOf } from '../src/links/links.ts';
import { actsUpon } from './kit/history.ts';
import { giveLink, letterNumbered, lettersTo, setLetter, turnMailOn, write } from './kit/letters.ts';
import { wordsOf } from './kit/reading.ts';
import { siteForEach, testSecret } from './kit/site.ts';
import { modes, type Page } from './kit/visitor.ts';

describe('Letters and links once more', () => {
  const { site, olga } = siteForEach('olga');
  beforeEach(() => turnMailOn(site));

  const offered = (page: Page, id: number) =>
    page.document.querySelectorAll(`#letter-${id} form`).map((form) => form.getAttribute('action')?.split('/').at(-1));

  for (const mode of modes) {
    it(`send a letter again, and note it (${mode})`, async () => {
      const visitor = await site.visitor('olga', mode);
      const id = await write(site, 'uma', { data: { reason: 'x' } });
      await setLetter(site, id, { state: 'failed', serverWords: '550 no' });
      await visitor.get('/users/uma/mail');
      const page = await visitor.submit(`/mail/${id}/resend`);
      expect(new URL(page.url).pathname).to.equal('/users/uma/mail');
      expect(page.text).to.include('It leaves for uma@world.example again.');
      const [before, again, ...more] = await site.db('letters').orderBy('id');
      expect(more).to.deep.equal([]);
      expect(again).to.deep.include({
        kind: before.kind,
        data: before.data,
        address: before.address,
        state: 'queued',
        resentOf: id,
      });
      expect(again.messageId).to.not.equal(before.messageId);
      expect((await letterNumbered(site, id)).state).to.equal('failed');
      expect((await actsUpon(site, site.ids.uma)).at(-1)).to.deep.include({
        act: 'letter.resent',
        actor: 'olga',
        facts: { letter: id, about: 'password-changed' },
      });
    });
  }

  it('give a letter that brings a link a new one, so that the older works no more', async () => {
    const older = await giveLink(site, 'ivo', 'activation');
    const id = await write(site, 'ivo', { link: older });
    await setLetter(site, id, { state: 'sent' });
    await site.db('links').update({ expiresAt: '2026-01-01' });
    await site.db('users').where({ username: 'ivo' }).update({ email: 'ivo@right.example' });
    await olga.get('/mail');
    expect(offered(olga.page, id)).to.deep.equal(['resend']);
    await olga.submit(`/mail/${id}/resend`);
    const [again] = await lettersTo(site, 'ivo@right.example');
    const token = again?.link?.split('/').at(-1);
    expect((await findLinkOrNull(site.db, [testSecret], token, ['activation']))?.state).to.equal('open');
    const before = await findLinkOrNull(site.db, [testSecret], tokenOf(testSecret, older), ['activation']);
    expect(before?.state).to.equal('void');
    expect(wordsOf(await olga.get('/mail'), `#letter-${id}`)).to.include('link replaced by a newer one');
  });

  it('leave an invitation to its own page, which has its limits and its proof', async () => {
    const email = 'new@world.example';
    const [{ id: invitationId }] = await site
      .db('invitations')
      .insert({ email, profile: 'customer', linkExpiresAt: '2126-01-01' })
      .returning('id');
    const link = await site.db.transaction((trx) => issueLink(trx, 'invitation', { invitationId, email }));
    const id = await write(site, 'uma', { user: null, address: email, link });
    await setLetter(site, id, { state: 'failed' });
    await olga.get('/mail');
    expect(offered(olga.page, id)).to.deep.equal([]);
    for (const act of ['copy-link', 'resend']) {
      const page = await olga.post(`/mail/${id}/${act}`, {});
      expect([page.status, page.text.includes('on its own page: see Invitations.')], act).to.deep.equal([409, true]);
    }
    expect((await site.db('links').where({ id: link.id }).first()).counter).to.equal(1);
  });

  it('send again not twice within a minute, and three times within an hour', async () => {
    const id = await write(site, 'uma');
    await setLetter(site, id, { state: 'sent' });
    await olga.get('/mail');
    const resend = async (who = 'uma') => {
      const of = who === 'uma' ? id : await write(site, 'ines');
      if (who !== 'uma') await setLetter(site, of, { state: 'sent' });
      return (await olga.post(`/mail/${of}/resend`, {})).status;
    };
    const pass = (minutes: number) =>
      site.db.raw('update letters set created_at = created_at - make_interval(mins => ?)', [minutes]);
    expect(await resend()).to.equal(200);
    await olga.get('/mail');
    expect(await resend()).to.equal(429);
    expect(olga.page.headers.get('retry-after')).to.equal('60');
    await olga.get('/mail');
    expect(await resend('ines'), 'somebody else').to.equal(200);
    for (const status of [200, 200, 429]) {
      await pass(2);
      await olga.get('/mail');
      expect(await resend()).to.equal(status);
    }
    await pass(57);
    await olga.get('/mail');
    expect(await resend()).to.equal(200);
    expect(await lettersTo(site, 'uma')).to.have.length(5);
  });

  const outdated: [
    what: string,
    kind: 'suspended' | 'activated' | 'locked',
    purpose: 'activation' | 'verification' | 'reset' | null,
  ][] = [
    ['a state that is not so any more', 'suspended', null],
    ['a lock that is lifted', 'locked', null],
    ['an activation of somebody who is active', 'activated', 'activation'],
    ['a verification of an address that is verified', 'activated', 'verification'],
  ];
  for (const [what, kind, purpose] of outdated) {
    it(`neither offer nor do it: ${what}`, async () => {
      const link = purpose ? { link: await giveLink(site, 'uma', purpose) } : {};
      const id = await write(site, 'uma', { kind, ...link });
      await setLetter(site, id, { state: 'sent' });
      expect(offered(await olga.get('/mail'), id)).to.deep.equal([]);
      for (const act of ['resend', 'copy-link']) expect((await olga.post(`/mail/${id}/${act}`, {})).status, act).to.equal(409);
      expect(await lettersTo(site, 'uma')).to.have.length(1);
      expect(await actsUpon(site, site.ids.uma)).to.deep.equal([]);
    });
  }

  it('refuse to send again what is on its way, what its reader has turned off, and what is to nobody', async () => {
    const id = await write(site, 'uma', { kind: 'activated' });
    await olga.get('/mail');
    expect((await olga.post(`/mail/${id}/resend`, {})).text).to.include('It is still on its way.');
    await setLetter(site, id, { state: 'sent' });
    await site
      .db('users')
      .where({ username: 'uma' })
      .update({ mutedLetters: ['state'] });
    expect((await olga.post(`/mail/${id}/resend`, {})).text).to.include('has turned off letters of this kind');
    await site
      .db('users')
      .where({ username: 'uma' })
      .update({ mutedLetters: [], deletedAt: site.db.raw('now()') });
    expect((await olga.post(`/mail/${id}/resend`, {})).status).to.equal(409);
    expect((await olga.post('/mail/999999/resend', {})).status).to.equal(404);
    expect(await lettersTo(site, 'uma')).to.have.length(1);
  });

  for (const mode of modes) {
    it(`show a link to whoever copies it, this once, and note that (${mode})`, async () => {
      const visitor = await site.visitor('olga', mode);
      const link = await giveLink(site, 'ivo', 'activation');
      const id = await write(site, 'ivo', { link });
      await visitor.get('/mail');
      const page = await visitor.submit(`/mail/${id}/copy-link`);
      expect(wordsOf(page, '.secret code')).to.equal(`http://localhost:0/activate/${tokenOf(testSecret, link)}`);
      expect(page.headers.get('cache-control')).to.equal('no-store');
      expect((await visitor.get('/mail')).document.querySelector('.secret')).to.equal(null);
      expect((await actsUpon(site, site.ids.ivo)).at(-1)).to.deep.include({ act: 'letter.link-copied', actor: 'olga' });
      const { rows } = await site.db.raw(`select string_agg(s::text, '') as sessions from sessions s`);
      expect(rows[0].sessions).to.not.include(tokenOf(testSecret, link));
    });
  }

  it('copy the link of an administrator only for who has proved lately who it is', async () => {
    await site.db('users').where({ username: 'ivo' }).update({ profile: 'administrator' });
    const id = await write(site, 'ivo', { link: await giveLink(site, 'ivo', 'activation') });
    await site.db('sessions').update({ confirmedAt: site.db.raw(`now() - interval '11 minutes'`) });
    await olga.get('/mail');
    const part = await olga.post(`/mail/${id}/copy-link`, { return_to: '/mail' }, { 'hx-request': 'true' });
    expect(part.headers.get('hx-redirect')).to.equal('/confirm?next=%2Fmail');
    await olga.get('/mail');
    expect(new URL((await olga.submit(`/mail/${id}/copy-link`)).url).pathname).to.equal('/confirm');
    expect(await actsUpon(site, site.ids.ivo)).to.deep.equal([]);
    expect(new URL((await olga.submit('/confirm', { your_password: worldPassword })).url).pathname).to.equal('/mail');
    const copied = await olga.submit(`/mail/${id}/copy-link`);
    expect(copied.document.querySelector('.secret code')?.text).to.include('/activate/');
  });

  it('copy no link that works no more, and a reset link only while mail is off', async () => {
    const id = await write(site, 'uma', { link: await giveLink(site, 'uma', 'reset') });
    await olga.get('/mail');
    const copy = async () => {
      const page = await olga.post(`/mail/${id}/copy-link`, {});
      return page.status === 409
        ? wordsOf(page, '.failure p:nth-of-type(2)')
        : page.document.querySelector('.secret code') && 'copied';
    };
    expect(await copy()).to.include('for its reader alone while mail can be sent');
    await site.db('settings').update({ outgoingMail: false });
    await olga.get('/mail');
    expect(await copy()).to.equal('copied');
    await site.db('links').update({ expiresAt: '2026-01-01' });
    expect(await copy()).to.include('The link has expired.');
    await site.db('links').update({ expiresAt: '2126-01-01', usedAt: site.db.raw('now()') });
    expect(await copy()).to.include('The link has been used.');
    await giveLink(site, 'uma', 'reset');
    expect(await copy()).to.include('A newer letter has replaced the link.');
    const plain = await write(site, 'uma', { link: await giveLink(site, 'uma', 'reset') });
    await setLetter(site, plain, { linkId: null, linkCounter: null });
    expect((await olga.post(`/mail/${plain}/copy-link`, {})).text).to.include('This letter brings no link.');
  });

  it('make a new link to be copied while outgoing mail is off, and send nothing else again', async () => {
    await site.db('settings').update({ outgoingMail: false });
    const id = await write(site, 'ivo', { link: await giveLink(site, 'ivo', 'activation') });
    await site.db('links').update({ expiresAt: '2026-01-01' });
    await olga.get('/mail');
    expect(olga.page.text).to.include('Outgoing mail is off.');
    const page = await olga.submit(`/mail/${id}/resend`);
    expect(page.text).to.include('There is a new link for ivo@world.example: copy it.');
    expect((await lettersTo(site, 'ivo')).map(({ state }) => state)).to.deep.equal(['unsent', 'unsent']);
  });
});
