import type { Doer } from '../access/actor.ts';
import { can } from '../access/can.ts';
import type { Db } from '../ground/database.ts';
import { limitAttempts, ofAccountKey } from '../users/attempts.ts';

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
