import type { Db, Trx } from '../ground/database.ts';
import { Refused } from '../ground/errors.ts';

const administratorsLock = 7_305_003;

/** Able for good: approved or flagged, verified, not locked, with a password of its own, and with no day of expiry to come. */
const able = `profile = 'administrator' and state in ('STATE_APPROVED', 'STATE_FLAGGED') and deleted_at is null
  and email_verified_at is not null and locked_at is null and expires_at is null
  and (identity_source = 'federated' or (password_hash is not null and not must_change_password))`;

/**
 * Called after a change and before its commit: throws Refused when no able administrator would remain.
 * Those who change administrators stand in line here, so of two racing acts the second sees what the first has done.
 */
export async function keepAnAdministrator(trx: Trx): Promise<void> {
  if (await isAnyAble(trx)) return;
  throw new Refused('This is the last administrator who is able to sign in. Make another administrator first.');
}

/** True when somebody other than this user is an able administrator; others who change administrators wait. */
export async function hasOtherAdministrator(trx: Trx, userId: number): Promise<boolean> {
  return isAnyAble(trx, userId);
}

/** Every administrator who could act now, for however long: whom the console writes to when something waits for one. */
export const listAdministrators = (db: Db): Promise<{ id: number; email: string }[]> =>
  db('users')
    .where({ profile: 'administrator', deletedAt: null, lockedAt: null })
    .whereIn('state', ['STATE_APPROVED', 'STATE_FLAGGED'])
    .whereNotNull('emailVerifiedAt')
    .whereRaw('coalesce(expires_at > now(), true)')
    .orderBy('id')
    .select('id', 'email');

async function isAnyAble(trx: Trx, except = 0): Promise<boolean> {
  await trx.raw('select pg_advisory_xact_lock(?)', [administratorsLock]);
  const found = await trx('users').whereRaw(able).whereNot({ id: except }).first('id');
  return found !== undefined;
}
