import type { Doer } from '../access/actor.ts';
import { assertCan, assertConfirmed } from '../access/can.ts';
import type { Db, Trx } from '../ground/database.ts';
import { Invalid, Refused } from '../ground/errors.ts';
import { changesBetween, record } from '../history/record.ts';
import { keepAnAdministrator } from './administrators.ts';
import { clearAttempts } from './attempts.ts';
import type { Belonging } from './belongings.ts';
import { takePlaces } from './limit.ts';
import { assertFree, asTaken, holderOf } from './taken.ts';
import { holdUser, touched, type User } from './user.ts';

type Belongings = readonly Belonging[];

/** Hides a user and ends its sessions; it can be restored for 30 days (setting), and its username stays reserved. */
export async function deleteUser(db: Db, by: Doer, username: string, belongings: Belongings): Promise<User> {
  return db.transaction(async (trx) => {
    await trx('accountCounter').forUpdate().first();
    const user = await holdUser(trx, username);
    assertDeletable(by, user);
    for (const { end } of belongings) await end?.(trx, user);
    await trx('users')
      .where({ id: user.id })
      .update({ deletedAt: trx.raw('now()'), ...touched(trx) });
    if (user.profile === 'administrator') await keepAnAdministrator(trx);
    await record(trx, by, 'user.deleted', user);
    return user;
  });
}

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
 * Brings a deleted user back in the state it had. Throws Invalid with a word on `email` when its address is another user's by
 * now and no free one is given, and Refused at the account limit or when the days for restoring are over.
 */
export async function restoreUser(db: Db, by: Doer, username: string, newEmail = ''): Promise<User> {
  const restore = async (trx: Trx) => {
    assertCan(by, 'restore user');
    await takePlaces(trx, 1);
    const user = await holdRestorable(trx, username);
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

async function holdRestorable(trx: Trx, username: string): Promise<User> {
  const user = await holdUser(trx, username);
  assertDeleted(user);
  await assertRestorable(trx, user);
  return user;
}

/** Throws Refused when the days in which this deleted user could be restored (a setting) are over. */
export async function assertRestorable(db: Db, user: User): Promise<void> {
  const { rows } = await db.raw(
    'select restore_days, ?::timestamptz < now() - make_interval(days => restore_days) as is_over from settings',
    [user.deletedAt],
  );
  if (rows[0].isOver)
    throw new Refused(`${user.name} was deleted more than ${rows[0].restoreDays} days ago and can only be purged.`);
}

/**
 * Erases a deleted user for good, with the owning role: its row, what belongs to it and every personal word in the history.
 * The acts themselves stay, under the bare number of the account; the username is free again.
 */
export async function purgeUser(owner: Db, by: Doer, username: string, belongings: Belongings): Promise<void> {
  await owner.transaction(async (trx) => {
    const user = await holdUser(trx, username);
    assertDeleted(user);
    assertCan(by, 'purge user', user);
    assertConfirmed(by);
    for (const { erase } of belongings) await erase?.(trx, user);
    await clearAttempts(trx, user.id);
    await trx('historyWords').where({ personId: user.id }).delete();
    await trx('users').where({ id: user.id }).delete();
    await record(trx, by, 'user.purged', { id: user.id, username: '' });
  });
}
