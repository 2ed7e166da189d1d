import { type Name, peopleWorld } from '../../seeds/world.ts';
import type { Actor } from '../../src/access/actor.ts';
import type { Db } from '../../src/ground/database.ts';
import { actorFor } from './actor.ts';
import { openStory } from './database.ts';

/** The small world in one story's transaction, without the pages, and Olga who acts upon it. */
export type World = { db: Db; ids: Record<Name, number>; olga: Actor; close(): Promise<void> };

export async function openWorld(): Promise<World> {
  const { trx: db, close } = await openStory();
  const ids = await peopleWorld(db);
  return { db, ids, olga: await actorFor(db, 'olga'), close };
}
