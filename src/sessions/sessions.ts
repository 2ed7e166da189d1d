import type { Doer } from '../access/actor.ts';
import type { Db, Trx } from '../ground/database.ts';
import { digest } from '../ground/secrets.ts';
import { type Person, record } from '../history/record.ts';

/** A signed-in browser as its owner and administrators see it. */
export type Session = { id: number; createdAt: Date; lastSeenAt: Date; expiresAt: Date; address: string; agent: string };

export async function listSessions(db: Db, userId: number): Promise<Session[]> {
  return db('sessions')
    .where({ userId })
    .where('expiresAt', '>', db.raw('now()'))
    .orderBy('lastSeenAt', 'desc')
    .select('id', 'createdAt', 'lastSeenAt', 'expiresAt', 'address', 'agent');
}

export type NewSession = { sid: string; userId: number; address: string; agent: string };

/** Makes the row without which a cookie is nothing. The account row must be held by the caller's transaction. */
export async function startSession(trx: Trx, { sid, userId, address, agent }: NewSession): Promise<number> {
  const expiresAt = trx.raw(`now() + make_interval(days => (select session_days from settings))`);
  const [row] = await trx('sessions')
    .insert({ sidHash: digest(sid), userId, address, agent: agent.slice(0, 300), expiresAt })
    .returning('id');
  return row.id;
}

/** Moves a session to a new id and counts its owner as confirmed from now on; the old id is dead. */
export async function confirmSession(trx: Trx, { sessionId, sid }: { sessionId: number; sid: string }): Promise<void> {
  await trx('sessions')
    .where({ id: sessionId })
    .update({ sidHash: digest(sid), confirmedAt: trx.raw('now()') });
}

/** Ends every session of a user, or all but the one that `except` names; says how many. */
export async function endSessions(trx: Trx, userId: number, except?: number | null): Promise<number> {
  return trx('sessions')
    .where({ userId })
    .modify((query) => except && query.whereNot({ id: except }))
    .delete();
}

/** Ends one session of a user; twice is as once. */
export async function endSession(db: Db, by: Doer, user: Person, sessionId: number): Promise<void> {
  await db.transaction(async (trx) => {
    const ended = await trx('sessions').where({ id: sessionId, userId: user.id }).delete();
    if (ended) await record(trx, by, 'session.all-ended', user, { facts: { count: ended } });
  });
}

/** Ends all sessions of a user, or all but the actor's own: “sign out everywhere”. */
export async function endAllSessions(db: Db, by: Doer, user: Person): Promise<number> {
  return db.transaction(async (trx) => {
    const ended = await endSessions(trx, user.id, by.sessionId);
    if (ended) await record(trx, by, 'session.all-ended', user, { facts: { count: ended } });
    return ended;
  });
}

/** Clears away what nobody can use any more. */
export async function pruneSessions(db: Db): Promise<void> {
  await db('sessions').where('expiresAt', '<', db.raw('now()')).delete();
  await db('attempts').where('windowEndsAt', '<', db.raw('now()')).delete();
}
