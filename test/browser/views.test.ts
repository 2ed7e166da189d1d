import { expect } from 'chai';
import type { Page } from 'playwright-core';
import { type Desk, focused, openDesk } from '../kit/browser.ts';

describe('Search words, saved views and columns in a browser', () => {
  let desk: Desk;
  before(async function () {
    desk = await openDesk(this);
  });
  afterEach(async () => {
    await desk?.db('savedViews').delete();
    await desk?.db('users').update({ listColumns: null });
    await desk?.clear();
  });
  after(() => desk?.close());

  const box = (page: Page) => page.getByRole('searchbox', { name: 'Search users' });
  const rows = (page: Page) => page.locator('#users tbody').evaluateAll((all) => all.map(({ id }) => id.replace('user-', '')));
  const stay = (page: Page) => page.evaluate(() => document.body.setAttribute('data-same', ''));
  const stayed = async (page: Page) => (await page.locator('body[data-same]').count()) === 1;

  /** Presses Tab until something is focused. */
  async function tabTo(page: Page, label: string | RegExp): Promise<void> {
    for (let turn = 0; turn < 60; turn += 1) {
      await page.keyboard.press('Tab');
      if ((await focused(page)).match(label)) return;
    }
    throw new Error(`Tab does not reach ${label}`);
  }

  it('answers a wrong word while one types it, and mends it with the keyboard', async () => {
    const page = await desk.sit('olga');
    await page.goto('/users?sort=username');
    await stay(page);
    await box(page).pressSequentially('state:lockd', { delay: 10 });
    const answer = page.getByRole('status').filter({ hasText: 'Status does not know “lockd”' });
    await answer.waitFor();
    expect(await rows(page), 'nothing else has changed').to.have.length(17);
    expect(await box(page).inputValue()).to.equal('state:lockd');
    expect(await page.evaluate(() => document.activeElement?.getAttribute('name'))).to.equal('q');
    await tabTo(page, /^locked$/);
    await page.keyboard.press('Enter');
    await page.waitForURL((url) => url.searchParams.get('state') === 'locked');
    await page.locator('#user-lea').waitFor();
    expect([await rows(page), await box(page).inputValue(), await answer.count()]).to.deep.equal([['lea'], '', 0]);
    expect(await page.locator('#filters [name=state]').inputValue()).to.equal('locked');
  });

  it('searches for phrases and without words while one types', async () => {
    const page = await desk.sit('olga');
    await page.goto('/users?sort=username');
    await stay(page);
    await box(page).pressSequentially('ova -"olga iv', { delay: 10 });
    await page.getByRole('link', { name: 'Remove filter: Without exactly “olga iv”' }).waitFor();
    expect(await rows(page)).to.deep.equal(['ines', 'oscar']);
    await page.getByRole('link', { name: 'Remove filter: “ova”' }).click();
    await page.waitForURL((url) => url.searchParams.get('q') === '-"olga iv"');
    await page.waitForFunction(() => document.querySelector<HTMLInputElement>('#filters [name=q]')?.value === '-"olga iv"');
    expect(await stayed(page)).to.equal(true);
  });

  it('teaches its words in a card that opens, closes and leads with the keyboard alone', async () => {
    const page = await desk.sit('olga');
    await page.goto('/users');
    await page.keyboard.press('/');
    await page.keyboard.press('Tab');
    expect(await focused(page)).to.equal('Search words');
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: 'state:suspended', exact: true }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('link', { name: 'state:suspended', exact: true }).waitFor({ state: 'hidden' });
    expect(await focused(page)).to.equal('Search words');
    await page.keyboard.press('Enter');
    await tabTo(page, /^state:suspended$/);
    await page.keyboard.press('Enter');
    await page.waitForURL(/state%3Asuspended/);
    expect(await rows(page)).to.deep.equal(['sue']);
  });

  it('keeps a list as a view, counts it, and keeps its changes', async () => {
    const page = await desk.sit('olga');
    await page.goto('/users?state=locked');
    await page.locator('#save-view').focus();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'Save this view' }).waitFor();
    expect(await focused(page)).to.equal('field-name');
    await page.keyboard.type('Locked');
    await page.keyboard.press('Enter');
    await page.waitForURL(/view=\d+/);
    const views = page.getByRole('navigation', { name: 'Saved views' });
    await views.getByRole('link', { name: 'Locked 1' }).first().waitFor();
    expect(await page.locator('#save-view').count()).to.equal(0);
    await stay(page);
    await page.locator('#filters [name=verified]').evaluate((field) => (field as HTMLSelectElement).form?.requestSubmit());
    await page.waitForURL(/verified=/);
    await box(page).pressSequentially('lea');
    await page.getByText('“Locked”, changed').waitFor();
    await page.getByRole('button', { name: 'Save changes' }).click();
    await page.getByText('The changes of “Locked” have been saved.').waitFor();
    expect((await desk.db('savedViews').first()).query).to.equal('q=lea&state=locked');
    await page.getByRole('link', { name: 'Clear all' }).click();
    await page.waitForURL((url) => url.search === '');
    await views.getByRole('link', { name: 'Locked 1' }).first().click();
    await page.waitForURL(/q=lea/);
    expect(await rows(page)).to.deep.equal(['lea']);
  });

  it('renames, shares and deletes in a dialog; another sees what is shared', async () => {
    const [{ id }] = await desk
      .db('savedViews')
      .insert(await lockedOf('olga'))
      .returning('id');
    const page = await desk.sit('olga');
    await page.goto('/users/views');
    await page.getByRole('link', { name: 'Rename or share' }).click();
    await page.getByRole('dialog').getByLabel('Name').fill('Locked out');
    await page.getByRole('dialog').getByRole('switch').check();
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
    await page.getByText('The view “Locked out” has been changed.').waitFor();
    const other = await desk.sit('oscar');
    await other.goto('/users');
    await other.getByText('All views').click();
    await other.locator('#views .menu').getByRole('link', { name: 'Locked out olga 1' }).click();
    await other.waitForURL(`**/users?state=locked&view=${id}`);
    await page.getByRole('link', { name: 'Delete' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await page.getByText('No view is saved yet').waitFor();
  });

  const untilCounted = async (meanwhile: (page: Page) => Promise<void>) => {
    await desk.db('savedViews').insert(await lockedOf('olga'));
    const page = await desk.sit('olga');
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    await page.route('**/users/views/counts*', async (route) => {
      await held;
      await route.continue();
    });
    await page.goto('/users');
    await meanwhile(page);
    release();
    await page.locator('#views .count').getByText('1').first().waitFor({ state: 'attached' });
    return page;
  };

  it('leaves a dialog open while the counts of views arrive', async () => {
    const page = await untilCounted(async (page) => {
      await page.keyboard.press('?');
      await page.getByRole('dialog', { name: 'Keys' }).waitFor();
    });
    expect(await page.getByRole('dialog', { name: 'Keys' }).isVisible()).to.equal(true);
  });

  it('leaves the menu of views open while their counts arrive, and lets it be closed', async () => {
    const page = await untilCounted((page) => page.getByText('All views').click());
    const inMenu = page.locator('#views .menu').getByRole('link', { name: 'Locked' });
    await inMenu.waitFor();
    await page.keyboard.press('Escape');
    await inMenu.waitFor({ state: 'hidden' });
  });

  it('shows the columns that were chosen with the keyboard', async () => {
    const page = await desk.sit('olga');
    await page.goto('/users?q=uma');
    await page.locator('.columns summary').focus();
    await page.keyboard.press('Enter');
    for (const _ of ['Username', 'Email', 'Phone']) await page.keyboard.press('Tab');
    await page.keyboard.press('Space');
    await page.getByLabel('UNP').focus();
    await page.keyboard.press('Space');
    await page.keyboard.press('Enter');
    await page.getByText('The columns have been saved.').waitFor();
    expect(page.url()).to.match(/\?q=uma$/);
    const heads = await page.locator('#users thead th').allInnerTexts();
    expect(heads.map((text) => text.trim()))
      .to.include('UNP')
      .and.not.include('Phone');
  });

  it('copies the username and the address of a user', async () => {
    const page = await desk.sit('olga', { permissions: ['clipboard-read', 'clipboard-write'] });
    await page.goto('/users/uma');
    for (const [name, text] of [
      ['Copy Username', 'uma'],
      ['Copy Email', 'uma@world.example'],
    ] as const) {
      await page.getByRole('button', { name }).click();
      await page.getByRole('button', { name: name.replace('Copy', 'Copied') }).waitFor();
      expect(await page.evaluate(() => navigator.clipboard.readText())).to.equal(text);
    }
  });

  it('does all of it without JavaScript', async () => {
    const page = await desk.sit('olga', { javaScriptEnabled: false });
    await page.goto('/users');
    await page.locator('.help summary').click();
    await page.getByRole('link', { name: 'state:locked', exact: true }).click();
    expect(await rows(page)).to.deep.equal(['lea']);
    await page.getByRole('link', { name: 'Save view' }).click();
    await page.getByLabel('Name').fill('Locked');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText('The view “Locked” has been saved.').waitFor();
    await page.locator('select[name=profile]').selectOption('customer');
    await page.getByRole('button', { name: 'Filter' }).click();
    await page.getByRole('button', { name: 'Save changes' }).click();
    await page.getByText('All views').click();
    await page.getByRole('link', { name: 'Rename, share or delete' }).click();
    expect(await page.locator('#main').innerText()).to.include('Status: Locked · Profile: Customer');
    await page.getByRole('link', { name: 'Delete' }).click();
    await page.getByRole('button', { name: 'Delete' }).click();
    await page.goto('/users?q=state:lockd');
    expect(await page.locator('#wrong-words').innerText()).to.include('Status does not know “lockd”');
    await page.locator('.columns summary').click();
    await page.locator('.columns [value=expires]').check();
    await page.getByRole('button', { name: 'Show these' }).click();
    expect(await page.locator('#users thead').innerText()).to.include('Expires');
    await page.locator('.columns summary').click();
    await page.getByRole('button', { name: 'The usual ones' }).click();
    expect(await page.locator('#users thead').innerText()).to.not.include('Expires');
  });

  const lockedOf = async (username: string) => ({
    ownerId: (await desk.db('users').where({ username }).first('id')).id,
    name: 'Locked',
    query: 'state=locked',
  });
});
