import type { Name } from '../../seeds/world.ts';
import type { Site } from './site.ts';
import type { Page } from './visitor.ts';

/** What somebody has been told, the oldest first, whether it is due already or not. */
export const told = (site: Pick<Site, 'db' | 'ids'>, name: Name) =>
  site
    .db('notifications as n')
    .leftJoin('shared_texts as t', 't.id', 'n.textId')
    .where({ userId: site.ids[name] })
    .orderBy('n.id')
    .select('n.*', site.db.raw('coalesce(t.title, n.says) as says'), site.db.raw('n.due_at > now() as waits'));

/** Tells somebody of the world something, as an act does; its number. */
export async function putNotice(site: Pick<Site, 'db' | 'ids'>, name: Name, more: object = {}): Promise<number> {
  const [{ id }] = await site
    .db('notifications')
    .insert({ userId: site.ids[name], kind: 'thing-shared', says: 'Something happened', leads: '/my/visits', ...more })
    .returning('id');
  return id;
}

/** The notifications that a page lists, by their sentences; what is unread begins with the word. */
export const noticesOn = (page: Page) =>
  page.document.querySelectorAll('.notices li > div').map(({ textContent }) => textContent.replace(/\s+/g, ' ').trim());

/** What the bell of a page says. */
export const bellOf = (page: Page) => page.document.querySelector('#bell')?.textContent.replace(/\s+/g, ' ').trim();
