import { readHistory } from '../../src/history/timeline.ts';
import type { Site } from './site.ts';

/** What has been recorded upon somebody, oldest first; the sessions that the kit starts by itself are not. */
export async function actsUpon(site: Pick<Site, 'db'>, userId: number) {
  const happenings = await readHistory(site.db, { userId }, { limit: 100 });
  return happenings.toReversed();
}

/** The one act that has been recorded upon somebody. Throws when there is none, or more than one. */
export async function onlyActUpon(site: Pick<Site, 'db'>, userId: number) {
  const [act, ...more] = await actsUpon(site, userId);
  if (!act || more.length > 0) throw new Error(`${more.length + (act ? 1 : 0)} acts are recorded upon ${userId}`);
  return act;
}
