import { assertCan, assertConfirmed } from '../access/can.ts';
import { type Profile, profileNames, profiles } from '../access/profiles.ts';
import { Refused } from '../ground/errors.ts';
import { oneOf } from '../ground/fields.ts';
import { changesBetween } from '../history/record.ts';
import type { ManyAct } from './act.ts';
import { holdsGroups, leaveGroups } from './groups.ts';
import { letterOfTerms } from './terms.ts';
import { assertLive, updateUsers } from './user.ts';

/** Gives users another profile, and takes them out of their groups when it holds none; for one user the form of its edit does it. */
export const profileAct: ManyAct<{ profile: Profile }> = {
  act: 'set profile',
  recordedAs: 'user.profile-set',
  shape: { profile: oneOf(profiles, 'Choose a profile.') },
  mayEndAdministrators: true,
  needsProof: ({ profile }) => profile === 'administrator',
  assertPossible: (by, user, { profile }) => {
    assertCan(by, 'set profile', user);
    assertLive(user);
    if (user.profile === profile) throw new Refused(`${user.name} has the profile ${profileNames[profile]} already.`);
    if (profile === 'administrator') assertConfirmed(by);
  },
  apply: async (trx, users, { profile }) => {
    await updateUsers(trx, users, { profile });
    if (holdsGroups(profile)) return users.map((user) => ({ user, details: { changes: changesBetween(user, { profile }) } }));
    await leaveGroups(trx, users);
    return users.map((user) => ({ user, details: { changes: changesBetween(user, { profile, groups: '' }) } }));
  },
  letter: (user, { profile }) => letterOfTerms(user, { ...user, profile }),
};
