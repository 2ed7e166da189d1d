import { reachOf, type Viewer } from '../access/things.ts';
import type { Db } from '../ground/database.ts';

export type GroupChoice = { id: number; name: string };

/** The groups that somebody may name: all of them, or its own when it is restricted to these. */
export async function groupChoices(db: Db, viewer: Viewer): Promise<GroupChoice[]> {
  if (reachOf(viewer) === 'own') return [];
  return db('groups')
    .modify((query) => {
      if (reachOf(viewer) === 'groups') query.whereRaw('id = any(?)', [[...viewer.groupIds]]);
    })
    .orderByRaw('fold(name)')
    .limit(200)
    .select('id', 'name');
}

/** The names of these groups, in their order, as far as the viewer may know them. */
export async function groupNames(db: Db, viewer: Viewer, groupIds: readonly number[]): Promise<GroupChoice[]> {
  const choices = await groupChoices(db, viewer);
  return choices.filter(({ id }) => groupIds.includes(id));
}
