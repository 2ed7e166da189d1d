import type { Page, Visitor } from './visitor.ts';

/** The row of saved views above a list: their names, with the one that is marked. */
export const viewsOf = (page: Page) =>
  page.document
    .querySelectorAll('#views li a')
    .map((link) => `${link.querySelector('bdi')?.text}${link.hasAttribute('aria-current') ? ' (open)' : ''}`);

/** Saves a list as it is done from its page; the page that follows. */
export async function saveView(who: Visitor, name: string, query: string, more: Record<string, string> = {}): Promise<Page> {
  await who.get(`/users/views/new?${query}`);
  return who.submit('/users/views', { name, ...more });
}

/** What the form of a view sends when its box is ticked. */
export const shared = { is_shared: 'on' };
