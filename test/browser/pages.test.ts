import { readFileSync } from 'node:fs';
import type { Result } from 'axe-core';
import { expect } from 'chai';
import { HtmlValidate } from 'html-validate';
import type { Page } from 'playwright-core';
import { root } from '../../src/ground/root.ts';
import { routes } from '../../src/routes.ts';
import { type Desk, openDesk } from '../kit/browser.ts';
import { viewsToVisit } from '../kit/tour.ts';
import type { View } from '../kit/tour-steps.ts';

const axe = readFileSync(`${root}/node_modules/axe-core/axe.min.js`, 'utf8');

/** Whose page shows most of what a route can show; everybody else's is Uma's. */
const subjects: Record<string, string> = {
  restore: 'dora',
  purge: 'dora',
  unlock: 'lea',
  approve: 'rita',
  reject: 'rita',
  'resend-verification': 'vera',
};

const validator = new HtmlValidate({
  extends: ['html-validate:recommended'],
  rules: {
    'no-trailing-whitespace': 'off',
    'attribute-boolean-style': ['error', { style: 'omit' }],
    'no-inline-style': 'error',
    'form-dup-name': ['error', { shared: ['radio', 'checkbox', 'button', 'submit'] }], // One name for the boxes of all rows.
    'long-title': 'off', // A title holds a user's name, and that may be long.
    'no-implicit-button-type': 'off', // A button of a form sends it, as is meant here.
    'prefer-native-element': 'off', // A link that leads nowhere stays one by its role.
  },
});

describe('Every page', () => {
  let desk: Desk;
  let views: View[];
  before(async function () {
    desk = await openDesk(this);
    await desk.db('settings').update({ registration: 'open' });
    const addresses = routes.filter(([method]) => method === 'get').map(([, path]) => path.replace(':username', subjectOf(path)));
    views = [...addresses.filter((path) => !path.includes(':')).map((path) => ({ path })), ...(await viewsToVisit(sit, desk.db))];
  });
  afterEach(() => desk?.clear());
  after(() => desk?.close());

  const subjectOf = (path: string) => subjects[path.split('/').at(-1) as string] ?? 'uma';
  const sit = (name: View['name'] = 'olga') =>
    desk.sit(name, { bypassCSP: true, reducedMotion: 'reduce', forgives: /status of (403|404)/ });

  /** Goes through all pages in two tabs at once; `look` says what is wrong with one. */
  async function visitAll(look: (page: Page, view: View) => Promise<string[]>): Promise<string[]> {
    const found: string[] = [];
    const left = [...views];
    const walk = async () => {
      const seats = new Map<View['name'], Page>();
      for (let view = left.shift(); view; view = left.shift()) {
        const name = view.name === undefined ? 'olga' : view.name;
        const page = seats.get(name) ?? (await sit(name));
        seats.set(name, page);
        await page.setViewportSize({ width: 1280, height: 800 });
        const answer = await page.goto(view.path).catch(() => null); // A download is no page.
        if (!answer?.headers()['content-type']?.startsWith('text/html')) continue;
        await view.press?.(page);
        for (const text of await look(page, view)) found.push(`${view.path}${view.press ? ' (pressed)' : ''}: ${text}`);
      }
    };
    await Promise.all([walk(), walk()]);
    return found;
  }

  it('can be used by everybody: axe finds nothing, wide and narrow, light and dark, and nothing scrolls sideways', async function () {
    this.timeout(600_000);
    const found = await visitAll(async (page, view) => {
      const wrong: string[] = [];
      for (const width of view.narrow === false ? [1280] : [1280, 390]) {
        await page.setViewportSize({ width, height: 800 });
        wrong.push(...(await sideways(page)).map((text) => `${width} ${text}`));
        for (const scheme of ['light', 'dark'] as const) {
          await page.emulateMedia({ colorScheme: scheme });
          const findings = await examine(page, scheme === 'light' ? {} : { runOnly: ['color-contrast', 'link-in-text-block'] });
          wrong.push(...findings.map((text) => `${width} ${scheme} ${text}`));
        }
        await page.emulateMedia({ colorScheme: 'light' });
      }
      return wrong;
    });
    expect(found.join('\n')).to.equal('');
  });

  it('is valid HTML with a title that starts with what it shows', async function () {
    this.timeout(60_000);
    const found: string[] = [];
    const visitors = new Map<View['name'], Page>();
    for (const { path, name = 'olga' } of views.filter((view) => !view.press)) {
      const page = visitors.get(name) ?? (await sit(name));
      visitors.set(name, page);
      const answer = await page.request.get(path);
      if (!answer.headers()['content-type']?.startsWith('text/html')) continue;
      const html = await answer.text();
      const { results } = await validator.validateString(html);
      for (const { ruleId, line, message } of results.flatMap((result) => result.messages))
        found.push(`${path}:${line} ${ruleId} ${message}`);
      found.push(...titleProblems(html).map((text) => `${path}: ${text}`));
    }
    expect(found.join('\n')).to.equal('');
  });

  async function examine(page: Page, options: object): Promise<string[]> {
    if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe);
    const violations = await page.evaluate(async (chosen) => {
      const { axe } = window as unknown as { axe: { run(options: object): Promise<{ violations: Result[] }> } };
      return (await axe.run({ ...chosen, resultTypes: ['violations'], preload: false })).violations;
    }, options);
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 160)).join(' | ')}`);
  }
});

/** The page itself must not scroll sideways; at 1280 no table in it either. */
const sideways = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const wide = [document.documentElement, ...document.querySelectorAll('.tablewrap')].filter(
      (part) => part.scrollWidth > part.clientWidth,
    );
    return wide.map((part) => `scrolls sideways: ${part.tagName} ${part.className}, ${part.scrollWidth} in ${part.clientWidth}`);
  });

/** What a page shows is its heading, or the tab, the crumb or the button that it is about. */
function titleProblems(html: string): string[] {
  const title = /<title>(.*?) · Roster<\/title>/s.exec(html)?.[1];
  if (!title) return ['has no title of its own'];
  const shown = [
    ...html.matchAll(
      /<h1[^>]*>(.*?)<\/h1>|aria-current="page"[^>]*>(.*?)<\/a>|<li><a href[^>]*>(.*?)<\/a>|class="button primary"[^>]*>(.*?)<\/button>/gs,
    ),
  ]
    .map(([, ...groups]) =>
      (groups.find(Boolean) ?? '')
        .replace(/<[^>]*>/g, '')
        .replace(/[?…\s]+$/, '')
        .trim(),
    )
    .filter(Boolean);
  return shown.some((text) => title.startsWith(text)) ? [] : [`the title “${title}” starts with none of ${shown.join(', ')}`];
}
