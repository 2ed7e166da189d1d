import type { Actor } from '../access/actor.ts';
import type { Act } from '../access/acts.ts';
import { can } from '../access/can.ts';
import type { Db } from '../ground/database.ts';
import { accountOf, type User, userColumns } from './user.ts';

/** Who runs something long, as the history has to know it also when another process continues it. */
export type Runner = { id: number; sessionId: number | null; requestId: string | null; address: string; isConfirmed?: boolean };

/** What of an actor is kept for that. */
export const runnerFor = ({ id, sessionId, requestId, address, isConfirmed }: Actor): Runner => ({
  id,
  sessionId,
  requestId,
  address,
  isConfirmed,
});

/** Whoever started it, as it is now; null when it may not do the act any more. */
export async function actorAgain(db: Db, runBy: Runner | null, act: Act): Promise<Actor | null> {
  const user: User | undefined = runBy ? await db('users').where({ id: runBy.id }).first(userColumns(db)) : undefined;
  if (!user || !runBy) return null;
  // What was begun goes on, whatever is asked of its author since.
  const actor = { ...accountOf(user), ...runBy, isConfirmed: runBy.isConfirmed ?? false, needsSecondFactor: false };
  return can(actor, act) ? actor : null;
}
