import type { Viewer } from '../access/things.ts';
import type { Db } from '../ground/database.ts';
import { type Section, sections } from './kinds.ts';
import { countThings } from './list.ts';

/** How many stand in each list, for somebody who sees them or with whom they are shared: up to a thousand exactly, null for more. */
export async function countEach(
  db: Db,
  viewer: Viewer,
  of: 'reach' | 'shares',
): Promise<{ section: Section; count: number | null }[]> {
  const counts = [];
  for (const section of sections)
    counts.push({ section, count: await countThings(db, viewer, { section, of, filter: { q: '' } }) });
  return counts;
}

/** How many things of others are shared with somebody, in all lists; null where one of them holds more than a thousand. */
export async function countShared(db: Db, viewer: Viewer): Promise<number | null> {
  const counts = (await countEach(db, viewer, 'shares')).map(({ count }) => count);
  return counts.reduce((sum, count) => (sum === null || count === null ? null : sum + count), 0);
}
