import { expect } from 'chai';
import { type Desk, openDesk } from '../kit/browser.ts';

describe('Letters in a browser', () => {
  let desk: Desk;
  before(async function () {
    desk = await openDesk(this);
    await desk.db('settings').update({ outgoingMail: true });
  });
  beforeEach(async () => {
    await desk.db('letters').delete();
    await desk.db('links').delete();
  });
  afterEach(() => desk?.clear());
  after(() => desk?.close());

  async function insert(username: string, values: object = {}): Promise<number> {
    const { id: userId, email: address } = await desk.db('users').where({ username }).first('id', 'email');
    const letter = {
      kind: 'password-changed',
      state: 'sent',
      endedAt: desk.db.raw('now()'),
      userId,
      username,
      address,
      ...values,
    };
    const [{ id }] = await desk.db('letters').insert(letter).returning('id');
    return id;
  }

  async function insertWithLink(): Promise<number> {
    const { id: userId } = await desk.db('users').where({ username: 'ivo' }).first('id');
    const link = { purpose: 'activation', userId, email: 'ivo@world.example', random: Buffer.alloc(16), expiresAt: '2126-01-01' };
    const [{ id: linkId }] = await desk.db('links').insert(link).returning('id');
    return insert('ivo', { kind: 'activated', linkId, linkCounter: 1 });
  }

  it('are found while one types and narrowed by a tab, in the address too', async () => {
    await insert('uma');
    await insert('ines', { state: 'failed', serverWords: '550 No such person' });
    const page = await desk.sit('olga');
    await page.goto('/mail');
    await page.getByPlaceholder('Address or username').pressSequentially('ine');
    await page.locator('#letters tbody tr').nth(1).waitFor({ state: 'detached' });
    expect(new URL(page.url()).search).to.equal('?q=ine');
    await page.getByRole('link', { name: 'Failed' }).click();
    await page.waitForURL('**/mail?state=failed&q=ine');
    expect(await page.locator('#letters tbody tr').allInnerTexts()).to.have.length(1);
    await page.goBack();
    await page.waitForURL('**/mail?q=ine');
  });

  it('are sent again from their row, which says so and stays in place', async () => {
    const id = await insert('uma');
    const page = await desk.sit('olga', { forgives: /status of 429/ });
    await page.goto('/users/uma/mail');
    await page.evaluate(() => document.body.setAttribute('data-same', 'yes'));
    await page.locator(`#letter-${id}`).getByRole('button', { name: 'Resend' }).click();
    await page.getByText('It leaves for uma@world.example again.').waitFor();
    expect(await page.locator('#letters tbody tr').count()).to.equal(2);
    expect(await page.locator('body').getAttribute('data-same')).to.equal('yes');
    await page.locator(`#letter-${id}`).getByRole('button', { name: 'Resend' }).click();
    await page.getByText('Try again in a minute.').waitFor();
  });

  it('give their link to be copied, this once', async () => {
    const id = await insertWithLink();
    const page = await desk.sit('olga');
    await page.goto('/mail');
    await page.locator(`#letter-${id}`).getByRole('button', { name: 'Copy link' }).click();
    const shown = page.locator('#flash .secret code');
    await shown.waitFor();
    expect(await shown.innerText()).to.match(/\/activate\/[\w.-]+$/);
    expect(await page.locator('#flash').getByRole('button', { name: 'Copy' }).count()).to.equal(1);
    await page.reload();
    expect(await shown.count()).to.equal(0);
  });

  it('do all of that without script', async () => {
    const id = await insertWithLink();
    const page = await desk.sit('olga', { javaScriptEnabled: false });
    await page.goto('/mail?q=ivo');
    await page.locator(`#letter-${id}`).getByRole('button', { name: 'Copy link' }).click();
    expect(await page.locator('#flash .secret code').innerText()).to.match(/\/activate\/[\w.-]+$/);
    expect(new URL(page.url()).search).to.equal('?q=ivo');
    await page.locator(`#letter-${id}`).getByRole('button', { name: 'Resend' }).click();
    expect(await page.locator('#flash').innerText()).to.include('It leaves for ivo@world.example again.');
  });
});
