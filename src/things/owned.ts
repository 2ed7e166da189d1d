import type { Viewer } from '../access/things.ts';
import type { Db } from '../ground/database.ts';
import { type Kind, type Section, sectionOf, sections } from './kinds.ts';
import { listThings, type ThingLine } from './list.ts';
import { within } from './scope.ts';

/** How many things of each kind a user owns, exactly; hidden ones not counted. */
export const countOwned = (db: Db, ownerId: number): Promise<{ kind: Kind; count: number }[]> =>
  db('things')
    .where({ ownerId, hiddenAt: null })
    .groupBy('kind')
    .orderBy('kind')
    .select('kind', db.raw('count(*)::int as count'));

export type Owned = { section: Section; count: number; rows: ThingLine[] };

/** What a user owns, list by list: how many, and the first of them by name. */
export async function readOwned(db: Db, viewer: Viewer, owner: { id: number; username: string }, most: number): Promise<Owned[]> {
  const kinds = await countOwned(db, owner.id);
  const owned: Owned[] = [];
  for (const section of sections) {
    const count = kinds.reduce((sum, kind) => (sectionOf(kind.kind) === section ? sum + kind.count : sum), 0);
    const request = {
      section,
      of: 'reach',
      filter: { q: '', owner: owner.username },
      sort: { by: 'name', isDescending: false },
    } as const;
    const rows = count > 0 ? (await listThings(db, viewer, { ...request, limit: most })).rows : [];
    owned.push({ section, count, rows });
  }
  return owned;
}

/** How many things of each list are in a group, as far as the viewer sees them. */
export async function countSections(db: Db, viewer: Viewer, groupId: number): Promise<Record<Section, number>> {
  const rows: { section: Section; count: number }[] = await db('things')
    .join('groupThings', 'groupThings.thingId', 'things.id')
    .where({ groupId, 'things.hiddenAt': null })
    .where((query) => within(query, viewer))
    .groupBy('section')
    .select('section', db.raw('count(*)::int as count'));
  const none = Object.fromEntries(sections.map((section) => [section, 0])) as Record<Section, number>;
  return { ...none, ...Object.fromEntries(rows.map(({ section, count }) => [section, count])) };
}
