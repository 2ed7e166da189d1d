import { expect } from 'chai';
import { worldPassword } from '../../seeds/world.ts';
import { type Desk, focused, openDesk } from '../kit/browser.ts';

describe('Forms in a browser', () => {
  let desk: Desk;
  before(async function () {
    desk = await openDesk(this);
  });
  afterEach(() => desk?.clear());
  after(() => desk?.close());

  it('lead from the summary of errors to the fields and keep what was typed', async () => {
    const page = await desk.sit('olga');
    await page.goto('/users/new');
    await page.getByLabel('Username').fill('Not A Name');
    await page.getByLabel('First name').fill('Wilma');
    await page.getByLabel('Legal entity').check();
    await page.getByLabel('Enabled').uncheck();
    await page.getByRole('button', { name: 'Add User' }).click();
    const problems = page.locator('.problems');
    await problems.waitFor();
    expect(await page.evaluate(() => document.activeElement?.classList.contains('problems'))).to.equal(true);
    expect(await page.getByLabel('Username').inputValue()).to.equal('Not A Name');
    expect(await page.getByLabel('First name').inputValue()).to.equal('Wilma');
    expect(await page.getByLabel('Legal entity').isChecked()).to.equal(true);
    expect(await page.getByLabel('Enabled').isChecked()).to.equal(false);
    await problems.getByRole('link', { name: 'An email address is needed' }).click();
    expect(await focused(page)).to.equal('field-email');
    const described = await page.locator('#field-email').getAttribute('aria-describedby');
    expect(await page.locator(`#${described?.split(' ')[0]}`).textContent()).to.include('An email address is needed');
  });

  it('add a user and show the single-use password this once', async () => {
    const page = await desk.sit('olga');
    await page.goto('/users/new');
    await page.keyboard.type('wilma');
    await page.locator('#field-email').fill('wilma@world.example');
    await page.locator('#field-name').fill('Wilma Weber');
    const generated = await page.locator('#field-single_use_password').inputValue();
    await page.getByRole('button', { name: 'Add User' }).click();
    await page.waitForURL('**/users/wilma');
    expect(await page.locator('.secret code').textContent()).to.equal(generated);

    const wilma = await desk.sit();
    await wilma.goto('/sign-in');
    await wilma.getByLabel('Username or email').fill('wilma');
    await wilma.locator('#field-password').fill(generated);
    await wilma.getByRole('button', { name: 'Sign in', exact: true }).click();
    await wilma.waitForURL('**/account/password');
  });

  it('lead into a filter that is folded away', async () => {
    const page = await desk.sit('olga');
    await page.goto('/users?last=soon');
    await page.locator('.problems a').click();
    expect(await focused(page)).to.equal('field-last');
    expect(await page.locator('#field-last').isVisible()).to.equal(true);
  });

  it('say that the connection is lost and lose nothing typed', async () => {
    const page = await desk.sit('olga', { forgives: /ERR_INTERNET_DISCONNECTED|Failed to fetch/ });
    await page.goto('/users/uma/edit');
    await page.locator('#field-phone').fill('+375 29 000-00-01');
    await page.context().setOffline(true);
    await page.getByRole('button', { name: 'Save Profile' }).click();
    await page.locator('#flash').getByText('The server could not be reached').waitFor();
    expect(await page.locator('#field-phone').inputValue()).to.equal('+375 29 000-00-01');
    await page.context().setOffline(false);
    await page.getByRole('button', { name: 'Save Profile' }).click();
    await page.getByText('Uma Trucking Ltd has been saved').waitFor();
    expect(await page.locator('main').textContent()).to.include('+375 29 000-00-01');

    await page.goto('/users');
    await page.context().setOffline(true);
    const search = page.getByRole('searchbox', { name: 'Search users' });
    await search.fill('stan');
    await page.locator('#flash').getByText('The server could not be reached').waitFor();
    expect(await search.inputValue()).to.equal('stan');
    await page.context().setOffline(false);
  });

  it('change the theme at once and for good', async () => {
    const page = await desk.sit('olga', { colorScheme: 'light' });
    await page.goto('/users');
    const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const light = await background();
    await page.getByRole('button', { name: 'Olga Ivanova' }).click();
    const saved = page.waitForResponse((response) => response.url().endsWith('/theme'));
    await page.getByRole('button', { name: 'Dark' }).click();
    await page.locator('html[data-theme="dark"]').waitFor();
    expect(await background()).to.not.equal(light);
    await saved;
    await page.reload();
    expect(await background()).to.not.equal(light);
    const elsewhere = await desk.sit('olga', { colorScheme: 'light' });
    await elsewhere.goto('/users');
    expect(await elsewhere.locator('html').getAttribute('data-theme')).to.equal('dark');
  });

  it('show nothing to whoever presses Back after signing out', async () => {
    const page = await desk.sit();
    await page.goto('/sign-in');
    await page.getByLabel('Username or email').fill('oscar');
    await page.locator('#field-password').fill(worldPassword);
    await page.getByRole('button', { name: 'Show password' }).click();
    expect(await page.locator('#field-password').getAttribute('type')).to.equal('text');
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.waitForURL((url) => url.pathname === '/');
    await page.goto('/users/uma');
    await page.getByRole('button', { name: 'Oscar Novak' }).click();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByText('You have signed out').waitFor();
    await page.goBack();
    await page.waitForURL('**/sign-in?next=**');
    expect(await page.locator('body').textContent()).to.not.include('Uma Trucking');
  });

  it('go to the sign-in page when the session has ended meanwhile', async () => {
    const page = await desk.sit('oscar', { forgives: /status of 401/ });
    await page.goto('/users');
    await page.context().clearCookies();
    await page.locator('#sort-name').click();
    await page.waitForURL('**/sign-in');
  });
});
