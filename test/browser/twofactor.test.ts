import { expect } from 'chai';
import { Secret, TOTP } from 'otpauth';
import type { Page } from 'playwright-core';
import { type Name, worldPassword } from '../../seeds/world.ts';
import { type Desk, openDesk } from '../kit/browser.ts';
import { holdDevice } from '../kit/tour-twofactor.ts';

describe('A second factor in a browser', () => {
  let desk: Desk;
  before(async function () {
    desk = await openDesk(this);
  });
  afterEach(async () => {
    await desk?.db('attempts').delete();
    await desk?.clear();
  });
  after(() => desk?.close());

  /** A page before a device that holds passkeys. */
  async function sitWithDevice(name: Name) {
    const page = await desk.sit(name);
    return { page, ...(await holdDevice(page)) };
  }

  async function addPasskey(page: Page, label: string) {
    await page.goto('/account/passkeys/new');
    await page.getByLabel('Name').fill(label);
    await page.getByRole('button', { name: 'Create the passkey' }).click();
    await page.locator('#flash').getByText(`The passkey “${label}” has been added.`).waitFor();
  }

  const signOut = async (page: Page) => {
    await page.locator('.me').click();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByText('You have signed out.').waitFor();
  };

  it('is a passkey that is made, signs in without a password, confirms, and is renamed and removed', async () => {
    const { page, session, authenticatorId } = await sitWithDevice('uma');
    await addPasskey(page, 'My laptop');
    expect(await page.locator('.codes li').count()).to.equal(10);
    const { credentials } = await session.send('WebAuthn.getCredentials', { authenticatorId });
    expect(credentials[0]).to.include({ rpId: 'localhost', isResidentCredential: true });

    await signOut(page);
    await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
    await page.waitForURL('**/my');

    await desk.db('sessions').update({ confirmedAt: desk.db.raw(`now() - interval '11 minutes'`) });
    await page.goto('/account/two-factor/codes');
    await page.getByRole('button', { name: 'Or use a passkey' }).click();
    await page.locator('.codes').waitFor();

    await page.goto('/account/passkeys');
    await page.getByRole('link', { name: 'Rename My laptop' }).click();
    await page.getByLabel('Name').fill('Old laptop');
    await page.getByRole('button', { name: 'Rename' }).click();
    await page.getByRole('link', { name: 'Remove Old laptop' }).click();
    await page.getByRole('button', { name: 'Remove' }).click();
    await page.getByText('No passkeys yet').waitFor();
    expect((await desk.db('users').where({ username: 'uma' }).first()).twoFactorSince).to.equal(null);
  });

  it('is a passkey that confirms in a dialog', async () => {
    const { page } = await sitWithDevice('olga');
    await addPasskey(page, 'Desk');
    await desk.db('sessions').update({ confirmedAt: desk.db.raw(`now() - interval '11 minutes'`) });
    await page.goto('/users/dora');
    await page.locator('.headacts a[href*=purge]').click();
    const dialog = page.locator('dialog[open]');
    await dialog.getByLabel('Type the username: dora').fill('dora');
    await dialog.getByRole('button', { name: 'Or use a passkey' }).click();
    await page.locator('#flash').getByText('purged').waitFor();
    expect(await desk.db('users').where({ username: 'dora' }).first()).to.equal(undefined);
  });

  it('is a passkey after the password', async () => {
    const { page } = await sitWithDevice('stan');
    await addPasskey(page, 'Key ring');
    await signOut(page);
    await page.getByLabel('Username or email').fill('stan');
    await page.locator('#field-password').fill(worldPassword);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.waitForURL('**/two-factor');
    await page.getByRole('button', { name: 'Use a passkey' }).click();
    await page.waitForURL('**/my');
  });

  it('is not made twice on one device, and nothing is lost when the device says no', async () => {
    const { page, session, authenticatorId } = await sitWithDevice('gus');
    await addPasskey(page, 'First');
    await page.goto('/account/passkeys/new');
    await page.getByLabel('Name').fill('Second');
    await page.getByRole('button', { name: 'Create the passkey' }).click();
    await page.getByText('This device holds a passkey for your account already.').waitFor();
    expect(await page.getByLabel('Name').inputValue()).to.equal('Second');
    await signOut(page);
    await session.send('WebAuthn.clearCredentials', { authenticatorId });
    await page.getByLabel('Username or email').fill('gus');
    await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
    await page.getByText('No passkey was chosen, or it took too long.').waitFor();
    expect(await page.getByLabel('Username or email').inputValue()).to.equal('gus');
  });

  it('is an app that reads the picture; keyboard alone will do', async () => {
    const page = await desk.sit('ines');
    await page.goto('/account/two-factor');
    await page.getByRole('link', { name: 'Set up an authenticator app' }).focus();
    await page.keyboard.press('Enter');
    const picture = page.locator('img.qr');
    expect(await picture.evaluate((image: HTMLImageElement) => image.complete && image.naturalWidth > 100)).to.equal(true);
    const secret = (await page.locator('.secret code').innerText()).replace(/\s/g, '');
    await page.getByLabel('Code').fill(TOTP.generate({ secret: Secret.fromBase32(secret) }));
    await page.keyboard.press('Enter');
    await page.locator('.codes').waitFor();
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download' }).click();
    expect((await download).suggestedFilename()).to.equal('roster-recovery-codes-ines.txt');
    const code = await page.locator('.codes code').first().innerText();
    await signOut(page);
    await page.getByLabel('Username or email').fill('ines');
    await page.locator('#field-password').fill(worldPassword);
    await page.keyboard.press('Enter');
    await page.waitForURL('**/two-factor');
    expect(await page.evaluate(() => document.activeElement?.id)).to.equal('field-code');
    await page.getByRole('link', { name: 'Use a recovery code' }).click();
    await page.getByLabel('Recovery code').fill(code);
    await page.keyboard.press('Enter');
    await page.getByText('9 recovery codes are left').waitFor();
  });

  it('is an app without JavaScript too, where passkeys say that they need it', async () => {
    const page = await desk.sit('mona', { javaScriptEnabled: false });
    await page.goto('/account/two-factor/app');
    const secret = (await page.locator('.secret code').innerText()).replace(/\s/g, '');
    await page.getByLabel('Code').fill(TOTP.generate({ secret: Secret.fromBase32(secret) }));
    await page.getByRole('button', { name: 'Turn on' }).click();
    await page.locator('.codes').waitFor();
    await page.goto('/account/passkeys/new');
    await page.getByText('Passkeys need JavaScript, which is off.').waitFor();
    expect(await page.getByRole('button', { name: 'Create the passkey' }).isVisible()).to.equal(false);
    await page.goto('/sign-in');
    expect(await page.getByRole('button', { name: 'Sign in with a passkey' }).count()).to.equal(0);
  });

  it('loads its script only when it is asked for', async () => {
    const page = await desk.sit(null);
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    await page.goto('/sign-in');
    expect(asked.filter((url) => url.includes('passkeys'))).to.deep.equal([]);
  });
});
