import { expect } from 'chai';
import { actUpon, address, expire, invite, listedIn, rowOf, shownLink } from './fixtures/invitations.ts';
import { actsUpon } from './kit/history.ts';
import { lettersTo, turnMailOn } from './kit/letters.ts';
import { problem } from './kit/reading.ts';
import { siteForEach } from './kit/site.ts';
import { modes } from './kit/visitor.ts';

describe('What is done with an invitation', () => {
  const { site, olga } = siteForEach('olga');
  beforeEach(() => turnMailOn(site));

  const act = (what: string, fields: Record<string, string> = {}, by = olga) => actUpon(site, by, what, fields);
  const firstLink = async () => (await lettersTo(site, address))[0]?.link as string;
  const acts = async () => (await actsUpon(site, (await rowOf(site)).userId)).map(({ act }) => act);

  for (const mode of modes) {
    it(`sends again: a new link with new days, and the old one opens nothing, as ${mode}`, async () => {
      const visitor = await site.visitor('olga', mode);
      await invite(visitor);
      const link = await firstLink();
      await expire(site);
      const page = await act('resend', { return_to: '/invitations?state=open' }, visitor);
      expect(page.text).to.include(`${address} has been invited again.`);
      expect(page.url).to.match(/\/invitations\?state=open$/);
      expect(listedIn(page)).to.deep.equal([`${address} Open`]);
      const letters = await lettersTo(site, address);
      expect(letters.map(({ state }) => state)).to.deep.equal(['dropped', 'queued']);
      expect(await rowOf(site)).to.include({ timesSent: 2 });
      const somebody = await site.visitor();
      expect((await somebody.get(link)).text).to.include('A newer link has replaced it');
      expect((await somebody.get(letters[1]?.link as string)).text).to.include('Sign Up');
    });

    it(`revokes after asking; then the address can be invited again, as ${mode}`, async () => {
      const visitor = await site.visitor('olga', mode);
      await invite(visitor);
      const link = await firstLink();
      const { id } = await rowOf(site);
      await visitor.get(`/invitations/${id}/revoke`);
      const page = await visitor.submit(`/invitations/${id}/revoke`);
      expect(page.text).to.include(`The invitation of ${address} has been revoked`);
      expect(listedIn(page)).to.deep.equal([`${address} Revoked`]);
      expect(page.document.querySelector('.acts a')?.getAttribute('href')).to.equal(`/invitations/new?again=${id}`);
      expect((await lettersTo(site, address)).map(({ state }) => state)).to.deep.equal(['dropped']);
      expect((await (await site.visitor()).get(link)).text).to.include('This invitation was taken back.');
      expect(await acts()).to.deep.equal(['invitation.sent', 'invitation.revoked']);
      expect((await invite(visitor)).text).to.include('has been invited');
    });

    it(`copies the link: shown once, recorded, and the same that was mailed, as ${mode}`, async () => {
      const visitor = await site.visitor('olga', mode);
      await invite(visitor);
      const page = await act('copy-link', {}, visitor);
      expect(shownLink(page)).to.equal(await firstLink());
      expect((await visitor.get('/invitations')).html).to.not.include(await firstLink());
      expect(await acts()).to.deep.equal(['invitation.sent', 'invitation.link-copied']);
    });
  }

  it('sends again once a minute and five times an hour', async () => {
    await invite(olga);
    const statuses: number[] = [];
    for (const minutes of [1, 0, 2, 2, 2, 2, 2, 52]) {
      await site.db.raw(
        `update invitations set resent_at = array(select at - make_interval(mins => ?) from unnest(resent_at) at order by at)`,
        [minutes],
      );
      statuses.push((await act('resend')).status);
    }
    expect(statuses).to.deep.equal([200, 429, 200, 200, 200, 200, 429, 200]);
    expect((await rowOf(site)).timesSent).to.equal(7);
    expect((await lettersTo(site, address)).filter(({ state }) => state === 'queued')).to.have.length(1);
  });

  it('shows a link of an administrator’s invitation only after a proof of identity', async () => {
    await invite(olga, { profile: 'administrator' });
    await site.db('sessions').update({ confirmedAt: '2026-01-01' });
    const asked = await act('copy-link');
    expect(asked.status).to.equal(422);
    expect(asked.html).to.not.include(await firstLink());
    const wrong = await act('copy-link', { proving: 'on', your_password: 'guess' });
    expect(problem(wrong, 'your_password')).to.equal('This is not your password.');
    const right = await act('copy-link', { proving: 'on', your_password: 'kettle-orbit-velvet' });
    expect(shownLink(right)).to.equal(await firstLink());
  });

  it('shows no link of an administrator’s invitation by itself where no mail goes out and nothing is proved', async () => {
    await invite(olga, { profile: 'administrator' });
    await site.db('settings').update({ outgoingMail: false });
    await site.db('sessions').update({ confirmedAt: '2026-01-01' });
    const page = await act('resend');
    expect(page.text).to.include('Outgoing mail is off: copy the link.');
    expect(page.document.querySelector('.secret')).to.equal(null);
  });

  it('offers and allows what is possible in each state, nothing else', async () => {
    const offered = async () =>
      (await olga.get('/invitations')).document.querySelectorAll('tbody .acts :is(form, a)').map((one) => {
        const path = one.getAttribute('action') ?? one.getAttribute('href') ?? '';
        return path.replace(/^\/invitations\/(\d+\/)?|\?.*/g, '');
      });
    await invite(olga);
    expect(await offered()).to.deep.equal(['resend', 'copy-link', 'revoke']);
    await expire(site);
    expect(await offered()).to.deep.equal(['resend', 'revoke']);
    expect((await act('copy-link')).status).to.equal(409);
    await act('revoke');
    expect(await offered()).to.deep.equal(['new']);
    for (const what of ['resend', 'copy-link', 'revoke']) expect((await act(what)).status, what).to.equal(409);
    await site.db('invitations').update({ revokedAt: null, acceptedAt: '2026-11-01' });
    expect(await offered()).to.deep.equal([]);
    for (const what of ['resend', 'copy-link', 'revoke']) expect((await act(what)).status, what).to.equal(409);
    expect(await acts()).to.deep.equal(['invitation.sent', 'invitation.revoked']);
  });

  it('has a page for each, with its facts and its history', async () => {
    await invite(olga, { email: 'Zoë <zoe@new.example>', note: 'Hello\nthere', expires_at: '2099-12-31' });
    const { id } = await rowOf(site);
    const page = await olga.get(`/invitations/${id}`);
    expect(page.text).to.include('Zoë').and.include('31 Dec 2099').and.include('Hello there').and.include('olga invited');
    await act('resend', { return_to: `/invitations/${id}` });
    expect(olga.page.text).to.include('(2 times)').and.include('olga sent another invitation to');
  });

  it('knows no invitation that is not there', async () => {
    await invite(olga);
    for (const id of ['999999', '0', '-1', '1e3', '99999999999999999999', 'x%00', '__proto__']) {
      expect((await olga.get(`/invitations/${id}`)).status, id).to.equal(404);
      for (const what of ['resend', 'revoke', 'copy-link'])
        expect((await olga.post(`/invitations/${id}/${what}`, {})).status, `${id} ${what}`).to.equal(404);
    }
  });

  for (const name of ['stan', 'gus', 'mona', 'april', 'uma', 'sue'] as const) {
    it(`is closed to ${name}, with everything behind it`, async () => {
      await invite(olga);
      const { id } = await rowOf(site);
      const other = await site.visitor(name);
      await other.get('/account');
      for (const path of ['', '/new', `/${id}`, `/${id}/revoke`])
        expect((await other.get(`/invitations${path}`)).status, path).to.equal(403);
      for (const path of ['', `/${id}/resend`, `/${id}/revoke`, `/${id}/copy-link`])
        expect((await other.post(`/invitations${path}`, { email: 'eve@evil.example' })).status, path).to.equal(403);
      expect(await acts()).to.deep.equal(['invitation.sent']);
      expect(await site.db('invitations').pluck('email')).to.deep.equal([address]);
    });
  }
});
