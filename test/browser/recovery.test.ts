import { expect } from 'chai';
import type { Page, Request } from 'playwright-core';
import { addressOfLink, issueLink, type Purpose } from '../../src/links/links.ts';
import { type Desk, openDesk } from '../kit/browser.ts';
import { testSecret } from '../kit/site.ts';

const chosen = 'velvet orbit 4711 pear';

describe('Choosing a password in a browser', () => {
  let desk: Desk;
  before(async function () {
    desk = await openDesk(this);
    await desk.db('settings').update({ outgoingMail: true });
  });
  afterEach(() => desk?.clear());
  after(() => desk?.close());

  async function linkFor(purpose: Purpose, name: string): Promise<string> {
    const { id, email } = await desk.db('users').where({ username: name }).first();
    const link = await desk.db.transaction((trx) => issueLink(trx, purpose, { userId: id, email }));
    return addressOfLink({ config: { baseUrl: desk.address }, secrets: [testSecret] }, link);
  }

  const type = (page: Page, password: string) => page.locator('#field-password').fill(password);
  const says = (page: Page) => page.locator('#strength-says');

  it('says while it is typed how strong it is, and sends nothing else of the form', async () => {
    const page = await desk.sit('olga');
    await page.goto('/account/password');
    const sent: Request[] = [];
    page.on('request', (request) => request.url().endsWith('/password-strength') && sent.push(request));
    await page.locator('#field-current_password').fill('my-present-password');
    await page.locator('#field-password_confirmation').fill('something-else');
    await type(page, 'kettle');
    await says(page).getByText('10 characters or more').waitFor();
    await type(page, chosen);
    await says(page).getByText('Strong').waitFor();
    await type(page, '');
    await says(page).locator('p').waitFor({ state: 'detached' });
    expect(await page.locator('#field-current_password').inputValue()).to.equal('my-present-password');
    const names = sent.map((request) => [...new URLSearchParams(request.postData() ?? '').keys()].sort().join());
    expect(new Set(names)).to.deep.equal(new Set(['_csrf,password,username']));
    expect(
      await page
        .getByRole('status')
        .filter({ has: says(page) })
        .count(),
    ).to.equal(1);
  });

  it('activates an account by its link and is signed in', async () => {
    const page = await desk.sit();
    await page.goto(await linkFor('activation', 'ivo'));
    expect(new URL(page.url()).pathname).to.equal('/activate');
    await type(page, chosen);
    await says(page).getByText('Strong').waitFor();
    await page.locator('#field-password_confirmation').fill(chosen);
    await page.getByRole('button', { name: 'Activate my account' }).click();
    await page.waitForURL('**/my');
    expect(await page.locator('#flash').textContent()).to.include('Your account is active.');
  });

  it('sets a new password without any script', async () => {
    const page = await desk.sit(null, { javaScriptEnabled: false });
    await page.goto(await linkFor('reset', 'uma'));
    await type(page, chosen);
    await page.locator('#field-password_confirmation').fill(chosen);
    await page.getByRole('button', { name: 'Change password' }).click();
    await page.waitForURL('**/sign-in?recovered');
    await page.getByLabel('Username or email').fill('uma');
    await type(page, chosen);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.waitForURL('**/my');
  });

  it('shows of Add User only the fields of the way in that is chosen', async () => {
    const page = await desk.sit('olga');
    await page.goto('/users/new');
    const password = page.locator('#field-password');
    expect(await password.isVisible()).to.equal(false);
    await page.getByLabel('Set a password now').check();
    expect(await password.isVisible()).to.equal(true);
    await page.getByLabel('Username').fill('wilma');
    await page.locator('#field-email').fill('wilma@world.example');
    await page.locator('#field-name').fill('Wilma Weber');
    await page.getByLabel('Activation mail').check();
    expect(await password.isVisible()).to.equal(false);
    await page.getByRole('button', { name: 'Add User' }).click();
    await page.waitForURL('**/users/wilma');
    await page.locator('#way-in').getByText('Not activated yet.').waitFor();
  });

  it('sends the activation mail from the details of a row, and only that row changes', async () => {
    const page = await desk.sit('olga');
    await page.goto('/users?q=nina&open=nina');
    await page.locator('#details-nina').getByRole('button', { name: 'Send Activation Email' }).click();
    await page.locator('#user-nina .badge').getByText('Invited').waitFor();
    await page.locator('#flash').getByText('An activation mail goes to nina@world.example.').waitFor();
    await page.locator('#flash').getByRole('button', { name: 'Undo' }).click();
    await page.locator('#user-nina .badge').getByText('Inactive').waitFor();
  });
});
