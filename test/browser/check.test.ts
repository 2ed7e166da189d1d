import { expect } from 'chai';
import type { Page } from 'playwright-core';
import { type Desk, focused, openDesk } from '../kit/browser.ts';

describe('The sign-in check in a browser', () => {
  let desk: Desk;
  before(async function () {
    desk = await openDesk(this);
  });
  afterEach(() => desk?.clear());
  after(() => desk?.close());

  const row = (username: string) => desk.db('users').where({ username }).first();
  const check = (page: Page, name: string) => page.locator(`#check-${name}`);
  /** Walks on by Tab until it comes to this. */
  const tabTo = async (page: Page, selector: string) => {
    const isThere = () => page.evaluate((one) => document.activeElement?.matches(one), selector);
    for (let step = 0; step < 60 && !(await isThere()); step += 1) await page.keyboard.press('Tab');
    expect(await isThere(), selector).to.equal(true);
  };

  it('is asked, read and followed by keyboard alone', async () => {
    const page = await desk.sit('olga');
    await page.goto('/users/lea');
    await tabTo(page, '.standing .button');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/users/lea/sign-in-check');
    expect(await page.locator('#verdict').textContent()).to.include('cannot sign in');
    await tabTo(page, '#check-lock .fixes button');
    await page.keyboard.press('Enter');
    await page.locator('#flash').getByText('Lea Sørensen is unlocked').waitFor();
    expect(page.url()).to.match(/\/users\/lea\/sign-in-check$/);
    expect(await check(page, 'lock').textContent()).to.include('Passes');
    expect(await page.locator('#verdict').textContent()).to.include('Nothing keeps');
    expect((await row('lea')).lockedAt).to.equal(null);
  });

  it('is reached from the menu of a row', async () => {
    const page = await desk.sit('olga');
    await page.goto('/users?q=nina');
    await page.locator('#user-nina summary').click();
    await page.locator('#user-nina').getByRole('link', { name: 'Why can’t this user sign in?' }).click();
    await page.waitForURL('**/users/nina/sign-in-check');
    expect(await check(page, 'state').textContent()).to.include('Inactive');
  });

  it('opens what asks for more in a dialog, and comes back where nothing was done', async () => {
    await desk.db('users').where({ username: 'stan' }).update({ passwordHash: null });
    const page = await desk.sit('olga');
    await page.goto('/users/stan/sign-in-check');
    const fix = check(page, 'password').getByRole('link', { name: 'Reset user password' });
    await fix.click();
    const dialog = page.getByRole('dialog', { name: 'Reset user password' });
    await dialog.waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
    expect(await focused(page)).to.equal('Reset user password');
    await fix.click();
    const generated = await page.locator('#field-password').inputValue();
    await dialog.getByRole('button', { name: 'Reset password' }).click();
    await page.locator('.secret code', { hasText: generated }).waitFor();
  });

  it('leads to the very field, and back when it is saved', async () => {
    const page = await desk.sit('olga', { viewport: { width: 390, height: 844 } });
    await page.goto('/users/xena/sign-in-check');
    await check(page, 'expiry').getByRole('link', { name: 'Set another expiry' }).click();
    await page.waitForURL('**/users/xena/edit?return_to=**#field-expires_at');
    const box = await page.locator('#field-expires_at').boundingBox();
    expect(box?.y, 'in sight').to.be.within(52, 844);
    await page.locator('#field-expires_at').fill('');
    await page.getByRole('button', { name: 'Save Profile' }).click();
    await page.waitForURL('**/users/xena/sign-in-check');
    expect(await page.locator('#verdict').textContent()).to.include('Nothing keeps Xena Müller');
  });

  it('works without JavaScript', async () => {
    const page = await desk.sit('olga', { javaScriptEnabled: false });
    await page.goto('/users/rita');
    await page.getByRole('link', { name: 'Why can’t this user sign in?' }).click();
    expect(await page.locator('#verdict').innerText()).to.include('can sign in, but not use everything');
    await check(page, 'state').getByRole('button', { name: 'Approve' }).click();
    await page.getByText('Rita Almeida has been approved').waitFor();
    expect(await page.locator('#verdict').innerText()).to.include('Nothing keeps Rita Almeida');
    await page.goto('/users/dora/sign-in-check');
    await check(page, 'deletion').getByRole('link', { name: 'Restore' }).click();
    await page.getByRole('button', { name: 'Restore' }).click();
    await page.getByText('Dora Deleted has been restored').waitFor();
  });
});

describe('Two people who edit at once, in a browser', () => {
  let desk: Desk;
  before(async function () {
    desk = await openDesk(this);
  });
  afterEach(() => desk?.clear());
  after(() => desk?.close());

  const row = (username: string) => desk.db('users').where({ username }).first();

  /** Oscar and this page have the form open; Oscar saves first. */
  async function collide(page: Page, username: string): Promise<void> {
    await page.goto(`/users/${username}/edit`);
    const oscar = await desk.sit('oscar');
    await oscar.goto(`/users/${username}/edit`);
    await oscar.locator('#field-phone').fill('111 222');
    await oscar.locator('#field-first_name').fill('Theirs');
    await oscar.getByRole('button', { name: 'Save Profile' }).click();
    await oscar.getByText('has been saved').waitFor();
    await page.locator('#field-phone').fill('333 444');
    await page.locator('#field-bank').fill('Mine');
    await page.getByRole('button', { name: 'Save Profile' }).click();
    await page.getByText('oscar saved this meanwhile').waitFor();
  }

  it('are led to the news, and choose by keyboard', async () => {
    const page = await desk.sit('olga');
    await collide(page, 'ines');
    expect(await page.evaluate(() => document.activeElement?.classList.contains('problems'))).to.equal(true);
    await page.keyboard.press('Tab');
    const group = page.getByRole('group', { name: 'Phone' });
    expect(
      await group.getByRole('radio', { name: 'Saved meanwhile 111 222' }).evaluate((at) => at === document.activeElement),
    ).to.equal(true);
    await page.keyboard.press('ArrowDown');
    expect(await group.getByRole('radio', { name: 'Yours 333 444' }).isChecked()).to.equal(true);
    await page.keyboard.press('Tab');
    expect(await focused(page)).to.equal('Save Profile');
    await page.keyboard.press('Enter');
    await page.getByText('Inês Smirnova has been saved').waitFor();
    expect(await row('ines')).to.include({ phone: '333 444', firstName: 'Theirs', bank: 'Mine' });
  });

  for (const javaScriptEnabled of [true, false]) {
    it(`must choose before they save, and may go on editing, ${javaScriptEnabled ? 'with' : 'without'} JavaScript`, async () => {
      const username = javaScriptEnabled ? 'gus' : 'mona';
      const page = await desk.sit('olga', { javaScriptEnabled, viewport: { width: 390, height: 844 } });
      await collide(page, username);
      await page.getByRole('button', { name: 'Save Profile' }).click();
      expect(await page.locator('input:invalid').count(), 'the browser itself holds it back').to.equal(2);
      expect((await row(username)).phone).to.equal('111 222');
      await page.getByText('Saved meanwhile').click();
      await page.getByRole('button', { name: 'Go on editing' }).click();
      await page.locator('#field-phone').waitFor();
      expect(await page.locator('#field-phone').inputValue()).to.equal('111 222');
      expect(await page.locator('#field-bank').inputValue()).to.equal('Mine');
      await page.locator('#field-unp').fill('7');
      await page.getByRole('button', { name: 'Save Profile' }).click();
      await page.getByText('has been saved').waitFor();
      expect(await row(username)).to.include({ phone: '111 222', firstName: 'Theirs', bank: 'Mine', unp: '7' });
    });
  }
});
