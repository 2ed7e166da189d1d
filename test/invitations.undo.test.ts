import { expect } from 'chai';
import { address, invite, listedIn, rowOf, zoe } from './fixtures/invitations.ts';
import { actsUpon } from './kit/history.ts';
import { lettersTo, turnMailOn } from './kit/letters.ts';
import { problem } from './kit/reading.ts';
import { siteForEach } from './kit/site.ts';
import { modes, type Page } from './kit/visitor.ts';

describe('Undoing what was done with an invitation', () => {
  const { site, olga } = siteForEach('olga');
  beforeEach(() => turnMailOn(site));

  const undoIn = (page: Page) => page.document.querySelector('.flash form')?.getAttribute('action') ?? 'no button';
  const link = async () => (await lettersTo(site, address)).at(-1)?.link as string;
  const acts = async () => (await actsUpon(site, (await rowOf(site)).userId)).map(({ act }) => act);
  const revoke = async (by = olga) => by.post(`/invitations/${(await rowOf(site)).id}/revoke`, {});
  const opens = async () => (await (await site.visitor()).get(await link())).text.includes('Sign Up');

  for (const mode of modes) {
    it(`takes back who was just invited, before the mail has left, as ${mode}`, async () => {
      const visitor = await site.visitor('olga', mode);
      const page = await visitor.submit(undoIn(await invite(visitor)));
      expect(page.text).to.include(`Undone: olga invited ${address}.`);
      expect(listedIn(page)).to.deep.equal([`${address} Revoked`]);
      expect((await lettersTo(site, address)).map(({ state }) => state)).to.deep.equal(['dropped']);
      expect(await opens()).to.equal(false);
      expect(await acts()).to.deep.equal(['invitation.sent', 'invitation.undone']);
    });

    it(`opens again what was just revoked, with the same link, as ${mode}`, async () => {
      const visitor = await site.visitor('olga', mode);
      await invite(visitor);
      await site.db('letters').update({ state: 'sent' });
      const page = await visitor.submit(undoIn(await revoke(visitor)));
      expect(page.text).to.include(`Undone: olga revoked the invitation of ${address}.`);
      expect(listedIn(page)).to.deep.equal([`${address} Open`]);
      expect(await opens()).to.equal(true);
    });
  }

  it('stands beside the act in the history and on the page of the invitation, once', async () => {
    await invite(olga);
    await revoke();
    const { id } = await rowOf(site);
    for (const path of ['/history', `/invitations/${id}`])
      expect((await olga.get(path)).document.querySelectorAll('.timeline form'), path).to.have.length(1);
    const action = olga.page.document.querySelector('.timeline form')?.getAttribute('action') ?? '';
    expect((await olga.submit(action)).url).to.match(/\/invitations$/);
    const again = await olga.post(action, {});
    expect([again.status, again.text.includes('This has been undone already.')]).to.deep.equal([409, true]);
  });

  it('is over after ten minutes, when it was accepted, or when things have moved on', async () => {
    const undo = undoIn(await invite(olga));
    await site.db('invitations').update({ acceptedAt: '2026-11-01' });
    expect((await olga.post(undo, {})).text).to.include('has accepted the invitation');
    await site.db('invitations').update({ acceptedAt: null });
    const other = undoIn(await revoke());
    expect((await olga.post(undo, {})).text).to.include('has been revoked since');
    await invite(olga);
    expect((await olga.post(other, {})).text).to.include('The address has been invited anew since.');
    expect(await acts()).to.deep.equal(['invitation.sent']);
  });

  it('takes a proof of identity where it opens the way to an administrator', async () => {
    await invite(olga, { profile: 'administrator' });
    const undo = undoIn(await revoke());
    await site.db('sessions').update({ confirmedAt: '2026-01-01' });
    const asked = await olga.post(undo, {});
    expect(asked.status).to.equal(422);
    const wrong = await olga.submit(undo, { your_password: 'guess' });
    expect(problem(wrong, 'your_password')).to.equal('This is not your password.');
    expect((await rowOf(site)).revokedAt).to.be.instanceOf(Date);
    const right = await olga.submit(undo, { your_password: 'kettle-orbit-velvet' });
    expect(right.text).to.include('Undone');
  });

  it('is not for what has no way back', async () => {
    await invite(olga);
    const { id } = await rowOf(site);
    await olga.post(`/invitations/${id}/copy-link`, {});
    await olga.post(`/invitations/${id}/resend`, {});
    const visitor = await site.visitor();
    await visitor.get(await link());
    await visitor.submit('/invitations/accept', zoe);
    await olga.get('/history');
    expect(olga.page.document.querySelectorAll('.timeline form')).to.have.length(0);
    for (const { id: act } of await actsUpon(site, (await rowOf(site)).userId))
      expect((await olga.post(`/undo/${act}`, {})).status, String(act)).to.equal(409);
  });
});
