import { expect } from 'chai';
import { worldPassword } from '../../seeds/world.ts';
import { type Desk, focused, openDesk } from '../kit/browser.ts';

describe('The list of users in a browser', () => {
  let desk: Desk;
  before(async function () {
    desk = await openDesk(this);
  });
  afterEach(async () => {
    await desk?.db('users').where('username', 'like', 'page-%').delete();
    await desk?.clear();
  });
  after(() => desk?.close());

  it('is reached from the sign-in page with the keyboard alone', async () => {
    const page = await desk.sit();
    await page.goto('/users?q=uma');
    await page.keyboard.type('olga');
    await page.keyboard.press('Tab');
    await page.keyboard.type(worldPassword);
    await page.keyboard.press('Enter');
    await page.waitForURL('**/users?q=uma');
    await page.keyboard.press('Tab');
    expect(await focused(page)).to.equal('Skip to content');
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => document.activeElement?.id === 'main');
    await page.keyboard.press('j');
    await page.keyboard.press('o');
    await page.waitForURL('**/users/uma');
  });

  it('opens the fourteen lines in place and closes them again', async () => {
    const page = await desk.sit('olga');
    await page.goto('/users?q=uma');
    await page.evaluate(() => document.body.setAttribute('data-same', ''));
    const plus = page.getByRole('link', { name: 'Details of Uma Trucking Ltd' });
    await plus.focus();
    await page.keyboard.press('Enter');
    await page.locator('#details-uma').waitFor();
    expect(await page.locator('#details-uma dt').count()).to.equal(14);
    expect(await plus.getAttribute('aria-expanded')).to.equal('true');
    expect(await focused(page)).to.equal('plus-uma');
    await page.keyboard.press('Enter');
    await page.locator('#details-uma').waitFor({ state: 'detached' });
    expect(await focused(page)).to.equal('plus-uma');
    expect(await page.locator('body[data-same]').count(), 'the page itself stayed').to.equal(1);
    expect(page.url()).to.match(/\/users\?q=uma$/);
  });

  it('searches while one types, says so in the address, and goes back', async () => {
    const page = await desk.sit('olga');
    await page.goto('/account');
    await page.goto('/users');
    const rows = page.locator('#users tbody');
    const search = page.getByRole('searchbox', { name: 'Search users' });
    await search.pressSequentially('iv', { delay: 20 });
    await page.waitForURL(/[?&]q=iv/);
    await page.locator('#user-ivo').waitFor();
    expect(await rows.count()).to.equal(1);
    expect(await focused(page), 'typing goes on').to.equal(await search.evaluate((field) => field.id || field.tagName));
    await search.press('End');
    await search.pressSequentially('o');
    await page.waitForURL(/[?&]q=ivo/);
    await page.getByRole('link', { name: 'Status', exact: true }).click();
    await page.waitForURL(/sort=state/);
    await page.goBack();
    await page.waitForURL((url) => url.searchParams.get('q') === 'ivo' && !url.searchParams.has('sort'));
    await page.waitForFunction(() => !document.querySelector('#users [aria-sort="ascending"]'));
    expect(await search.inputValue()).to.equal('ivo');
    await page.getByRole('link', { name: 'Details of Ivo' }).click();
    await page.locator('#details-ivo').waitFor();
    await search.fill('');
    await page.locator('#user-uma').waitFor();
    await page.goBack();
    await page.waitForURL('**/account');
  });

  it('keeps the search box in step with the chips', async () => {
    const page = await desk.sit('olga');
    await page.goto('/users?q=i&state=active&sort=name');
    await page.getByRole('link', { name: 'Remove filter: “i”' }).click();
    await page.waitForURL((url) => !url.searchParams.has('q'));
    await page.waitForFunction(() => document.querySelector<HTMLInputElement>('#filters [name=q]')?.value === '');
    await page.getByRole('searchbox', { name: 'Search users' }).fill('uma');
    await page.waitForURL(/[?&]q=uma/);
    const { searchParams } = new URL(page.url());
    expect([searchParams.get('state'), searchParams.get('sort')]).to.deep.equal(['active', 'name']);
  });

  it('sorts and turns pages without leaving', async () => {
    const page = await desk.sit('olga');
    await page.goto('/users?sort=username');
    await page.evaluate(() => document.body.setAttribute('data-same', ''));
    const first = page.locator('#users tbody').first();
    expect(await first.getAttribute('id')).to.equal('user-april');
    await page.locator('#sort-username').click();
    await page.waitForURL(/sort=-username/);
    await page.locator('[aria-sort="descending"] #sort-username').waitFor();
    expect(await first.getAttribute('id')).to.equal('user-xena');
    expect(await focused(page)).to.equal('sort-username');
    await page.locator('#rows-50').click();
    await page.waitForURL(/limit=50/);
    await page.locator('#rows-50[aria-current]').waitFor();
    expect(await page.locator('body[data-same]').count(), 'the page itself stayed').to.equal(1);
  });

  it('turns to the next page and back', async () => {
    const rows = Array.from({ length: 40 }, (_, n) => ({
      username: `page-${n}`,
      email: `page-${n}@pages.example`,
      name: `Page ${n}`,
      profile: 'customer',
      state: 'STATE_APPROVED',
    }));
    await desk.db('users').insert(rows);
    const page = await desk.sit('olga');
    await page.goto('/users?q=pages.example&sort=username');
    const first = page.locator('#users tbody').first();
    const usernames = new Set<string | null>([await first.getAttribute('id')]);
    await page.locator('#page-next').click();
    await page.waitForURL(/after=/);
    await page.locator('#page-previous[href]').waitFor();
    usernames.add(await first.getAttribute('id'));
    expect(usernames.size).to.equal(2);
    expect(await focused(page)).to.equal('page-next');
    await page.locator('#page-previous').click();
    await page.waitForURL(/before=/);
    await page.waitForFunction((id) => document.querySelector('#users tbody')?.id === id, [...usernames][0]);
  });

  it('is worked with keys', async () => {
    const page = await desk.sit('olga');
    await page.goto('/users?sort=username');
    await page.keyboard.press('/');
    expect(await page.evaluate(() => document.activeElement?.getAttribute('name'))).to.equal('q');
    await page.keyboard.press('j');
    expect(await page.getByRole('searchbox', { name: 'Search users' }).inputValue(), 'a letter while writing').to.equal('j');
    await page.waitForURL(/q=j/);
    await page.getByRole('searchbox', { name: 'Search users' }).fill('');
    await page.waitForURL((url) => !url.searchParams.get('q'));
    await page.locator('#user-april').waitFor();
    await page.evaluate(() => (document.activeElement as HTMLElement).blur());
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    await page.keyboard.press('k');
    const row = () => page.evaluate(() => document.activeElement?.closest('tbody')?.id);
    expect(await row()).to.equal('user-april');
    await page.keyboard.press('+');
    await page.locator('#details-april').waitFor();
    await page.waitForFunction(() => document.activeElement?.closest('tbody')?.id === 'user-april');
    await page.keyboard.press('?');
    const help = page.getByRole('dialog', { name: 'Keys' });
    await help.waitFor();
    await page.keyboard.press('Escape');
    await help.waitFor({ state: 'hidden' });
    expect(await row()).to.equal('user-april');
    await page.keyboard.press('o');
    await page.waitForURL('**/users/april');
  });
});
