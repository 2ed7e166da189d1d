import type { Actor, Connection } from '../access/actor.ts';
import { hasSections } from '../access/acts.ts';
import { assertCan, assertConfirmed } from '../access/can.ts';
import { profileNames } from '../access/profiles.ts';
import { stateNames } from '../access/standing.ts';
import type { Db, Trx } from '../ground/database.ts';
import { Forbidden, Invalid, Refused } from '../ground/errors.ts';
import { saysSomething } from '../ground/fields.ts';
import { record } from '../history/record.ts';
import { moveSession } from '../sessions/sessions.ts';
import { readSettings } from '../settings/settings.ts';
import { holdUser, type User } from '../users/user.ts';
import { endConnection } from './end.ts';

export type NewConnection = {
  username: string;
  mode: Connection['mode'];
  /** Why; the user is shown it. '' only when the setting asks for none. */
  reason: string;
  /** The page to return to, a path of this site. */
  cameFrom: string;
  /** The id under which the actor's session goes on. */
  sid: string;
};

/**
 * Puts the actor on a user's behalf until it disconnects, or for as long as the setting says. A connection that is open ends first:
 * the actor stays the same and nothing is nested. The session lives no longer for it, and the user's last sign-in stays untouched.
 * Throws Forbidden upon administrators, oneself, users without sections and users who are not able; Refused upon whom one is connected to; Invalid without the reason that is asked for.
 */
export async function connect(db: Db, actor: Actor, { username, mode, reason, cameFrom, sid }: NewConnection): Promise<User> {
  assertCan(actor, 'connect user');
  const { connectionReason, connectionProof, connectionMinutes } = await readSettings(db);
  if (connectionReason && !saysSomething(reason)) throw new Invalid({ reason: 'A reason is needed; the user is shown it.' });
  if (connectionProof) assertConfirmed(actor);
  return db.transaction(async (trx) => {
    const user = await holdUser(trx, username);
    assertConnectable(actor, user);
    if (actor.connection) await endConnection(trx, actor, actor.connection, 'replaced');
    const [{ id }] = await trx('connections')
      .insert({
        actorId: actor.id,
        userId: user.id,
        mode,
        reason,
        cameFrom,
        endsAt: trx.raw('now() + make_interval(mins => ?)', [connectionMinutes]),
      })
      .returning('id');
    await moveSession(trx, actor, { sid, connectionId: id });
    await recordStart(trx, actor, user, { id, mode, reason });
    return user;
  });
}

/** The act itself is part of the connection that it begins. */
function recordStart(trx: Trx, actor: Actor, user: User, { id, mode, reason }: { id: number; mode: string; reason: string }) {
  const by = { ...actor, connection: { id, user } };
  return record(trx, by, 'connection.started', user, { reason, facts: { mode: mode === 'read' ? 'looking only' : 'full' } });
}

/** Throws as `connect` would: asked before its page is shown, and again when it is done. */
export function assertConnectable(actor: Actor, user: User): void {
  if (user.id === actor.id) throw new Forbidden('You cannot connect to yourself.');
  if (user.id === actor.connection?.user.id) throw new Refused(`You are connected to ${user.name} already.`);
  if (user.profile === 'administrator') throw new Forbidden('Nobody connects to an administrator.');
  if (!hasSections(user.profile))
    throw new Forbidden(`${user.name} is an ${profileNames[user.profile]}: there are no sections to work in.`);
  const why = whyNotAble(user);
  if (why) throw new Forbidden(`${user.name} ${why}: nobody connects to such an account.`);
}

function whyNotAble({ deletedAt, lockedAt, isExpired, state }: User): string | null {
  if (deletedAt) return 'is deleted';
  if (lockedAt) return 'is locked';
  if (isExpired) return 'has expired';
  return state === 'STATE_APPROVED' || state === 'STATE_FLAGGED' ? null : `is ${stateNames[state]}`;
}
