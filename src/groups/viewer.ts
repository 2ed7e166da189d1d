import type { Profile } from '../access/profiles.ts';
import { reachOf, type Viewer } from '../access/things.ts';
import type { Db } from '../ground/database.ts';
import { readSettings } from '../settings/settings.ts';

/** Through whose eyes somebody sees things: its own, with its groups as they are at this moment. */
export async function viewerOf(db: Db, { id, profile }: { id: number; profile: Profile }): Promise<Viewer> {
  const { restrictions } = await readSettings(db);
  const groupIds = await db('groupUsers').where({ userId: id }).pluck('group_id');
  return { id, profile, groupIds, isRestricted: restrictions };
}

/** The groups that somebody sees: null for all of them, else its own. */
export const seenGroups = (viewer: Viewer): readonly number[] | null => (reachOf(viewer) === 'all' ? null : viewer.groupIds);
