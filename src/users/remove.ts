import type { Doer } from '../access/actor.ts';
import { assertCan, assertConfirmed } from '../access/can.ts';
import { type Db, now } from '../ground/database.ts';
import { Refused } from '../ground/errors.ts';
import { actUpon, type Done, type ManyAct } from './act.ts';
import { clearAttempts } from './attempts.ts';
import type { Belonging } from './belongings.ts';
import { idsOf, type User, updateUsers } from './user.ts';

type Belongings = readonly Belonging[];

/** Hides users and ends their sessions; each can be restored for 30 days (setting), and its username stays reserved. */
export const deleteAct = (belongings: Belongings): ManyAct => ({
  act: 'delete user',
  recordedAs: 'user.deleted',
  shape: {},
  changesCount: true,
  mayEndAdministrators: true,
  assertPossible: assertDeletable,
  apply: async (trx, users) => {
    for (const { end } of belongings) await end?.(trx, users);
    await updateUsers(trx, users, { deletedAt: now(trx) });
    return users.map((user) => ({ user }));
  },
  letter: () => ({ kind: 'deleted' }),
});

export const deleteUser = (db: Db, by: Doer, username: string, belongings: Belongings): Promise<Done> =>
  actUpon(db, by, deleteAct(belongings), username, {});

/** Throws as `deleteUser` would: asked before its page is shown, and again when it is done. */
export function assertDeletable(by: Doer, user: User): void {
  assertCan(by, 'delete user', user);
  if (user.deletedAt) throw new Refused(`${user.name} is deleted already.`);
}

/** A live user cannot be restored or purged. */
export function assertDeleted(user: User): void {
  if (!user.deletedAt) throw new Refused(`${user.name} is not deleted.`);
}

/**
 * Erases deleted users for good, with the owning role: the row, what belongs to it and every personal word in the history.
 * The acts themselves stay, under the bare number of the account; the username is free again.
 */
export const purgeAct = (belongings: Belongings): ManyAct => ({
  act: 'purge user',
  recordedAs: 'user.purged',
  shape: {},
  changesCount: true,
  isForOwner: true,
  needsProof: () => true,
  assertPossible: (by, user) => {
    assertDeleted(user);
    assertCan(by, 'purge user', user);
    assertConfirmed(by);
  },
  apply: async (trx, users) => {
    const ids = idsOf(users);
    for (const { erase } of belongings) await erase?.(trx, users);
    await clearAttempts(trx, ids);
    await trx('historyWords').whereRaw('person_id = any(?)', [ids]).delete();
    await trx('users').whereRaw('id = any(?)', [ids]).delete();
    return ids.map((id) => ({ user: { id, username: '' } }));
  },
});

export const purgeUser = (owner: Db, by: Doer, username: string, belongings: Belongings): Promise<Done> =>
  actUpon(owner, by, purgeAct(belongings), username, {});
