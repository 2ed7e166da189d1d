import { assertCan } from '../access/can.ts';
import { Refused } from '../ground/errors.ts';
import { endOfDay, isSameDay } from '../ground/fields.ts';
import { changesBetween } from '../history/record.ts';
import type { ManyAct } from './act.ts';
import { letterOfTerms } from './terms.ts';
import { assertLive, updateUsers } from './user.ts';

/** Gives users another day after which they cannot sign in, or none; for one user the form of its edit does it. */
export const expiryAct: ManyAct<{ expiresAt: Date | null }> = {
  act: 'set expiry',
  recordedAs: 'user.expiry-set',
  shape: { expiresAt: endOfDay },
  mayEndAdministrators: true,
  assertPossible: (by, user, { expiresAt }) => {
    assertCan(by, 'set expiry', user);
    assertLive(user);
    if (isSameDay(user.expiresAt, expiresAt))
      throw new Refused(`${user.name} ${expiresAt ? 'expires on that day' : 'never expires'} already.`);
  },
  apply: async (trx, users, { expiresAt }) => {
    await updateUsers(trx, users, { expiresAt });
    return users.map((user) => ({ user, details: { changes: changesBetween(user, { expiresAt }) } }));
  },
  letter: (user, { expiresAt }) => letterOfTerms(user, { ...user, expiresAt }),
};
