import { expect } from 'chai';
import type { Page } from 'playwright-core';
import { type Desk, focused, openDesk } from '../kit/browser.ts';

describe('Acts upon a user in a browser', () => {
  let desk: Desk;
  before(async function () {
    desk = await openDesk(this);
  });
  afterEach(() => desk?.clear());
  after(() => desk?.close());

  const stateOf = async (username: string) => (await desk.db('users').where({ username }).first('state')).state;
  const asksFirst = ['Suspend', 'Delete'];
  const act = async (page: Page, username: string, name: string) => {
    const row = page.locator(`#user-${username}`);
    await row.locator('summary').click();
    await row.getByRole(asksFirst.includes(name) ? 'link' : 'button', { name, exact: true }).click();
  };

  it('change only the row, say so, and keep the focus there', async () => {
    const page = await desk.sit('olga');
    await page.goto('/users?sort=username');
    await page.evaluate(() => {
      for (const row of document.querySelectorAll('#users tbody')) row.setAttribute('data-same', '');
    });
    const rows = await page.locator('#users tbody').count();
    await act(page, 'ines', 'Deactivate User');
    await page.locator('#user-ines:not([data-same])').waitFor();
    expect(await page.locator('#user-ines').textContent()).to.include('Inactive');
    expect(await page.locator('#users tbody[data-same]').count()).to.equal(rows - 1);
    expect(await page.locator('#flash').textContent()).to.include('Inês Smirnova can no longer sign in');
    expect(await page.evaluate(() => document.activeElement?.closest('tbody')?.id)).to.equal('user-ines');
    await page.getByRole('button', { name: 'Dismiss' }).click();
    expect(await page.locator('#flash .flash').count()).to.equal(0);
  });

  it('ask for what they need in a dialog that keeps the focus', async () => {
    const page = await desk.sit('olga');
    await page.goto('/users?sort=username');
    await act(page, 'mona', 'Suspend');
    const dialog = page.getByRole('dialog', { name: 'Suspend Mona Fischer' });
    await dialog.waitFor();
    expect(await focused(page)).to.equal('field-reason');
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
    await page.waitForFunction(() => document.activeElement?.id === 'menu-mona');
    expect(page.url()).to.match(/\/users\?sort=username$/);

    await act(page, 'mona', 'Suspend');
    await dialog.getByRole('button', { name: 'Suspend' }).click();
    await dialog.getByRole('alert').waitFor();
    expect(await dialog.textContent()).to.include('A reason is needed; the user is shown it.');
    expect(await page.evaluate(() => document.activeElement?.classList.contains('problems'))).to.equal(true);
    expect(await stateOf('mona')).to.equal('STATE_APPROVED');

    await dialog.getByRole('link', { name: 'A reason is needed' }).click();
    expect(await focused(page)).to.equal('field-reason');
    await page.keyboard.type('Invoice 7 is not paid.');
    await dialog.getByRole('button', { name: 'Suspend' }).click();
    await dialog.waitFor({ state: 'hidden' });
    await page.locator('#user-mona', { hasText: 'Suspended' }).waitFor();
    await page.waitForFunction(() => document.activeElement?.closest('tbody')?.id === 'user-mona');
    expect(await page.locator('#flash').textContent()).to.include('Mona Fischer has been suspended');
    expect(await stateOf('mona')).to.equal('STATE_SUSPENDED');
    expect(page.url()).to.match(/\/users\?sort=username$/);
  });

  it('keep a dialog and what was typed in it when the connection is lost', async () => {
    const page = await desk.sit('olga', { forgives: /ERR_INTERNET_DISCONNECTED|Failed to fetch/ });
    await page.goto('/users?sort=username');
    await act(page, 'stan', 'Suspend');
    await page.locator('#field-reason').fill('A reason that took long to write.');
    await page.context().setOffline(true);
    const send = page.getByRole('dialog').getByRole('button', { name: 'Suspend' });
    await send.click();
    await page.getByRole('dialog').getByText('The server could not be reached').waitFor();
    expect(await page.locator('#field-reason').inputValue()).to.equal('A reason that took long to write.');
    await page.context().setOffline(false);
    await send.click();
    await page.locator('#user-stan', { hasText: 'Suspended' }).waitFor();
  });

  it('suspend from the page of the user, where there is no row', async () => {
    const page = await desk.sit('olga');
    await page.goto('/users/gus');
    await page.getByRole('link', { name: 'Suspend' }).click();
    await page.locator('#field-reason').fill('Not seen for a year.');
    await page.getByRole('dialog').getByRole('button', { name: 'Suspend' }).click();
    await page.getByText('Gus Nordberg has been suspended').waitFor();
    expect(page.url()).to.match(/\/users\/gus$/);
    expect(await page.locator('main').textContent()).to.include('Not seen for a year.');
  });

  it('delete after a dialog that says what goes, and restore', async () => {
    const page = await desk.sit('olga');
    await page.goto('/users?q=xena');
    await act(page, 'xena', 'Delete');
    const dialog = page.getByRole('dialog', { name: 'Delete Xena Müller?' });
    await dialog.waitFor();
    expect(await dialog.textContent()).to.include('Nothing else belongs to it.');
    await dialog.getByRole('link', { name: 'Cancel' }).click();
    await dialog.waitFor({ state: 'hidden' });
    await page.waitForFunction(() => document.activeElement?.id === 'menu-xena');
    await act(page, 'xena', 'Delete');
    await dialog.getByRole('button', { name: 'Delete' }).click();
    await page.getByText('Xena Müller has been deleted').waitFor();
    expect(await page.locator('#user-xena').count()).to.equal(0);

    await page.goto('/users/deleted');
    await page.getByRole('row', { name: 'Xena' }).getByRole('link', { name: 'Restore' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Restore' }).click();
    await page.getByText('Xena Müller has been restored').waitFor();
  });

  it('count a double click once', async () => {
    const page = await desk.sit('olga');
    await page.goto('/users/flo/deactivate');
    const posts: string[] = [];
    page.on('request', (request) => request.method() === 'POST' && posts.push(request.url()));
    await page.getByRole('button', { name: 'Deactivate User' }).dblclick();
    await page.getByText('Flo Jansen can no longer sign in').waitFor();
    expect(posts).to.have.length(1);

    await page.goto('/users?q=nina');
    posts.length = 0;
    await page.locator('#user-nina summary').click();
    await page.locator('#user-nina').getByRole('button', { name: 'Activate User' }).dblclick();
    await page.locator('#user-nina', { hasText: 'Active' }).waitFor();
    expect(posts).to.have.length(1);
  });

  it('show a single-use password once, and nothing takes it away by accident', async () => {
    const page = await desk.sit('olga', { forgives: /ERR_INTERNET_DISCONNECTED|Failed to fetch/ });
    await page.goto('/users/lea');
    await page.getByRole('link', { name: 'Reset user password' }).click();
    const generated = await page.locator('#field-password').inputValue();
    await page.getByRole('button', { name: 'Reset password' }).click();
    await page.waitForURL('**/users/lea');
    const secret = page.locator('#flash .secret code');
    expect(await secret.textContent()).to.equal(generated);
    expect(await page.getByRole('button', { name: 'Dismiss' }).count()).to.equal(0);
    await page.context().setOffline(true);
    await page.getByRole('link', { name: 'Suspend' }).click();
    await page.getByText('The server could not be reached').waitFor();
    expect(await secret.textContent()).to.equal(generated);
    await page.context().setOffline(false);
    await page.reload();
    expect(await page.locator('main').textContent()).to.not.include(generated);
  });
});
