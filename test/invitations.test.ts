import { expect } from 'chai';
import { templateOf } from '../src/mail/catalogue.ts';
import { address, expire, invite, listedIn, rowOf, shownLink } from './fixtures/invitations.ts';
import { actsUpon } from './kit/history.ts';
import { lettersTo, turnMailOn } from './kit/letters.ts';
import { alertOf, fieldValue, problem } from './kit/reading.ts';
import { siteForEach } from './kit/site.ts';
import { modes } from './kit/visitor.ts';

describe('Inviting somebody', () => {
  const { site, olga } = siteForEach('olga');
  beforeEach(() => turnMailOn(site));

  for (const mode of modes) {
    it(`mails a link and lists it, as ${mode}`, async () => {
      const visitor = await site.visitor('olga', mode);
      const page = await invite(visitor, { profile: 'monitor', note: 'See you on Monday.', link_days: '3' });
      expect(new URL(page.url).pathname).to.equal('/invitations');
      expect(page.text).to.include(`${address} has been invited.`).and.include('1 open');
      expect(listedIn(page)).to.deep.equal([`${address} Open`]);
      const [letter] = await lettersTo(site, address);
      expect(letter).to.deep.include({ kind: 'invitation', state: 'queued' });
      expect(letter?.data).to.deep.equal({
        inviter: 'Olga Ivanova',
        profile: 'Monitor user',
        note: 'See you on Monday.',
        days: '3',
      });
      expect(letter?.link).to.match(/^\/invitations\/accept\/[\w.-]+$/);
    });

    it(`says beside each field what is wrong, and keeps what was typed, as ${mode}`, async () => {
      const visitor = await site.visitor('olga', mode);
      const wrong = { email: 'zoe@', profile: 'emperor', expires_at: 'soon', link_days: '31', note: 'Hello' };
      const page = await invite(visitor, wrong);
      expect(page.status).to.equal(422);
      expect(problem(page, 'profile')).to.include('One of administrator');
      expect(problem(page, 'expires_at')).to.include('A day such as');
      expect(problem(page, 'link_days')).to.equal('1 to 30 days.');
      expect(fieldValue(page, 'link_days')).to.equal('31');
      expect(page.document.querySelector('#field-note')?.text).to.include('Hello');
      expect(await rowOf(site)).to.equal(undefined);
    });
  }

  it('keeps what was chosen, with seven days as usual', async () => {
    await invite(olga, { profile: 'standard', expires_at: '2099-12-31' });
    const row = await rowOf(site);
    expect(row).to.include({ profile: 'standard', linkDays: 7, timesSent: 1, invitedBy: site.ids.olga });
    expect(row.expiresAt.toISOString()).to.equal('2099-12-31T23:59:59.000Z');
    expect(Math.round((row.linkExpiresAt - row.invitedAt) / 86_400_000)).to.equal(7);
    const link = await site.db('links').where({ invitationId: row.id }).first();
    expect(link.expiresAt).to.deep.equal(row.linkExpiresAt);
  });

  it('says in the letter who invites to what, until when, and what was noted', () => {
    const { subject, says } = templateOf('invitation');
    const data = { inviter: 'Olga Ivanova', profile: 'Customer', note: 'See you.', days: '1' };
    expect(subject(data)).to.equal('Olga Ivanova invites you to Roster');
    expect(says(data)).to.deep.equal([
      'Olga Ivanova invites you to an account in Roster: Customer.',
      'Olga Ivanova writes: See you.',
      'Choose a username and a password, and you are in. The link works once, within one day.',
    ]);
    const bare = { profile: 'Customer', note: '', days: '7' };
    expect(says(bare).join(' '))
      .to.match(/^An administrator invites you .* within 7 days\.$/)
      .and.not.include('writes');
  });

  it('records who was invited to what', async () => {
    await invite(olga, { profile: 'api', note: 'Hi' });
    const { userId, id } = await rowOf(site);
    const [act] = await actsUpon(site, userId);
    expect(act).to.include({ act: 'invitation.sent', actor: 'olga', user: address });
    expect(act?.facts).to.deep.equal({ invitationId: id, profile: 'api', linkDays: 7, note: 'Hi' });
    const page = await olga.get('/history');
    expect(page.text).to.include(`olga invited ${address}`);
    const href = `/invitations?q=${encodeURIComponent(address)}`;
    expect(page.document.querySelectorAll('.timeline a').map((link) => link.getAttribute('href'))).to.include(href);
    expect((await olga.get(href)).text).to.include(address);
  });

  const refused: [email: string, says: string][] = [
    ['', 'An email address is needed'],
    ['zoe', 'One address such as'],
    ['zoe@new', 'One address such as'],
    ['zoe@new.example.', 'One address such as'],
    ['zoe@nеw.example', 'in plain letters'],
    ['zoe@new.example, eve@evil.example', 'More than one address'],
    ['zoe@new.example eve@evil.example', 'More than one address'],
    ['Zoe <zoe@new.example> <eve@evil.example>', 'More than one address'],
    ['zoe@new.example,emperor', 'is no profile'],
    ['zoe@new.example,api,more', 'More than an address and a profile'],
    ['UMA@world.example', 'The user uma has this address.'],
    ['ivo@world.example', 'The user ivo has this address and has not finished signing up.'],
    ['zoe@new.example\0', 'cannot be kept'],
  ];
  for (const [email, says] of refused) {
    it(`refuses ${JSON.stringify(email)}`, async () => {
      const page = await invite(olga, { email });
      expect(page.status).to.equal(422);
      expect(problem(page, 'email')).to.include(says);
      expect(await site.db('invitations').pluck('id')).to.deep.equal([]);
      expect(await site.db('letters').pluck('id')).to.deep.equal([]);
    });
  }

  it('takes no header with an address', async () => {
    const page = await invite(olga, { email: 'zoe@new.example\r\nBcc: eve@evil.example' });
    expect(page.text).to.include('1 ready').and.include('1 to mend');
    expect(await site.db('letters').pluck('id')).to.deep.equal([]);
  });

  it('lets a deleted user’s address be invited', async () => {
    expect((await invite(olga, { email: 'dora@world.example' })).text).to.include('dora@world.example has been invited.');
  });

  it('refuses a second one for an address, in any case, and shows the first', async () => {
    await invite(olga);
    const page = await invite(olga, { email: 'ZOE@new.example' });
    expect(page.status).to.equal(422);
    expect(problem(page, 'email')).to.equal('Invited already; the invitation is open.');
    expect(page.document.querySelector('#verdicts a')?.getAttribute('href')).to.equal(`/invitations/${(await rowOf(site)).id}`);
    expect(await site.db('invitations').pluck('email')).to.deep.equal([address]);
  });

  it('refuses a day of expiry that is over', async () => {
    const page = await invite(olga, { expires_at: '2026-01-01' });
    expect(page.status).to.equal(422);
    expect(problem(page, 'expires_at')).to.equal('This day is over.');
  });

  it('is refused when all accounts are in use, with the way out', async () => {
    await site.db('settings').update({ accountLimit: 1, accountLimitUrl: 'https://billing.example/plan' });
    const page = await invite(olga);
    expect(page.status).to.equal(409);
    expect(alertOf(page)).to.include('All 1 accounts of this console are in use.');
    expect(page.document.querySelector('#full a')?.getAttribute('href')).to.equal('https://billing.example/plan');
    expect(await rowOf(site)).to.equal(undefined);
  });

  it('to be an administrator takes a proof of identity', async () => {
    await site.db('sessions').update({ confirmedAt: '2026-01-01' });
    const without = await invite(olga, { profile: 'administrator' });
    expect(without.status).to.equal(422);
    expect(problem(without, 'your_password')).to.include('needed');
    const byLine = await invite(olga, { email: `${address},Admin user` });
    expect(byLine.status).to.equal(422);
    expect(await rowOf(site)).to.equal(undefined);
    const page = await olga.submit('/invitations', { your_password: 'kettle-orbit-velvet' });
    expect(page.text).to.include('has been invited');
    expect((await rowOf(site)).profile).to.equal('administrator');
  });

  it('shows the link on the next page and never again while no mail goes out', async () => {
    await site.db('settings').update({ outgoingMail: false });
    const page = await invite(olga);
    expect(page.text).to.include('Outgoing mail is off: hand over the link yourself.');
    const link = shownLink(page);
    expect(link).to.equal((await lettersTo(site, address))[0]?.link);
    expect((await lettersTo(site, address))[0]?.state).to.equal('unsent');
    expect((await olga.get('/invitations')).html).to.not.include(link);
    expect((await actsUpon(site, (await rowOf(site)).userId)).map(({ act }) => act)).to.deep.equal([
      'invitation.sent',
      'invitation.link-copied',
    ]);
    expect((await (await site.visitor()).get(link)).text).to.include('Olga Ivanova invites you');
  });

  it('begins anew with what was said, after it was revoked', async () => {
    await invite(olga, { email: '"Zoë, Boss" <zoe@new.example>', profile: 'group', note: 'Hi', link_days: '2' });
    const { id } = await rowOf(site);
    await olga.post(`/invitations/${id}/revoke`, {});
    const page = await olga.get(`/invitations/new?again=${id}`);
    expect(page.document.querySelector('#field-email')?.text.trim()).to.equal('"Zoë, Boss" <zoe@new.example>');
    expect(fieldValue(page, 'link_days')).to.equal('2');
    const again = await olga.submit('/invitations', {});
    expect(again.text).to.include('has been invited');
    expect(await site.db('invitations').where({ revokedAt: null }).pluck('name')).to.deep.equal(['Zoë, Boss']);
  });

  it('says of an address whose link has expired that it was invited, and lists it so', async () => {
    await invite(olga);
    await expire(site);
    const page = await invite(olga);
    expect(problem(page, 'email')).to.equal('Invited already; the invitation has expired.');
    expect(listedIn(await olga.get('/invitations'))).to.deep.equal([`${address} Expired`]);
  });
});
