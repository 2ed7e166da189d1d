import { expect } from 'chai';
import type { Page } from 'playwright-core';
import { worldPassword } from '../../seeds/world.ts';
import { type Desk, openDesk } from '../kit/browser.ts';

describe('Without JavaScript', () => {
  let desk: Desk;
  let page: Page;
  before(async function () {
    desk = await openDesk(this);
  });
  beforeEach(async () => {
    page = await desk.sit('olga', { javaScriptEnabled: false });
  });
  afterEach(() => desk?.clear());
  after(() => desk?.close());

  const main = () => page.locator('main').innerText();

  it('one signs in, searches, opens the details and deactivates', async () => {
    page = await desk.sit(null, { javaScriptEnabled: false });
    await page.goto('/');
    await page.locator('#field-identifier').fill('olga@world.example');
    await page.locator('#field-password').fill(worldPassword);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.waitForURL((url) => url.pathname === '/');
    await page.locator('#states').getByRole('link', { name: '11' }).click();
    await page.waitForURL(/state=active/);
    await page.goto('/users');
    await page.getByRole('searchbox', { name: 'Search users' }).fill('smirnova');
    await page.getByRole('button', { name: 'Filter' }).click();
    await page.waitForURL(/q=smirnova/);
    expect(await page.locator('#users tbody').count()).to.equal(1);
    await page.getByRole('link', { name: 'Details of' }).click();
    await page.waitForURL(/open=ines/);
    expect(await page.locator('#details-ines dt').count()).to.equal(14);
    await page.locator('#details-ines').getByRole('button', { name: 'Deactivate User' }).click();
    await page.getByText('Inês Smirnova can no longer sign in').waitFor();
    expect(page.url(), 'back where one was').to.match(/q=smirnova&open=ines/);
    expect(await page.locator('#user-ines').innerText()).to.include('Inactive');
    await page.getByRole('button', { name: 'Olga Ivanova' }).click();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByText('You have signed out').waitFor();
  });

  it('one suspends with a reason, which is asked for', async () => {
    await page.goto('/users?q=mona');
    await page.locator('#user-mona summary').click();
    await page.locator('#user-mona').getByRole('link', { name: 'All actions' }).click();
    await page.getByRole('link', { name: 'Suspend' }).click();
    await page.getByRole('button', { name: 'Suspend' }).click();
    expect(await main()).to.include('A reason is needed; the user is shown it.');
    await page.locator('#field-reason').fill('Not seen for a year.');
    await page.getByRole('button', { name: 'Suspend' }).click();
    await page.waitForURL('**/users?q=mona');
    expect(await page.locator('#user-mona').innerText()).to.include('Suspended');
  });

  it('one adds a user, mends what was wrong, and reads its password once', async () => {
    await page.goto('/users/new');
    await page.locator('#field-username').fill('wilma');
    await page.locator('#field-phone').fill('+49 30 123');
    await page.getByRole('button', { name: 'Add User' }).click();
    expect(await main()).to.include('An email address is needed');
    expect(await page.locator('#field-phone').inputValue()).to.equal('+49 30 123');
    await page.locator('#field-email').fill('wilma@world.example');
    await page.locator('#field-name').fill('Wilma Weber');
    const generated = await page.locator('#field-single_use_password').inputValue();
    await page.getByRole('button', { name: 'Add User' }).click();
    await page.waitForURL('**/users/wilma');
    expect(await page.locator('.secret code').innerText()).to.equal(generated);
    await page.goto('/users/wilma');
    expect(await page.locator('.secret').count()).to.equal(0);
  });

  it('one edits a user', async () => {
    await page.goto('/users/uma');
    await page.getByRole('link', { name: 'Edit' }).click();
    await page.locator('#field-bank').fill('Nordea');
    await page.getByRole('button', { name: 'Save Profile' }).click();
    await page.waitForURL('**/users/uma');
    expect(await main()).to.include('Nordea');
  });

  it('one deletes a user and restores it', async () => {
    await page.goto('/users/stan');
    await page.getByRole('link', { name: 'Delete' }).click();
    expect(await main()).to.include('Nothing else belongs to it.');
    await page.getByRole('button', { name: 'Delete' }).click();
    await page.getByText('Stan Kowalski has been deleted').waitFor();
    await page.getByRole('link', { name: 'Deleted' }).click();
    await page.getByRole('row', { name: 'Stan' }).getByRole('link', { name: 'Restore' }).click();
    await page.getByRole('button', { name: 'Restore' }).click();
    await page.getByText('Stan Kowalski has been restored').waitFor();
  });

  it('one opens the menus on a small screen', async () => {
    page = await desk.sit('olga', { javaScriptEnabled: false, viewport: { width: 390, height: 844 } });
    await page.goto('/users/gus');
    await page.getByRole('button', { name: 'Menu', exact: true }).click();
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'History' }).click();
    await page.waitForURL('**/history');
    await page.goto('/users/gus');
    await page.locator('.headmenu summary').click();
    await page.getByRole('button', { name: 'Deactivate User' }).click();
    await page.getByText('Gus Nordberg can no longer sign in').waitFor();
  });

  it('one sorts a list on a small screen', async () => {
    page = await desk.sit('olga', { javaScriptEnabled: false, viewport: { width: 390, height: 844 } });
    await page.goto('/users');
    await page.locator('thead').getByRole('link', { name: 'Username' }).click();
    await page.waitForURL('**/users?sort=username');
    expect(await page.locator('#users tbody tr').first().textContent()).to.include('april');
  });

  it('one imports accounts', async () => {
    await page.goto('/users');
    await page.getByRole('link', { name: 'Import' }).click();
    await page
      .getByLabel('Paste rows')
      .fill('username,email,name\nzora,zora@world.example,Zora Import\numa,other@world.example,Twice\n');
    await page.getByRole('button', { name: 'Check rows' }).click();
    await page.waitForURL(/\/users\/import\/\d+/);
    await page.getByRole('button', { name: 'Import 1 account' }).click();
    for (let turn = 0; turn < 20 && !(await main()).includes('has been created'); turn += 1) await page.reload();
    expect(await main()).to.include('1 account has been created');
    await page.goto('/users/zora');
    expect(await main()).to.include('Invited');
  });
});
