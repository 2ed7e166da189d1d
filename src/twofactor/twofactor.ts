import type { Db, Trx } from '../ground/database.ts';
import { Refused } from '../ground/errors.ts';
import { readSettings } from '../settings/settings.ts';
import type { User } from '../users/user.ts';

/** What stands between the right password of an account and the console. */
export type SecondFactor = {
  /** Since when a second step follows the password; null when none does. */
  since: Date | null;
  /** Since when an authenticator app is set up; null when none is. */
  appSince: Date | null;
  passkeys: number;
  /** Recovery codes that have not been used. */
  codesLeft: number;
};

/** What a user has set up as second factor, at this moment. */
export async function readSecondFactor(db: Db, userId: number): Promise<SecondFactor> {
  const { rows } = await db.raw(
    `select u.two_factor_since as since, a.added_at as app_since,
       (select count(*) from passkeys p where p.user_id = u.id) as passkeys,
       (select count(*) from recovery_codes c where c.user_id = u.id and c.used_at is null) as codes_left
     from users u left join authenticators a on a.user_id = u.id where u.id = ?`,
    [userId],
  );
  return rows[0];
}

/** Called after an app or a passkey came or went, the account being held: keeps since when there is one, and says that. */
export async function settleTwoFactor(trx: Trx, userId: number): Promise<Date | null> {
  const { rows } = await trx.raw(
    `update users set two_factor_since = case
       when exists (select from authenticators where user_id = users.id) or exists (select from passkeys where user_id = users.id)
       then coalesce(two_factor_since, now()) end
     where id = ? returning two_factor_since`,
    [userId],
  );
  const since: Date | null = rows[0].twoFactorSince;
  if (!since) await trx('recoveryCodes').where({ userId }).delete();
  return since;
}

/** Called when the own last second factor has gone, before its commit: throws Refused where this console requires one. */
export async function assertMayBeWithout(trx: Trx, user: User): Promise<void> {
  const { twoFactorForAdministrators } = await readSettings(trx);
  if (user.profile !== 'administrator' || twoFactorForAdministrators === 'optional') return;
  throw new Refused('Administrators of this console need a second factor. Set up another one first.');
}
