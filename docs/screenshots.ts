import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { fillDemonstration, usualCrowd } from '../seeds/demonstration.ts';
import { worldPassword } from '../seeds/world.ts';
import { createApp } from '../src/app.ts';
import { root } from '../src/ground/root.ts';
import { openGround } from '../src/start.ts';
import { browserFlags, findBrowser } from '../test/kit/browser.ts';

/** Makes the pictures of the README from a demonstration that lives only as long as this runs. */
async function takeAll(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'roster-screenshots-'));
  const ground = await openGround({ DATA_DIR: folder, PORT: '0', LOG_LEVEL: 'warn' });
  const server = createServer(createApp(ground.context));
  const executablePath = findBrowser();
  if (!executablePath) throw new Error('There is no chromium; name one in CHROMIUM.');
  const browser = await chromium.launch({ executablePath, args: browserFlags });
  try {
    await fillDemonstration(ground.context.owner, usualCrowd);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    await take(browser, `http://localhost:${(server.address() as AddressInfo).port}`);
  } finally {
    await browser.close();
    server.closeAllConnections();
    server.close();
    await ground.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function take(browser: Browser, baseURL: string): Promise<void> {
  const wide = await browser.newContext({ baseURL, viewport: { width: 1280, height: 800 }, colorScheme: 'light' });
  const page = await signIn(await wide.newPage());
  await shoot(page, 'overview');
  await page.getByRole('button', { name: 'Close', exact: true }).click();
  await work(page);
  const pictures = { 'users-light': '/users', user: '/users/uma', balance: '/users/uma/balance', history: '/history' };
  for (const [name, path] of Object.entries(pictures)) {
    await page.goto(path);
    await shoot(page, name);
  }
  const storageState = await wide.storageState();
  const viewport = { width: 390, height: 844 };
  const narrow = await browser.newContext({ baseURL, storageState, viewport, colorScheme: 'dark' });
  const small = await narrow.newPage();
  await small.goto('/users');
  await shoot(small, 'users-dark-390');
}

async function signIn(page: Page): Promise<Page> {
  await page.goto('/sign-in');
  await page.locator('#field-identifier').fill('olga');
  await page.locator('#field-password').fill(worldPassword);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.waitForURL((url) => url.pathname === '/');
  return page;
}

/** A day's work, so that the history has something to tell. */
async function work(page: Page): Promise<void> {
  const acts: [path: string, button: string, reason: string][] = [
    ['rita/approve', 'Approve', ''],
    ['lea/unlock', 'Unlock', ''],
    ['mona/suspend', 'Suspend', 'On leave until March.'],
    ['nina/reset-password', 'Reset password', ''],
    ['ivo/deactivate', 'Deactivate User', 'Asked for it by phone.'],
  ];
  for (const [path, button, reason] of acts) {
    await page.goto(`/users/${path}`);
    if (reason) await page.locator('#field-reason').fill(reason);
    await page.getByRole('button', { name: button }).click();
    await page.waitForURL((url) => !url.pathname.endsWith(path));
  }
}

async function shoot(page: Page, name: string): Promise<void> {
  const path = join(root, 'docs', `${name}.png`);
  await page.screenshot({ path });
  process.stdout.write(`docs/${name}.png, ${Math.round(statSync(path).size / 1024)} KB\n`);
}

await takeAll();
