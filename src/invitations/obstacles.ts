import { standingOf } from '../access/standing.ts';
import type { Db } from '../ground/database.ts';
import { Refused } from '../ground/errors.ts';
import { holdersOf } from '../users/taken.ts';
import { accountOf, type User, userColumns } from '../users/user.ts';
import type { Invitation } from './invitation.ts';

/** What stands against accepting an invitation whatever its link says, in words for administrators and for who is invited. */
export const obstacles = {
  account: {
    shown: 'A user has this address by now.',
    told: 'There is an account with this address already. Sign in instead.',
  },
  over: {
    shown: 'The day on which the account was to end is over. Revoke it and invite again.',
    told: 'The day on which this account was to end is over. Ask whoever invited you for another invitation.',
  },
  maker: {
    shown: 'It makes an administrator, and whoever made it is no active administrator any more. Revoke it and invite again.',
    told: 'Whoever invited you can no longer give these rights. Ask an administrator for another invitation.',
  },
} as const;

export type Obstacle = keyof typeof obstacles;

/** What stands against each of these invitations, by number; what can be accepted is not in it. */
export async function obstaclesTo(db: Db, invitations: Invitation[]): Promise<Map<number, Obstacle>> {
  if (invitations.length === 0) return new Map();
  const holders = await holdersOf(
    db,
    invitations.map(({ email }) => email),
  );
  const makers = await ableMakers(db, invitations);
  const against = ({ email, isAccountOver, profile, invitedBy }: Invitation): Obstacle | null => {
    if (holders.has(email.toLowerCase())) return 'account';
    if (isAccountOver) return 'over';
    return profile === 'administrator' && !makers.has(invitedBy) ? 'maker' : null;
  };
  const found = invitations.map((invitation) => [invitation.id, against(invitation)] as const);
  return new Map(found.filter((one): one is [number, Obstacle] => one[1] !== null));
}

/** Throws Refused, in words for who is invited, when something stands against accepting this. */
export async function assertAcceptable(db: Db, invitation: Invitation): Promise<void> {
  const obstacle = (await obstaclesTo(db, [invitation])).get(invitation.id);
  if (obstacle) throw new Refused(obstacles[obstacle].told);
}

/** Invitations stay when their makers go; but only who is an administrator makes administrators. */
async function ableMakers(db: Db, invitations: Invitation[]): Promise<Set<number | null>> {
  const asked = invitations.filter(({ profile }) => profile === 'administrator').flatMap(({ invitedBy }) => invitedBy ?? []);
  if (asked.length === 0) return new Set();
  const makers: User[] = await db('users').whereRaw('id = any(?)', [asked]).select(userColumns(db));
  const able = makers.filter((user) => user.profile === 'administrator' && standingOf(accountOf(user)) === 'full');
  return new Set(able.map(({ id }) => id));
}
