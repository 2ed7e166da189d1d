import type { Actor, Connection, Subject } from '../access/actor.ts';
import type { Act } from '../access/acts.ts';
import { can } from '../access/can.ts';
import type { Db } from '../ground/database.ts';
import { accountOf, type User, userColumns } from './user.ts';

/** Who runs something long, as the history has to know it also when another process continues it. */
export type Runner = {
  id: number;
  sessionId: number | null;
  requestId: string | null;
  address: string;
  isConfirmed?: boolean;
  /** On whose behalf it worked meanwhile: bare numbers, which a purge may leave. */
  connection?: { id: number; mode: Connection['mode']; user: Pick<Subject, 'id' | 'profile'> } | null;
};

/** What of an actor is kept for that. */
export const runnerFor = ({ id, sessionId, requestId, address, isConfirmed, connection }: Actor): Runner => ({
  id,
  sessionId,
  requestId,
  address,
  isConfirmed,
  connection: connection ? { id: connection.id, mode: connection.mode, user: bare(connection.user) } : null,
});

const bare = ({ id, profile }: Subject) => ({ id, profile });

/** Whoever started it, as it is now; null when it may not do the act any more. */
export async function actorAgain(db: Db, runBy: Runner | null, act: Act): Promise<Actor | null> {
  const user: User | undefined = runBy ? await db('users').where({ id: runBy.id }).first(userColumns(db)) : undefined;
  if (!user || !runBy) return null;
  const { connection = null, ...kept } = runBy;
  // What was begun goes on, whatever is asked of its author since.
  const actor = {
    ...accountOf(user),
    ...kept,
    isConfirmed: runBy.isConfirmed ?? false,
    needsSecondFactor: false,
    connection: connection && again(connection),
  };
  return can(actor, act) ? actor : null;
}

/** The connection as rules and history ask for it: names and its end play no part there. */
const again = ({ user, ...connection }: NonNullable<Runner['connection']>): Connection => ({
  ...connection,
  endsAt: new Date(0),
  user: { ...user, username: '', name: '', email: '' },
});
