import { expect } from 'chai';
import { type Desk, openDesk } from '../kit/browser.ts';

describe('Undo in a browser', () => {
  let desk: Desk;
  before(async function () {
    desk = await openDesk(this);
  });
  afterEach(() => desk?.clear());
  after(() => desk?.close());

  it('changes only the row back, says so, and keeps the focus there', async () => {
    const page = await desk.sit('olga');
    await page.goto('/users?sort=username');
    await page.locator('#user-ines summary').click();
    await page.locator('#user-ines').getByRole('button', { name: 'Deactivate User' }).click();
    await page.locator('#user-ines', { hasText: 'Inactive' }).waitFor();
    await page.evaluate(() => {
      for (const row of document.querySelectorAll('#users tbody')) row.setAttribute('data-same', '');
    });
    const posts: string[] = [];
    page.on('request', (request) => request.method() === 'POST' && posts.push(request.url()));
    await page.locator('#flash').getByRole('button', { name: 'Undo' }).dblclick();
    await page.locator('#flash', { hasText: 'Undone: olga deactivated Inês Smirnova.' }).waitFor();
    expect(posts).to.have.length(1);
    expect(await page.locator('#user-ines:not([data-same])').textContent()).to.include('Active');
    expect(await page.locator('#users tbody:not([data-same])').count()).to.equal(1);
    expect(await page.locator('#flash').getByRole('button', { name: 'Undo' }).count()).to.equal(0);
    expect(page.url()).to.match(/\/users\?sort=username$/);
  });

  it('is offered, too, where the act takes the row out of a filtered list', async () => {
    const page = await desk.sit('olga', { forgives: /hx-target did not match any element/ });
    await page.goto('/users?state=active&sort=username');
    await page.locator('#user-stan summary').click();
    await page.locator('#user-stan').getByRole('button', { name: 'Deactivate User' }).click();
    await page.locator('#user-stan').waitFor({ state: 'detached' });
    expect(await page.locator('#flash').textContent()).to.include('Stan Kowalski can no longer sign in.');
    await page.waitForFunction(() => document.activeElement?.closest('#flash'));
    await page.locator('#flash').getByRole('button', { name: 'Undo' }).click();
    await page.getByText('Undone: olga deactivated Stan Kowalski.').waitFor();
    expect(page.url()).to.match(/\/users\?state=active&sort=username$/);
    expect(await page.locator('#user-stan').textContent()).to.include('Active');
  });

  for (const javaScriptEnabled of [true, false]) {
    it(`brings a deleted user back into its list, ${javaScriptEnabled ? 'with' : 'without'} JavaScript`, async () => {
      const page = await desk.sit('olga', { javaScriptEnabled });
      await page.goto('/users/uma/delete?return_to=%2Fusers%3Fq%3Duma');
      await page.getByRole('button', { name: 'Delete', exact: true }).click();
      await page.getByText('Uma Trucking Ltd has been deleted').waitFor();
      await page.locator('#flash').getByRole('button', { name: 'Undo' }).click();
      await page.getByText('Undone: olga deleted Uma Trucking Ltd.').waitFor();
      expect(page.url()).to.match(/\/users\?q=uma$/);
      expect(await page.locator('#user-uma').count()).to.equal(1);
    });
  }

  it('has its button in the history, and a refusal says what has changed', async () => {
    const page = await desk.sit('olga');
    await page.goto('/users/mona/flag');
    await page.locator('#field-reason').fill('Many trackers in one day.');
    await page.getByRole('button', { name: 'Flag' }).click();
    await page.getByText('Mona Fischer has been flagged').waitFor();
    await page.goto('/users/mona/history');
    await desk.db('users').where({ username: 'mona' }).update({ state: 'STATE_SUSPENDED' });
    await page.locator('.timeline').getByRole('button', { name: 'Undo' }).first().click();
    await page.getByText('Mona Fischer has been changed since: state.').waitFor();
    await page.getByRole('link', { name: 'Back', exact: true }).click();
    expect(page.url()).to.match(/\/users\/mona\/history$/);
  });
});
