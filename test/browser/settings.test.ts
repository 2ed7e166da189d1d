import { expect } from 'chai';
import { worldPassword } from '../../seeds/world.ts';
import { type Desk, openDesk } from '../kit/browser.ts';

describe('Settings in a browser', () => {
  let desk: Desk;
  before(async function () {
    desk = await openDesk(this);
  });
  afterEach(() => desk?.clear());
  after(() => desk?.close());

  for (const javaScriptEnabled of [true, false]) {
    it(`are saved, refused and undone where they stand on the page, ${javaScriptEnabled ? 'with' : 'without'} script`, async () => {
      const page = await desk.sit('olga', { javaScriptEnabled });
      const inSight = async (selector: string) => {
        const box = await page.locator(selector).boundingBox();
        return box !== null && box.y >= 0 && box.y < 800;
      };
      await page.goto('/settings');
      await page.locator('.contents a[href="#retention"]').click();
      expect(await inSight('#retention h2')).to.equal(true);
      await page.locator('#field-restore_days').fill('0');
      await page.locator('#retention .primary').click();
      await page.locator('#retention .problems').waitFor();
      expect([await inSight('#retention .problems'), await page.locator('#field-restore_days').inputValue()]).to.deep.equal([
        true,
        '0',
      ]);
      if (javaScriptEnabled) expect(await page.evaluate(() => document.activeElement?.className)).to.include('problems');
      await page.locator('#field-restore_days').fill('12');
      await page.locator('#retention .primary').click();
      await page.getByText('Retention: saved.').waitFor();
      expect([new URL(page.url()).hash, await inSight('#retention h2')]).to.deep.equal(['#retention', true]);
      await page.locator('#flash form button').click();
      await page.getByText('Undone: the settings are as they were before.').waitFor();
      expect((await desk.db('settings').first()).restoreDays).to.equal(30);
    });
  }

  it('ask for the password in the same place, and keep what was typed', async () => {
    const page = await desk.sit('olga');
    await page.goto('/settings');
    await desk.db('sessions').update({ confirmedAt: desk.db.raw(`now() - interval '1 hour'`) });
    await page.locator('#field-lock_failures').fill('8');
    await page.locator('#lockout .primary').click();
    await page.locator('#lockout #field-your_password').fill(worldPassword);
    await page.locator('#lockout .primary').click();
    await page.getByText('Lockout: saved.').waitFor();
    expect((await desk.db('settings').first()).lockFailures).to.equal(8);
  });
});
