import { type Actor, type Author, system } from '../access/actor.ts';
import type { Db, Trx } from '../ground/database.ts';
import { type Person, record } from '../history/record.ts';
import { moveSession } from '../sessions/sessions.ts';
import { type Ending, endingWords } from './endings.ts';
import { tellUser } from './told.ts';

type Open = { id: number; user: Person };

/** Ends a connection that is open, and tells its user by letter; ended already, nothing happens. True when it was open. */
export async function endConnection(trx: Trx, by: Author, { id, user }: Open, how: Ending): Promise<boolean> {
  const ended = await trx('connections')
    .where({ id, endedAt: null })
    .update({ endedAt: trx.raw('now()'), endedBy: how });
  if (ended === 0) return false;
  await record(trx, { ...by, connection: { id, user } }, 'connection.ended', user, { facts: { end: endingWords[how] } });
  await tellUser(trx, user.id, id);
  return true;
}

/** Ends the actor's connection; its session goes on under `sid` and lives no longer for that. Says where it came from. */
export async function disconnect(db: Db, actor: Actor, sid: string): Promise<{ cameFrom: string; user: Person } | null> {
  const { connection } = actor;
  if (!connection) return null;
  return db.transaction(async (trx) => {
    await endConnection(trx, actor, connection, 'disconnected');
    await moveSession(trx, actor, { sid, connectionId: null });
    const { cameFrom } = await trx('connections').where({ id: connection.id }).first('cameFrom');
    return { cameFrom, user: connection.user };
  });
}

/**
 * Ends what has ended by itself, once: time is over, or one of both may no more. Called when its session comes without it, and by the
 * worker, which leaves the session with it, so that its administrator is still told.
 */
export async function endLostConnection(db: Db, id: number): Promise<void> {
  await db.transaction(async (trx) => {
    const lost = await trx('connections')
      .where({ id, endedAt: null })
      .forUpdate()
      .first('id', 'actorId', 'userId', trx.raw('ends_at <= now() as is_over'), trx.raw(hasSession));
    if (!lost) return;
    const people = await trx('users').whereIn('id', [lost.actorId, lost.userId]).select('id', 'username');
    const who = (id: number) => people.find((person) => person.id === id) ?? { id, username: '' };
    const by = { ...system('clock'), id: lost.actorId, username: who(lost.actorId).username };
    await endConnection(
      trx,
      by,
      { id, user: who(lost.userId) },
      lost.isOver ? 'expired' : lost.hasSession ? 'standing' : 'signed-out',
    );
  });
}

/** The administrator has been told that its connection has ended; says where it came from. */
export async function leaveLostConnection(db: Db, id: number): Promise<string> {
  await endLostConnection(db, id);
  await db('sessions').where({ connectionId: id }).update({ connectionId: null });
  const connection = await db('connections').where({ id }).first('cameFrom');
  return connection?.cameFrom ?? '/users';
}

const hasSession = 'exists (select from sessions s where s.connection_id = connections.id) as has_session';

/** Ends the connections whose time is over or whose session is gone, for the worker: every minute. One that cannot be ended holds up no other. */
export async function endLostConnections(db: Db): Promise<void> {
  const lost = await db('connections')
    .whereNull('endedAt')
    .whereRaw('(ends_at <= now() or not exists (select from sessions s where s.connection_id = connections.id))')
    .orderBy('id')
    .limit(500)
    .pluck('id');
  const failed: unknown[] = [];
  for (const id of lost) await endLostConnection(db, id).catch((error) => failed.push(error));
  if (failed.length > 0) throw new AggregateError(failed, `Some connections could not be ended, the first one: ${failed[0]}`);
}
