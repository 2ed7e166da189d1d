import type { Name } from '../../seeds/world.ts';
import type { Site } from './site.ts';

/** A group with these users in it; says its number. */
export async function makeGroup({ db, ids }: Pick<Site, 'db' | 'ids'>, name: string, users: Name[] = []): Promise<number> {
  const [{ id }] = await db('groups').insert({ name }).returning('id');
  for (const user of users) await db('groupUsers').insert({ groupId: id, userId: ids[user] });
  return id;
}
