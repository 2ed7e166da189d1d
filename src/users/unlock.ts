import type { Doer } from '../access/actor.ts';
import { assertCan } from '../access/can.ts';
import type { Db } from '../ground/database.ts';
import { Refused } from '../ground/errors.ts';
import { actUpon, type Done, type ManyAct } from './act.ts';
import { clearAttempts } from './attempts.ts';
import { assertLive, holdUser, idsOf, type User, updateUsers } from './user.ts';

/** Lifts the lock that failed sign-ins have put on users, and forgets the failures. */
export const unlockAct: ManyAct = {
  act: 'unlock user',
  recordedAs: 'user.unlocked',
  shape: {},
  assertPossible: (by, user) => {
    assertUnlockable(by, user);
    if (!user.lockedAt) throw new Refused(`${user.name} is not locked.`);
  },
  apply: async (trx, users) => {
    await clearAttempts(trx, idsOf(users));
    await updateUsers(trx, users, { lockedAt: null });
    return users.map((user) => ({ user, details: { changes: { lockedAt: [user.lockedAt, null] } } }));
  },
  letter: () => ({ kind: 'unlocked' }),
};

/** Lifts the lock of one user. Who is not locked has only the failures forgotten: unlocking twice is as once. */
export async function unlockUser(db: Db, by: Doer, username: string): Promise<Done> {
  return db.transaction(async (trx) => {
    const user = await holdUser(trx, username);
    if (user.lockedAt) return actUpon(trx, by, unlockAct, username, {});
    assertUnlockable(by, user);
    await clearAttempts(trx, user.id);
    return { user, historyId: null };
  });
}

function assertUnlockable(by: Doer, user: User): void {
  assertCan(by, 'unlock user', user);
  assertLive(user);
}
