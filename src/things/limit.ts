import type { Doer } from '../access/actor.ts';
import { can } from '../access/can.ts';
import type { Db } from '../ground/database.ts';
import { forgiveAttempt, limitAttempts, ofAccountKey } from '../users/attempts.ts';
import { userNamedOrNull } from '../users/named.ts';

/** Enough for a fleet, too little to bury somebody under notifications, or to find out who has an account. */
export const mostGiven = 60;

/**
 * Counts that somebody shares something or gives it away, also in vain. Throws TryLater beyond sixty times within an hour; not for
 * administrators, who see all users anyway.
 */
export async function limitGiving(db: Db, by: Doer): Promise<void> {
  if (by.id === null || can(by, 'see users')) return;
  const says = `You have shared things or given them away ${mostGiven} times within an hour.`;
  await limitAttempts(db, ofAccountKey('giving', by.id), { most: mostGiven, minutes: 60, says });
}

/** So many slips of the pen nobody makes in an hour. */
export const mostMisnamed = 60;

/**
 * Counts that somebody who does not see users names one that is not there as an owner. Throws TryLater beyond sixty times within an
 * hour, before it is said whether there is one: else it would be found out by trying.
 */
export async function limitNaming(db: Db, by: Doer, owner: string): Promise<void> {
  if (by.id === null || can(by, 'see users')) return;
  const key = ofAccountKey('naming', by.id);
  await limitAttempts(db, key, {
    most: mostMisnamed,
    minutes: 60,
    says: `You have named owners that are not there ${mostMisnamed} times within an hour.`,
  });
  if (await userNamedOrNull(db, owner)) await forgiveAttempt(db, key);
}
