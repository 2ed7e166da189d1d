import { expect } from 'chai';
import type { Page } from 'playwright-core';
import { type Desk, focused, openDesk } from '../kit/browser.ts';

describe('Acting upon many users in a browser', () => {
  let desk: Desk;
  before(async function () {
    desk = await openDesk(this);
  });
  beforeEach(async () => {
    const rows = Array.from({ length: 60 }, (_, n) => ({
      username: `many-${n}`,
      email: `many-${n}@many.example`,
      name: `Many ${n}`,
      state: 'STATE_APPROVED',
      registeredAt: new Date(Date.UTC(2026, 0, 60 - n)),
    }));
    await desk.db('users').insert(rows);
  });
  afterEach(async () => {
    await desk?.db('users').where('username', 'like', 'many-%').delete();
    await desk?.clear();
  });
  after(() => desk?.close());

  const list = '/users?q=many.example';
  const box = (page: Page, n: number) => page.getByRole('checkbox', { name: `Select Many ${n}`, exact: true });
  const bar = (page: Page) => page.locator('.selectbar');
  /** Waits until the bar says so. */
  const says = (page: Page, text: string) =>
    page.waitForFunction((said) => document.querySelector('[data-count]')?.textContent === said, text);
  const inactive = () =>
    desk.db('users').where({ state: 'STATE_INACTIVE' }).where('username', 'like', 'many-%').pluck('username');

  it('says how many are ticked, over pages, sorting, searching and open details', async () => {
    const page = await desk.sit('olga');
    await page.goto(list);
    expect(await bar(page).isVisible()).to.equal(false);
    await box(page, 1).check();
    await box(page, 2).check();
    await says(page, '2 selected');
    await page.locator('#plus-many-1').click();
    await page.locator('#details-many-1').waitFor();
    expect(await box(page, 1).isChecked(), 'a row that is shown anew').to.equal(true);
    await page.locator('#page-next').click();
    await page.waitForURL(/after=.*selection=\d+/);
    await says(page, '2 selected');
    expect(await focused(page)).to.equal('page-next');
    await box(page, 30).check();
    await page.locator('#sort-username').click();
    await page.waitForURL(/sort=username/);
    await page.locator('[aria-sort="ascending"] #sort-username').waitFor();
    await says(page, '3 selected');
    await page.getByRole('searchbox', { name: 'Search users' }).fill('many-30');
    await page.waitForURL(/q=many-30/);
    await page.waitForFunction(() => document.querySelectorAll('#users tbody').length === 1);
    await says(page, '3 selected');
    expect(await box(page, 30).isChecked()).to.equal(true);
    await page.reload();
    await says(page, '3 selected');
    await page.getByRole('link', { name: 'Clear', exact: true }).click();
    await page.waitForURL((url) => !url.searchParams.has('selection'));
    expect(await bar(page).isVisible()).to.equal(false);
  });

  it('ticks a page from its head', async () => {
    const page = await desk.sit('olga');
    await page.goto(list);
    const head = page.getByRole('checkbox', { name: 'Everybody on this page' });
    await head.check();
    await says(page, '25 selected');
    await box(page, 3).uncheck();
    await says(page, '24 selected');
    expect(await head.isChecked()).to.equal(false);
  });

  it('is done with the keyboard alone', async () => {
    const page = await desk.sit('olga');
    await page.goto(`${list}&sort=username`);
    await page.keyboard.press('j');
    await page.keyboard.press('x');
    await page.keyboard.press('j');
    await page.keyboard.press('x');
    await says(page, '2 selected');
    await page.keyboard.press('a');
    expect(await page.evaluate(() => document.activeElement?.getAttribute('name'))).to.equal('all');
    for (let tabs = 0; tabs < 3; tabs += 1) await page.keyboard.press('Tab');
    expect(await focused(page)).to.equal('Deactivate User');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/users\/bulk\/\d+$/);
    await page.locator('#field-reason').focus();
    await page.keyboard.type('Unused.');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByText('2 users deactivated.', { exact: true }).first().waitFor();
    expect(await inactive()).to.have.members(['many-0', 'many-1']);
  });

  it('reaches everybody who matches', async () => {
    const page = await desk.sit('olga');
    await page.goto(list);
    await box(page, 0).check();
    await page.getByRole('checkbox', { name: 'All 60 that match' }).check();
    await says(page, 'All 60 that match');
    await bar(page).getByText('More').click();
    await bar(page).getByRole('button', { name: 'Suspend' }).click();
    await page.getByRole('heading', { name: 'Suspend 60 users?' }).waitFor();
  });

  it('is watched while it runs, and stopped', async () => {
    await desk.db.raw(
      `insert into users (username, email, name, state) select 'many-' || n, 'many-' || n || '@many.example', 'Many ' || n, 'STATE_APPROVED'
       from generate_series(1000, 4000) n`,
    );
    const page = await desk.sit('olga');
    await page.goto(list);
    await page.locator('tbody .pick input').first().check();
    await page.getByRole('checkbox', { name: 'All 3,061 that match' }).check();
    await page.getByRole('button', { name: 'Deactivate User' }).click();
    await page.getByRole('heading', { name: 'Deactivate 3,061 users?' }).waitFor();
    await page.getByRole('button', { name: /^Deactivate 3,061/ }).click();
    await page.getByRole('button', { name: 'Stop' }).click();
    await page.getByText(/users left/).waitFor();
    await page.getByRole('button', { name: /^Deactivate/ }).click();
    await page.getByText('3,061 users deactivated.').waitFor({ timeout: 20_000 });
    expect((await inactive()).length).to.equal(3061);
  }).timeout(60_000);

  it('works without script: ticks are kept by a button, a page that runs asks for itself again', async () => {
    const page = await desk.sit('olga', { javaScriptEnabled: false });
    await page.goto(list);
    await box(page, 1).check();
    await page.getByRole('button', { name: 'Next page' }).click();
    await page.waitForURL(/after=.*selection=\d+/);
    await box(page, 30).check();
    await page.getByRole('button', { name: 'Previous page' }).click();
    await page.waitForURL(/before=/);
    expect(await box(page, 1).isChecked()).to.equal(true);
    await page.getByRole('button', { name: 'Deactivate User' }).first().click();
    await page.getByRole('button', { name: 'Deactivate 2 users' }).click();
    await page.getByText('2 users deactivated.', { exact: true }).first().waitFor();
    expect(await inactive()).to.have.members(['many-1', 'many-30']);
  });

  it('takes a pasted list', async () => {
    const page = await desk.sit('olga');
    await page.goto('/users/bulk');
    await page.getByLabel('Act').selectOption('Deactivate User');
    await page.getByLabel('Usernames and email addresses').fill('many-5\nMany-6@many.example\nnobody@many.example');
    await page.getByRole('button', { name: 'Check users' }).click();
    await page.getByText('1 name was not found').waitFor();
    await page.getByRole('heading', { name: 'Deactivate 2 users?' }).waitFor();
  });
});
