import type { Name } from '../../seeds/world.ts';
import type { Actor } from '../../src/access/actor.ts';
import type { Viewer } from '../../src/access/things.ts';
import { viewerOf } from '../../src/groups/viewer.ts';
import { actorFor } from './actor.ts';
import type { Site } from './site.ts';

/** Somebody who acts, and through whose eyes it sees things. */
export async function inEyesOf(site: Pick<Site, 'db'>, name: Name): Promise<{ by: Actor; viewer: Viewer }> {
  const by = await actorFor(site.db, name);
  return { by, viewer: await viewerOf(site.db, by) };
}
