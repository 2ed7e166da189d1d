import { reachOf, type Viewer } from '../access/things.ts';
import type { Db } from '../ground/database.ts';
import { sections } from '../things/kinds.ts';
import { countThings } from '../things/list.ts';

/** What somebody has, list by list: up to a thousand exactly, null for more. */
export type Having = { section: (typeof sections)[number]; count: number | null }[];

/** What somebody sees in each list. */
export async function countHaving(db: Db, viewer: Viewer, of: 'reach' | 'shares' = 'reach'): Promise<Having> {
  const having: Having = [];
  for (const section of sections)
    having.push({ section, count: await countThings(db, viewer, { section, of, filter: { q: '' } }) });
  return having;
}

/** How many things of others are shared with somebody who sees shares; null for more than a thousand in a list, and for the others. */
export async function countShared(db: Db, viewer: Viewer): Promise<number | null> {
  if (reachOf(viewer) !== 'own') return null;
  const shared = await countHaving(db, viewer, 'shares');
  return shared.every(({ count }) => count !== null) ? shared.reduce((sum, { count }) => sum + (count ?? 0), 0) : null;
}
