import type { Doer } from '../access/actor.ts';
import { assertCan } from '../access/can.ts';
import type { Db, Trx } from '../ground/database.ts';
import { Invalid, Refused } from '../ground/errors.ts';
import { changesBetween, record } from '../history/record.ts';
import { endSessions, listSessions } from '../sessions/sessions.ts';
import { keepAnAdministrator } from './administrators.ts';
import { clearAttempts } from './attempts.ts';
import { touched } from './edit.ts';
import { takePlaces } from './limit.ts';
import { assertFree, asTaken, holderOf } from './taken.ts';
import { holdUser, type User } from './user.ts';

/** One kind of what goes with a user: rooms below provide these, the application composes them. */
export type Belonging = {
  /** “2 trackers” is made of both forms. */
  noun: [one: string, many: string];
  count(db: Db, userId: number): Promise<number>;
  /** What becomes of it when the user is deleted; nothing, if it only waits for the purge. */
  end?(trx: Trx, userId: number): Promise<unknown>;
  /** Erases it for good, with the owning role. */
  erase?(trx: Trx, userId: number): Promise<unknown>;
};

const sessions: Belonging = {
  noun: ['open session', 'open sessions'],
  count: async (db, userId) => (await listSessions(db, userId)).length,
  end: endSessions,
};

const knownBrowsers: Belonging = {
  noun: ['remembered browser', 'remembered browsers'],
  count: async (db, userId) => (await db('knownBrowsers').where({ userId }).select('userId')).length,
};

/** What belongs to a user in this room and those above. */
export const ownBelongings: readonly Belonging[] = [sessions, knownBrowsers];

export type Consequence = { noun: string; count: number };

/** What goes with a user, in exact counts. */
export async function consequencesOf(db: Db, userId: number, belongings = ownBelongings): Promise<Consequence[]> {
  const counts = await Promise.all(belongings.map(({ count }) => count(db, userId)));
  return belongings.map(({ noun: [one, many] }, index) => ({
    noun: counts[index] === 1 ? one : many,
    count: counts[index] ?? 0,
  }));
}

/** Hides a user and ends its sessions; it can be restored for 30 days (setting), and its username stays reserved. */
export async function deleteUser(db: Db, by: Doer, username: string, belongings = ownBelongings): Promise<User> {
  return db.transaction(async (trx) => {
    await trx('accountCounter').forUpdate().first();
    const user = await holdUser(trx, username);
    if (user.deletedAt) throw new Refused(`${user.name} is deleted already.`);
    assertCan(by, 'delete user', user);
    for (const { end } of belongings) await end?.(trx, user.id);
    await trx('users')
      .where({ id: user.id })
      .update({ deletedAt: trx.raw('now()'), ...touched(trx) });
    if (user.profile === 'administrator') await keepAnAdministrator(trx);
    await record(trx, by, 'user.deleted', user);
    return user;
  });
}

/**
 * Brings a deleted user back in the state it had. Throws Invalid with a word on `email` when its address is another user's by
 * now and no free one is given, and Refused at the account limit.
 */
export async function restoreUser(db: Db, by: Doer, username: string, newEmail = ''): Promise<User> {
  const restore = async (trx: Trx) => {
    await takePlaces(trx, 1);
    const user = await holdDeleted(trx, username);
    const email = newEmail || user.email;
    if (!newEmail && (await holderOf(trx, email)))
      throw new Invalid({ email: `${email} is another user’s address by now. Enter a different one.` });
    await assertFree(trx, { email });
    await trx('users')
      .where({ id: user.id })
      .update({ deletedAt: null, email, ...touched(trx) });
    await record(trx, by, 'user.restored', user, { changes: changesBetween({ email: user.email }, { email }) });
    return user;
  };
  return db.transaction(restore).catch(asTaken);
}

async function holdDeleted(trx: Trx, username: string): Promise<User> {
  const user = await holdUser(trx, username);
  if (!user.deletedAt) throw new Refused(`${user.name} is not deleted.`);
  return user;
}

/**
 * Erases a deleted user for good, with the owning role: its row, what belongs to it and every personal word in the history.
 * The acts themselves stay, under the bare number of the account; the username is free again.
 */
export async function purgeUser(owner: Db, by: Doer, username: string, belongings = ownBelongings): Promise<void> {
  await owner.transaction(async (trx) => {
    const user = await holdDeleted(trx, username);
    assertCan(by, 'purge user', user);
    for (const { erase } of belongings) await erase?.(trx, user.id);
    await clearAttempts(trx, user.id);
    await trx('historyWords').where({ personId: user.id }).delete();
    await eraseImported(trx, user);
    await trx('users').where({ id: user.id }).delete();
    await record(trx, by, 'user.purged', { id: user.id, username: '' });
  });
}

/** Lists that were taken in hold the person under its account, its username or its address, also in rows that were refused. */
async function eraseImported(trx: Trx, { id, username, email }: User): Promise<void> {
  await trx('importClaims').where({ username }).orWhere({ email }).delete();
  await trx('importRows')
    .where({ userId: id })
    .orWhereRaw(`fields ->> 'username' = ? or lower(fields ->> 'email') = lower(?)`, [username, email])
    .orWhereRaw('cells @> jsonb_build_array(?::text) or cells @> jsonb_build_array(?::text)', [username, email])
    .delete();
}
