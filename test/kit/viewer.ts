import type { Name } from '../../seeds/world.ts';
import type { Actor } from '../../src/access/actor.ts';
import type { Viewer } from '../../src/access/things.ts';
import { viewerOf } from '../../src/groups/viewer.ts';
import { accountOf, type User, userColumns } from '../../src/users/user.ts';
import type { Site } from './site.ts';

/** Somebody who acts, and through whose eyes it sees things. */
export async function inEyesOf(site: Pick<Site, 'db'>, name: Name): Promise<{ by: Actor; viewer: Viewer }> {
  const user: User = await site.db('users').where({ username: name }).first(userColumns(site.db));
  const by = { ...accountOf(user), sessionId: null, requestId: null, address: '', needsSecondFactor: false, isConfirmed: true };
  return { by, viewer: await viewerOf(site.db, user) };
}
