import { expect } from 'chai';
import { worldPassword } from '../seeds/world.ts';
import { checkOf, enter, failing, mend, saysOf } from './kit/check.ts';
import { actsUpon } from './kit/history.ts';
import { turnMailOn, write } from './kit/letters.ts';
import { siteForEach } from './kit/site.ts';
import { withApp } from './kit/twofactor.ts';
import type { Page } from './kit/visitor.ts';

describe('What is worth knowing in a sign-in check', () => {
  const { site, olga } = siteForEach('olga');

  it('is noted, before it comes to that, of a user who was warned for not signing in', async () => {
    await site
      .db('users')
      .where({ username: 'uma' })
      .update({ dormantAt: '2026-11-01T08:00:00Z', dormantDueAt: '2099-02-01T08:00:00Z' });
    const page = await olga.get(checkOf('uma'));
    expect(failing(page)).to.deep.equal([]);
    expect(saysOf(page, 'dormancy')).to.include('warned 1 Nov 2026').and.include('deactivated 1 Feb 2099, 08:00 UTC unless');
    await enter(site, 'uma');
    expect(saysOf(await olga.get(checkOf('uma')), 'dormancy')).to.equal('');
  });

  const buttons = (page: Page, check: string) =>
    page.document.querySelectorAll(`#check-${check} .fixes :is(a, button)`).map(({ text }) => text.trim());

  it('is the second step that follows the password, with what is left of it, and its reset', async () => {
    await withApp(site, 'uma');
    await site.db('recoveryCodes').where({ userId: site.ids.uma }).delete();
    const page = await olga.get(checkOf('uma'));
    expect(failing(page)).to.deep.equal([]);
    expect(saysOf(page, 'second-step')).to.match(
      /^Note \| A second step .* an authenticator app to come in\. No recovery code is left\./,
    );
    expect(buttons(page, 'second-step')).to.deep.equal(['Reset two-factor']);
    await mend(olga, 'uma', 'second-step', { your_password: worldPassword });
    expect(saysOf(await olga.get(checkOf('uma')), 'second-step')).to.equal('');
  });

  it('is how many recovery codes and passkeys there are', async () => {
    await withApp(site, 'uma');
    const used = await site.db('recoveryCodes').where({ userId: site.ids.uma }).first();
    await site.db('recoveryCodes').where({ codeHash: used.codeHash }).update({ usedAt: site.db.fn.now() });
    expect(saysOf(await olga.get(checkOf('uma')), 'second-step')).to.include('9 recovery codes left.');
  });

  it('is a second factor that an administrator has to set up first, which limits', async () => {
    await withApp(site, 'olga');
    await site.db('settings').update({ twoFactorForAdministrators: 'required' });
    const page = await olga.get(checkOf('oscar'));
    expect(failing(page)).to.deep.equal(['second-factor limits']);
    expect(saysOf(page, 'second-factor')).to.include('opens only the page where the user sets it up');
    expect(page.document.querySelector('#check-second-factor a')?.getAttribute('href')).to.equal('/settings#two-factor');
    expect(failing(await olga.get(checkOf('olga')))).to.deep.equal([]);
    expect(failing(await olga.get(checkOf('uma'))), 'not asked of others').to.deep.equal([]);
  });

  it('is the last mail when it could not be sent, with sending it again', async () => {
    await turnMailOn(site);
    const id = await write(site, 'uma', { kind: 'password-changed' });
    const fail = { state: 'failed', serverWords: '550 <no> such box', endedAt: site.db.fn.now() };
    await site.db('letters').where({ id }).update(fail);
    const page = await olga.get(checkOf('uma'));
    expect(failing(page)).to.deep.equal([]);
    expect(page.document.querySelector('#check-mail p')?.textContent).to.include('The mail server says: “550 <no> such box”');
    expect(buttons(page, 'mail')).to.deep.equal(['Resend', 'Change the address', 'See the mail']);
    const after = await mend(olga, 'uma', 'mail');
    expect([after.status, new URL(after.url).pathname]).to.deep.equal([200, checkOf('uma')]);
    const again = await site.db('letters').where({ userId: site.ids.uma }).orderBy('id', 'desc').first();
    expect(again).to.include({ kind: 'password-changed', state: 'queued' });
    await site.db('letters').where({ id: again.id }).update({ state: 'sent', endedAt: site.db.fn.now() });
    expect(saysOf(await olga.get(checkOf('uma')), 'mail'), 'the next one arrived').to.equal('');
  });

  it('leads to the link itself while no mail brings it: sent from here, copied from here', async () => {
    expect(buttons(await olga.get(checkOf('ivo')), 'state')).to.deep.equal(['Send Activation Email']);
    const sent = await olga.submit('/users/ivo/activation-email');
    expect(new URL(sent.url).pathname).to.equal(checkOf('ivo'));
    expect(saysOf(sent, 'state')).to.include('It was not mailed, as outgoing mail was off.');
    expect(buttons(sent, 'state')).to.deep.equal(['Send Activation Email', 'Copy link']);
    const copy = sent.document.querySelector('form[action$=copy-link]')?.getAttribute('action') as string;
    const copied = await olga.submit(copy);
    expect(new URL(copied.url).pathname).to.equal(checkOf('ivo'));
    expect(copied.document.querySelector('.secret code')?.text).to.match(/\/activate\//);
    expect((await actsUpon(site, site.ids.ivo)).map(({ act }) => act)).to.include('letter.link-copied');
  });

  it('asks anew to verify an address, or takes it for verified', async () => {
    expect(buttons(await olga.get(checkOf('vera')), 'address')).to.deep.equal(['Verify the address', 'Resend Verification']);
    await turnMailOn(site);
    expect(buttons(await olga.get(checkOf('vera')), 'address')).to.deep.equal(['Resend Verification', 'Verify the address']);
    await mend(olga, 'vera', 'address');
    const page = await olga.get(checkOf('vera'));
    expect(saysOf(page, 'address')).to.include('The verification link of').and.include('Its mail waits to be sent.');
    expect(buttons(page, 'address')).to.deep.equal(['Resend Verification', 'Copy link', 'Verify the address']);
  });

  it('says of a user without password that a link is on its way to choose one', async () => {
    await turnMailOn(site);
    await olga.get('/users/uma/reset-password');
    await olga.submit('/users/uma/reset-password', { is_stopped: 'on', stopped: 'on' });
    expect(saysOf(await olga.get(checkOf('uma')), 'reset-link'))
      .to.include('works until')
      .and.include('Its mail waits to be sent.');
    expect(buttons(olga.page, 'reset-link'), 'for its reader alone').to.deep.equal([]);
  });

  it('changes nothing by being asked, and knows nobody who is not there', async () => {
    await olga.get(checkOf('lea'));
    expect(await actsUpon(site, site.ids.lea)).to.deep.equal([]);
    expect((await olga.get(checkOf('nobody'))).status).to.equal(404);
  });
});
