import { expect } from 'chai';
import type { Page } from 'playwright-core';
import { type Desk, focused, openDesk } from '../kit/browser.ts';

describe('Feedback in a browser', () => {
  let desk: Desk;
  before(async function () {
    desk = await openDesk(this);
  });
  afterEach(async () => {
    await desk?.clear();
    for (const table of ['feedback', 'connections', 'attempts']) await desk?.db(table).delete();
  });
  after(() => desk?.close());

  const leave = async (page: Page, text: string, kind = 'Problem') => {
    await page.goto('/my/feedback');
    await page.getByRole('link', { name: 'Leave feedback' }).first().click();
    await page.getByLabel('Kind').selectOption(kind);
    await page.getByLabel('Your message').fill(text);
    await page.getByRole('button', { name: 'Leave feedback' }).click();
    await page.waitForURL(/\/my\/feedback\/\d+$/);
  };
  const messages = (page: Page) => page.locator('.message .words').allTextContents();

  for (const [how, options] of [
    ['1280 px wide', { viewport: { width: 1280, height: 800 } }],
    ['390 px wide', { viewport: { width: 390, height: 800 } }],
    ['without script', { javaScriptEnabled: false }],
  ] as const)
    it(`goes from a user’s word to an answer and back, ${how}`, async () => {
      const uma = await desk.sit('uma', options);
      await leave(uma, 'Lorry 13 stands still.\nSince noon.');
      const olga = await desk.sit('olga', options);
      await olga.goto('/feedback');
      expect(await olga.locator('.head p').textContent()).to.equal('1 waits for an answer');
      await olga.getByRole('link', { name: /^Lorry 13/ }).click();
      await olga.getByLabel('Your answer').fill('It is in the workshop.');
      await olga.getByRole('button', { name: 'Answer', exact: true }).click();
      await olga.locator('#flash .flash').waitFor();
      await uma.reload();
      expect(await messages(uma)).to.deep.equal(['Lorry 13 stands still.\nSince noon.', 'It is in the workshop.']);
      await uma.getByLabel('Your message').fill('Thank you.');
      await uma.getByRole('button', { name: 'Send' }).click();
      await uma.locator('#flash .flash').waitFor();
      await olga.reload();
      expect((await messages(olga)).at(-1)).to.equal('Thank you.');
      await olga.getByRole('button', { name: 'Close', exact: true }).click();
      await olga.locator('#flash .flash').waitFor();
      expect(await olga.locator('main .standing .badge').first().textContent()).to.equal('Closed');
      for (const page of [uma, olga].filter(() => !('javaScriptEnabled' in options)))
        expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).to.equal(true);
    });

  it('is searched as one types, and the address says what is shown', async () => {
    const uma = await desk.sit('uma');
    await leave(uma, 'Lorry 13 stands still.');
    await leave(uma, 'More colours for the map.', 'Idea');
    const olga = await desk.sit('olga');
    await olga.goto('/feedback');
    await olga.getByPlaceholder('Words of a message').pressSequentially('colours');
    await olga.waitForURL('**/feedback?q=colours**');
    expect(await olga.locator('#feedback tbody th').allTextContents()).to.deep.equal(['More colours for the map.']);
    await olga.locator('#feedback .tabs').getByRole('link', { name: 'Answered' }).click();
    await olga.waitForURL('**state=answered**');
    expect(await olga.locator('#feedback').textContent()).to.include('No feedback matches');
    await olga.goBack();
    await olga.locator('#feedback tbody th').first().waitFor();
  });

  it('takes a note in a dialog, with the keyboard alone', async () => {
    const uma = await desk.sit('uma');
    await leave(uma, 'Lorry 13 stands still.');
    const olga = await desk.sit('olga');
    await olga.goto(new URL(uma.url()).pathname.replace('/my', ''));
    await olga.locator('#note').focus();
    await olga.keyboard.press('Enter');
    await olga.getByRole('dialog').waitFor();
    expect(await focused(olga)).to.equal('field-note');
    await olga.keyboard.press('Escape');
    await olga.getByRole('dialog').waitFor({ state: 'hidden' });
    expect(await focused(olga)).to.equal('note');
    await olga.keyboard.press('Enter');
    await olga.getByRole('dialog').getByLabel('Note').fill('Known since May.');
    await olga.getByRole('dialog').getByRole('button', { name: 'Add a note' }).click();
    await olga.locator('.message.note').waitFor();
    expect(await olga.getByRole('dialog').count()).to.equal(0);
  });

  it('keeps an answer that came too late, beside what the other has said', async () => {
    const uma = await desk.sit('uma');
    await leave(uma, 'Lorry 13 stands still.');
    const path = new URL(uma.url()).pathname.replace('/my', '');
    const [olga, oscar] = [await desk.sit('olga'), await desk.sit('oscar')];
    await olga.goto(path);
    await olga.getByLabel('Your answer').fill('It is in the workshop.');
    await oscar.goto(path);
    await oscar.getByLabel('Your answer').fill('I look.');
    await oscar.getByRole('button', { name: 'Answer', exact: true }).click();
    await oscar.locator('#flash .flash').waitFor();
    await olga.getByRole('button', { name: 'Answer', exact: true }).click();
    await olga.locator('.problems').waitFor();
    expect(await messages(olga)).to.include('I look.');
    expect(await olga.getByLabel('Your answer').inputValue()).to.equal('It is in the workshop.');
    await olga.getByRole('button', { name: 'Answer', exact: true }).click();
    await olga.locator('#flash .flash').waitFor();
    expect(await messages(olga)).to.have.length(3);
  });
});
