import { worldPassword } from '../../seeds/world.ts';
import type { Site } from './site.ts';
import type { Page, Visitor } from './visitor.ts';

export const checkOf = (username: string) => `/users/${username}/sign-in-check`;

/** What the page says on the whole. */
export const verdict = (page: Page) => page.document.querySelector('#verdict h2')?.text.replace(/\s+/g, ' ').trim();

/** What the page says of one check. */
export const saysOf = (page: Page, check: string) =>
  page.document
    .querySelectorAll(`#check-${check} :is(.badge, h3, p)`)
    .map(({ text }) => text.replace(/\s+/g, ' ').trim())
    .join(' | ');

/** The checks that do not pass, in the page's order, each with what it came to. */
export const failing = (page: Page) =>
  page.document
    .querySelectorAll('.check:not(.passes, .unasked, .note)')
    .map((line) => `${line.id.replace('check-', '')} ${line.getAttribute('class')?.replace('check ', '')}`);

/** Signs in as anybody would, and says how far that goes. */
export async function enter(
  site: Site,
  username: string,
  { password = worldPassword, from }: { password?: string; from?: Visitor } = {},
) {
  const visitor = from ?? (await site.visitor());
  await visitor.get('/sign-in');
  const page = await visitor.submit('/sign-in', { identifier: username, password });
  const path = new URL(page.url).pathname;
  if (page.status !== 200 || path === '/sign-in') return 'out';
  if (path === '/account/password') return 'must choose a password';
  return page.document.querySelector('main .notice[role=status]') ? 'restricted' : 'in';
}

/** Follows the fix beside a check as its form or its link says, and fills in what its page asks for. */
export async function mend(by: Visitor, username: string, check: string, filled: Record<string, string> = {}): Promise<Page> {
  const fixes = (await by.get(checkOf(username))).document.querySelector(`#check-${check} .fixes`);
  const first = fixes?.querySelector('form, a');
  const direct = first?.getAttribute('action');
  if (direct) return by.submit(direct);
  const href = first?.getAttribute('href') ?? `no fix beside ${check}`;
  await by.get(href);
  return by.submit(href.split('?')[0] as string, filled);
}
