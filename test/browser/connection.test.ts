import { expect } from 'chai';
import type { Page } from 'playwright-core';
import { type Desk, focused, openDesk } from '../kit/browser.ts';

describe('Connecting in a browser', () => {
  let desk: Desk;
  before(async function () {
    desk = await openDesk(this);
  });
  afterEach(async () => {
    await desk?.clear();
    await desk?.db('connections').delete();
    await desk?.db('things').delete();
  });
  after(() => desk?.close());

  const connect = async (page: Page, reason = 'A call') => {
    await page.goto('/users/uma/connect');
    await page.getByLabel('Reason').fill(reason);
    await page.getByRole('button', { name: 'Connect' }).click();
    await page.waitForURL('**/my');
  };
  const disconnect = (page: Page) => page.locator('.connection').getByRole('button', { name: 'Disconnect' });
  const save = async (page: Page) => {
    await page.locator('.formfoot .primary').click();
    await page.locator('#flash .flash').waitFor();
  };

  for (const [size, viewport] of [
    ['1280', { width: 1280, height: 800 }],
    ['390', { width: 390, height: 800 }],
  ] as const)
    it(`goes from the list to the user’s things and back, and both read what happened, ${size} px wide`, async () => {
      const page = await desk.sit('olga', { viewport });
      await page.goto('/users?q=uma');
      if (size === '390') {
        await page.locator('#menu-uma').click();
        await page.locator('#user-uma .menu').getByRole('link', { name: 'Connect' }).click();
      } else await page.locator('#connect-uma').click();
      const dialog = page.getByRole('dialog', { name: 'Connect to Uma Trucking Ltd' });
      await dialog.getByLabel('Reason').fill('Ticket 12');
      await dialog.getByRole('button', { name: 'Connect' }).click();
      await page.waitForURL('**/my');
      expect(await page.locator('.connection').textContent()).to.include('uma@world.example');
      expect(await disconnect(page).isVisible()).to.equal(true);
      await page.goto('/users?q=uma');
      expect(await page.locator('.tablewrap').evaluate((frame) => frame.scrollWidth <= frame.clientWidth)).to.equal(true);
      const row = page.locator('#user-uma');
      if (size === '390') await row.locator('summary').click();
      await row.getByRole('button', { name: 'Disconnect' }).first().waitFor();
      for (const [kind, name] of [
        ['objects', 'Truck 7'],
        ['trackers', 'Box 7'],
      ]) {
        await page.goto(`/my/${kind}/new`);
        await page.getByLabel('Name').fill(name as string);
        await save(page);
      }
      await page.goto('/my/objects');
      await page.getByRole('link', { name: 'Truck 7' }).click();
      await page.getByRole('link', { name: 'Edit', exact: true }).click();
      await page.getByLabel('Tracker').selectOption('Box 7');
      await save(page);
      await page.locator('#share').click();
      await page.locator('dialog[open] [name=with]').fill('ines');
      await page.locator('dialog[open] .formfoot .primary').click();
      await page.locator('dialog[open]').waitFor({ state: 'hidden' });
      expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).to.equal(true);
      await disconnect(page).click();
      await page.waitForURL('**/users?q=uma');
      expect(await page.locator('.connection').count()).to.equal(0);
      await page.goto('/users/uma/visits');
      await page.locator('tbody th a').first().click();
      const changed = await page.locator('#changed').textContent();
      for (const part of ['Truck 7', 'Box 7', 'shared Truck 7 with']) expect(changed).to.include(part);
      const uma = await desk.sit('uma', { viewport });
      await uma.goto('/my/visits');
      await uma.locator('tbody th a').first().click();
      expect(await uma.locator('#visit').textContent())
        .to.include('Ticket 12')
        .and.include('Olga');
      expect(await uma.locator('#changed').textContent()).to.include('Box 7');
      expect(await uma.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).to.equal(true);
    });

  it('can be done with the keyboard alone', async () => {
    const page = await desk.sit('olga');
    await page.goto('/users?q=uma');
    await page.locator('#connect-uma').focus();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor();
    expect(await focused(page)).to.equal('field-reason');
    await page.keyboard.type('A call');
    for (let stop = 0; stop < 6 && (await focused(page)) !== 'Connect'; stop += 1) await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/my');
    for (let stop = 0; stop < 12 && (await focused(page)) !== 'Disconnect'; stop += 1) await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/users?q=uma');
  });

  it('works without script, with the minutes as they were', async () => {
    const page = await desk.sit('olga', { javaScriptEnabled: false });
    await connect(page);
    expect(await page.locator('[data-countdown]').textContent()).to.equal('60 min left');
    await disconnect(page).click();
    await page.waitForURL('**/users/uma');
  });

  it('counts the time down, in seconds at last, and says when it is over and how to go on', async () => {
    const page = await desk.sit('olga');
    await page.clock.install();
    await connect(page);
    const left = page.locator('[data-countdown]');
    await page.clock.fastForward('57:00');
    expect(await left.textContent()).to.equal('3 min left');
    await page.clock.fastForward('01:30');
    expect(await left.textContent()).to.match(/^(8[89]|9\d) s left$/);
    expect(await page.locator('#live').textContent()).to.equal('Your connection ends in two minutes.');
    await page.clock.fastForward('02:00');
    expect(await left.textContent()).to.equal('ended');
    expect(await page.getByRole('alert').textContent())
      .to.include('has ended')
      .and.include('press Disconnect');
    await desk.db('connections').update({ endsAt: new Date(Date.now() - 1000) });
    await page.clock.resume();
    await disconnect(page).click();
    await page.waitForURL('**/users/uma');
    expect(await page.locator('#flash').textContent()).to.include('has ended');
  });

  it('shows nothing of the user by Back once it has ended', async () => {
    const page = await desk.sit('olga', { forgives: /status of 403/ });
    await connect(page);
    await page.goto('/my/objects/new');
    await page.getByLabel('Name').fill('Secret truck');
    await save(page);
    await page.goto('/my/objects');
    await disconnect(page).click();
    await page.waitForURL('**/users/uma');
    await page.goBack();
    await page.waitForLoadState();
    expect(await page.locator('body').textContent()).to.not.include('Secret truck');
    expect(await page.locator('.connection').count()).to.equal(0);
  });

  it('shows the new name where another tab has connected meanwhile, not one user’s things under the other', async () => {
    const page = await desk.sit('olga', { forgives: /status of 403/ });
    await connect(page);
    await page.goto('/my/objects');
    const other = await page.context().newPage();
    await other.goto('/users/ines/connect');
    await other.getByLabel('Reason').fill('Another call');
    await other.getByRole('button', { name: 'Connect', exact: true }).click();
    await other.waitForURL('**/my');
    expect(await page.locator('.connected-email').textContent()).to.equal('uma@world.example');
    await page.getByPlaceholder('Name, plate').pressSequentially('truck');
    await page.locator('.connected-email', { hasText: 'ines@world.example' }).waitFor();
    await disconnect(other).click();
    await other.waitForURL('**/users/ines');
    await page.locator('.side a[href="/my/objects"]').click();
    await page.waitForLoadState();
    expect(await page.locator('.connection').count()).to.equal(0);
  });

  it('blinks, and stands still for whoever wants less motion', async () => {
    const animation = async (reducedMotion: 'reduce' | 'no-preference') => {
      const page = await desk.sit('olga', { reducedMotion });
      await connect(page);
      return page.locator('.indicator').evaluate((dot) => getComputedStyle(dot).animationName);
    };
    expect([await animation('no-preference'), await animation('reduce')]).to.deep.equal(['blink', 'none']);
  });
});
