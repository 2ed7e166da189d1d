import { expect } from 'chai';
import { type Desk, focused, openDesk } from '../kit/browser.ts';
import { giveBalance } from '../kit/money.ts';

describe('Money in a browser', () => {
  let desk: Desk;
  before(async function () {
    desk = await openDesk(this);
  });
  afterEach(() => desk?.clear());
  after(() => desk?.close());

  const balanceOf = async (username: string) => (await desk.db('users').where({ username }).first()).balanceMinor;

  it('is refilled from the list in a dialog, and only that row changes', async () => {
    const page = await desk.sit('olga');
    await page.goto('/users?sort=username');
    await page.locator('#user-ines td[data-label=Balance]').waitFor();
    await page.evaluate(() => {
      for (const row of document.querySelectorAll('#users tbody')) row.setAttribute('data-same', '');
    });
    const rows = await page.locator('#users tbody').count();
    await page.locator('#refill-ines').click();
    const dialog = page.getByRole('dialog', { name: 'Refill Balance' });
    await dialog.waitFor();
    expect(await focused(page)).to.equal('field-amount');
    await page.keyboard.type('1e3');
    await dialog.getByRole('button', { name: 'Refill Balance' }).click();
    await dialog.locator('#field-amount-error').waitFor();
    await dialog.locator('#field-amount').fill('12,50');
    await dialog.getByRole('button', { name: 'Refill Balance' }).click();
    await page.locator('#user-ines:not([data-same])').waitFor();
    await dialog.waitFor({ state: 'hidden' });
    expect(await page.locator('#user-ines td[data-label=Balance]').textContent()).to.equal('€12.50');
    expect(await page.locator('#users tbody[data-same]').count()).to.equal(rows - 1);
    expect(await page.locator('#flash').textContent()).to.include('€12.50 added to the balance of Inês Smirnova.');
    expect(await balanceOf('ines')).to.equal(1_250);
  });

  it('reads as a table on paper, and without what paper cannot do', async () => {
    const page = await desk.sit('olga');
    await page.setViewportSize({ width: 718, height: 1000 });
    await page.goto('/users/ines/balance/statement');
    await page.emulateMedia({ media: 'print' });
    expect(await page.locator('table.statement thead').isVisible()).to.equal(true);
    for (const selector of ['.side', '.top', '.filters', '.actions', '.crumbs'])
      expect(await page.locator(selector).first().isVisible(), selector).to.equal(false);
  });

  it('is drawn on the Overview without any script', async () => {
    await giveBalance(desk.db, 'flo', 99_000);
    const page = await desk.sit('olga', { javaScriptEnabled: false });
    await page.goto('/?days=7');
    const bar = await page.locator('#money svg rect.ok').first().boundingBox();
    expect(bar?.height).to.be.greaterThan(50);
    await page.locator('#money summary').click();
    expect(await page.locator('#money tbody tr').first().textContent()).to.match(/€1?,?[\d.]+ \([12]\)/);
    await page.getByRole('link', { name: '90 days' }).click();
    expect(await page.locator('#money tbody tr').count()).to.equal(90);
  });
});
