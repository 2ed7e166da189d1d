import { expect } from 'chai';
import { worldPassword } from '../../seeds/world.ts';
import { type Desk, openDesk } from '../kit/browser.ts';

describe('Invitations in a browser', () => {
  let desk: Desk;
  before(async function () {
    desk = await openDesk(this);
  });
  beforeEach(async () => {
    await desk.db('letters').delete();
    await desk.db('invitations').delete();
    await desk.db('settings').update({ outgoingMail: true });
  });
  afterEach(() => desk?.clear());
  after(() => desk?.close());

  /** Somebody has invited these, and looks at the list. */
  async function listOf(...lines: string[]) {
    const page = await desk.sit('olga', { forgives: /status of 429/ });
    await page.goto('/invitations/new');
    await page.getByLabel('Email addresses').fill(lines.join('\n'));
    await page.locator('.formfoot .primary').click();
    if (lines.length > 1) await page.getByRole('button', { name: `Invite ${lines.length} people` }).click();
    await page.locator('#flash .flash').waitFor();
    return page;
  }
  const row = (page: Awaited<ReturnType<typeof listOf>>, email: string) => page.locator('#invitations tbody', { hasText: email });

  it('are sent again in their row alone, and say so', async () => {
    const page = await listOf('zoe@new.example', 'max@new.example');
    await page.evaluate(() => Object.assign(window, { isSamePage: true }));
    await row(page, 'zoe').getByRole('button', { name: 'Resend' }).click();
    await row(page, 'zoe').getByText('2 times').waitFor();
    expect(await page.locator('#flash').textContent()).to.include('zoe@new.example has been invited again.');
    expect(await row(page, 'max').textContent()).to.not.include('2 times');
    await row(page, 'zoe').getByRole('button', { name: 'Resend' }).click();
    await page.locator('#flash', { hasText: 'Wait a minute' }).waitFor();
    expect(await page.evaluate(() => 'isSamePage' in window)).to.equal(true);
  }).timeout(30_000);

  it('are revoked from a dialog, and their row stays', async () => {
    const page = await listOf('zoe@new.example', 'max@new.example');
    await row(page, 'zoe').getByRole('link', { name: 'Revoke' }).click();
    await page.locator('dialog[open]').getByRole('button', { name: 'Revoke' }).click();
    await row(page, 'zoe').getByText('Revoked').waitFor();
    expect(await row(page, 'max').getByText('Open').count()).to.equal(1);
  });

  it('ask for a proof in a dialog before they show an administrator’s link', async () => {
    const page = await listOf('boss@new.example, administrator');
    await desk.db('sessions').update({ confirmedAt: '2026-01-01' });
    await row(page, 'boss').getByRole('button', { name: 'Copy link' }).click();
    const dialog = page.locator('dialog[open]');
    await dialog.getByLabel('Your password').fill(worldPassword);
    await dialog.getByRole('button', { name: 'Copy the link' }).click();
    const link = await page.locator('.secret code').textContent();
    expect(link).to.match(/\/invitations\/accept\/[\w.-]+$/);
  });

  it('are found while one types, and the address says what is shown', async () => {
    const page = await listOf('zoe@new.example', 'max@new.example');
    await page.keyboard.press('/');
    await page.keyboard.type('max');
    await page.locator('#invitations .chip').waitFor();
    expect(await page.locator('#invitations tbody').count()).to.equal(1);
    expect(new URL(page.url()).search).to.equal('?q=max&state=');
    await page.locator('.chip').click();
    await row(page, 'zoe').waitFor();
  });

  it('are accepted without JavaScript, from the link to the account', async () => {
    await desk.db('settings').update({ outgoingMail: false });
    const page = await listOf('zoe@new.example');
    const link = new URL((await page.locator('.secret code').textContent()) ?? '').pathname;
    const guest = await desk.sit(null, { javaScriptEnabled: false });
    await guest.goto(link);
    expect(new URL(guest.url()).pathname).to.equal('/invitations/accept');
    await guest.getByLabel('Username').fill('zoe-new');
    await guest.getByLabel('Organization').fill('Zoe Ltd');
    await guest.locator('#field-password').fill('orbit-velvet-4711');
    await guest.locator('#field-password_confirmation').fill('orbit-velvet-4711');
    await guest.getByRole('button', { name: 'Sign Up' }).click();
    await guest.locator('#flash', { hasText: 'Your account is ready' }).waitFor();
    await page.goto('/invitations');
    await row(page, 'zoe').getByRole('link', { name: 'zoe-new' }).waitFor();
  });
});
