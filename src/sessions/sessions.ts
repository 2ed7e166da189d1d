import type { Actor, Doer } from '../access/actor.ts';
import { assertCan } from '../access/can.ts';
import { type Db, now, type Trx } from '../ground/database.ts';
import { Refused } from '../ground/errors.ts';
import { digest } from '../ground/secrets.ts';
import { type Person, record } from '../history/record.ts';
import { describeAgent } from './agent.ts';

/** A signed-in browser as its owner and administrators see it. */
export type Session = { id: number; createdAt: Date; lastSeenAt: Date; expiresAt: Date; address: string; device: string };

/** When it is over: as the settings said when it began, or sooner where they have been made stricter since. */
const endsAt = 'least(s.expires_at, s.created_at + make_interval(days => settings.session_days))';

/** Neither over nor idle for too long, by the database's clock: of session `s` of user `u`, under the `settings`. */
export const isLive = `${endsAt} > now() and s.last_seen_at > now() - make_interval(mins =>
  case when u.profile = 'administrator' then settings.idle_minutes_administrators else settings.idle_minutes end)`;

const joined = (db: Db) => db('sessions as s').joinRaw('join users u on u.id = s.user_id cross join settings');

export async function listSessions(db: Db, userId: number): Promise<Session[]> {
  const sessions = await joined(db)
    .where({ userId })
    .whereRaw(isLive)
    .orderBy('s.lastSeenAt', 'desc')
    .select('s.id', 's.createdAt', 's.lastSeenAt', db.raw(`${endsAt} as expires_at`), 's.address', 's.agent');
  return sessions.map(({ agent, ...session }) => ({ ...session, device: describeAgent(agent) }));
}

/** How many browsers are signed in as one of these users. */
export async function countSessions(db: Db, userIds: number[]): Promise<number> {
  const row = await joined(db).whereRaw('s.user_id = any(?)', [userIds]).whereRaw(isLive).count({ count: '*' }).first();
  return Number(row?.count);
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

/**
 * Moves the session that the actor sits in to the id `sid` and counts the actor as confirmed from now on; the old id is dead.
 * Throws Refused when the session was ended in between: then nobody has been confirmed.
 */
export async function confirmSession(trx: Trx, actor: Actor, sid: string): Promise<void> {
  const moved = await trx('sessions')
    .where({ id: actor.sessionId, userId: actor.id })
    .update({ sidHash: digest(sid), confirmedAt: now(trx) });
  if (moved === 0) throw new Refused('Your session has ended. Sign in again.');
}

/**
 * Moves the actor's session to the id `sid`, connected or not; it lives no longer for that. Throws Refused
 * as `confirmSession`, and when the connection is not the one any more that the request came with: of two at once one counts.
 */
export async function moveSession(
  trx: Trx,
  actor: Actor,
  { sid, connectionId }: { sid: string; connectionId: number | null },
): Promise<void> {
  const own = { id: actor.sessionId, userId: actor.id };
  const moved = await trx('sessions')
    .where({ ...own, connectionId: actor.connection?.id ?? null })
    .update({ sidHash: digest(sid), connectionId });
  if (moved > 0) return;
  if (await trx('sessions').where(own).first('id'))
    throw new Refused('Your connection has changed in another tab at this moment. Look at it again.');
  throw new Refused('Your session has ended. Sign in again.');
}

/** Ends every session of a user, or of many, or all but the one that `except` names; says how many. */
export async function endSessions(trx: Trx, userIds: number | number[], except?: number | null): Promise<number> {
  return trx('sessions')
    .whereRaw('user_id = any(?)', [[userIds].flat()])
    .modify((query) => except && query.whereNot({ id: except }))
    .delete();
}

/** Ends the session that the actor sits in: “sign out”. */
export async function endOwnSession(db: Db, actor: Actor): Promise<void> {
  await db.transaction(async (trx) => {
    const ended = await trx('sessions').where({ id: actor.sessionId }).delete();
    if (ended) await record(trx, actor, 'session.ended', actor);
  });
}

/** Ends one session of a user; twice is as once. */
export async function endSession(db: Db, by: Doer, user: Person, sessionId: number): Promise<void> {
  assertMayEnd(by, user);
  await db.transaction(async (trx) => {
    const ended = await trx('sessions').where({ id: sessionId, userId: user.id }).delete();
    if (ended) await record(trx, by, 'session.one-ended', user);
  });
}

/** Ends all sessions of a user, or all but the actor's own: “sign out everywhere”. */
export async function endAllSessions(db: Db, by: Doer, user: Person): Promise<number> {
  assertMayEnd(by, user);
  return db.transaction(async (trx) => {
    const ended = await endSessions(trx, user.id, by.sessionId);
    if (ended) await record(trx, by, 'session.all-ended', user, { facts: { count: ended } });
    return ended;
  });
}

/** One's own, or those of others. */
const assertMayEnd = (by: Doer, user: Person) => assertCan(by, by.id === user.id ? 'end own sessions' : 'end sessions', user);

/** Clears away what nobody can use any more. */
export async function pruneSessions(db: Db): Promise<void> {
  await db('sessions')
    .whereIn('id', joined(db).whereRaw(`not (${isLive})`).select('s.id'))
    .delete();
}
