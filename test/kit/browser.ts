import { execFileSync } from 'node:child_process';
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { type Name, peopleWorld } from '../../seeds/world.ts';
import { type Db, openDatabase } from '../../src/ground/database.ts';
import { makeDatabase } from './database.ts';
import { serve, signedIn } from './site.ts';
import { signed } from './visitor.ts';

export const browserFlags = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** What a browser says by itself about an answer that a story asked for: a form sent back, a refusal. */
const usual = /^Failed to load resource: the server responded with a status of (409|422)/;

/** A browser before a console with the named world in it, both real; whatever goes wrong unseen fails the story. */
export type Desk = {
  db: Db;
  address: string;
  /** A page of somebody, signed in when named. `forgives`: what may be said on its console. */
  sit(name?: Name | null, options?: BrowserContextOptions & { forgives?: RegExp }): Promise<Page>;
  /** After each story: closes its pages and throws what was said on their consoles and what the server failed at. */
  clear(): Promise<void>;
  close(): Promise<void>;
};

/** Opens a desk for a file of stories, or skips them where there is no browser. */
export async function openDesk(mocha: Mocha.Context): Promise<Desk> {
  mocha.timeout(60_000);
  const executablePath = findBrowser();
  if (!executablePath) return skip(mocha);
  const browser = await chromium.launch({ executablePath, args: browserFlags });
  const database = await makeDatabase();
  const db = openDatabase(database.serving);
  const owner = openDatabase(database.owner, { size: 3, patient: true });
  const ids = await peopleWorld(owner);
  const site = await serve({ db, owner });
  const open: { context: BrowserContext; said: string[] }[] = [];
  return {
    db: owner,
    address: site.address,
    sit: async (name = null, { forgives, ...options } = {}) => {
      const context = await newContext(browser, site.address, options);
      if (name)
        await context.addCookies([{ name: 'roster', value: signed(await signedIn(owner, ids[name])), url: site.address }]);
      const page = await context.newPage();
      open.push({ context, said: listen(page, forgives) });
      return page;
    },
    clear: async () => {
      const said = open.flatMap((one) => one.said).concat(site.failures.splice(0));
      await Promise.all(open.splice(0).map(({ context }) => context.close()));
      if (said.length > 0) throw new Error(`Said on the console or by the server:\n${said.join('\n')}`);
    },
    close: async () => {
      await browser.close();
      await site.close();
      await Promise.all([db.destroy(), owner.destroy()]);
      await database.drop();
    },
  };
}

/** A Chromium of this machine, or null. */
export function findBrowser(): string | null {
  if (process.env.CHROMIUM) return process.env.CHROMIUM;
  try {
    const command = 'command -v chromium || command -v chromium-browser || command -v google-chrome';
    return execFileSync('sh', ['-c', command], { encoding: 'utf8' }).trim() || null;
  } catch {
    return null;
  }
}

function skip(mocha: Mocha.Context): never {
  const text = 'There is no browser (chromium, chromium-browser or google-chrome; or name one in CHROMIUM)';
  if (process.env.ROSTER_BROWSER === 'required') throw new Error(`${text}, and ROSTER_BROWSER requires one.`);
  process.stdout.write(`    ${text}: the stories of ${mocha.test?.parent?.title} are skipped.\n`);
  return mocha.skip();
}

async function newContext(browser: Browser, address: string, options: BrowserContextOptions): Promise<BrowserContext> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, baseURL: address, ...options });
  context.setDefaultTimeout(8_000);
  await context.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
      console.error(`CSP: ${violatedDirective} ${blockedURI}`),
    );
  });
  return context;
}

function listen(page: Page, forgives?: RegExp): string[] {
  const said: string[] = [];
  page.on('pageerror', (error) => said.push(error.message));
  page.on('console', (message) => {
    const text = message.text();
    if (!['error', 'warning'].includes(message.type()) || usual.test(text) || forgives?.test(text)) return;
    said.push(`${page.url()}: ${text}`);
  });
  return said;
}

/** What is focused, as somebody would name it: its id, its accessible label or its text. */
export const focused = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const { activeElement: at } = document;
    return at?.id || at?.getAttribute('aria-label') || at?.textContent?.trim().slice(0, 60) || at?.tagName || '';
  });
