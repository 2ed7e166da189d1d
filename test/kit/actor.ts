import type { Actor } from '../../src/access/actor.ts';
import type { Db } from '../../src/ground/database.ts';
import { accountOf, type User, userColumns } from '../../src/users/user.ts';

/** Somebody as a request brings it along. */
export async function actorFor(db: Db, username: string): Promise<Actor> {
  const user: User = await db('users').where({ username }).first(userColumns(db));
  return { ...accountOf(user), sessionId: null, requestId: null, address: '', isConfirmed: true, needsSecondFactor: false };
}
