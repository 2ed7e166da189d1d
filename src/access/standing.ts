import type { Profile } from './profiles.ts';

export const states = [
  'STATE_REQUESTED',
  'STATE_INVITED',
  'STATE_APPROVED',
  'STATE_INACTIVE',
  'STATE_FLAGGED',
  'STATE_SUSPENDED',
  'STATE_REJECTED',
] as const;
export type State = (typeof states)[number];

export const stateNames: Record<State, string> = {
  STATE_REQUESTED: 'Requested',
  STATE_INVITED: 'Invited',
  STATE_APPROVED: 'Active',
  STATE_INACTIVE: 'Inactive',
  STATE_FLAGGED: 'Flagged',
  STATE_SUSPENDED: 'Suspended',
  STATE_REJECTED: 'Rejected',
};

/** What of an account decides on its standing. `isExpired` is the database clock's word. */
export type Account = {
  id: number;
  username: string;
  profile: Profile;
  state: State;
  isVerified: boolean;
  isExpired: boolean;
  isDeleted: boolean;
};

/**
 * How far a signed-in user gets: *full*; *restricted* to the own profile, the reason and sign out; *none*.
 * Being locked does not end what is under way: it only lets nothing new in.
 */
export type Standing = 'full' | 'restricted' | 'none';

export function standingOf(account: Account): Standing {
  if (account.isDeleted || account.isExpired) return 'none';
  if (account.state === 'STATE_INVITED' || account.state === 'STATE_INACTIVE') return 'none';
  const isAble = account.state === 'STATE_APPROVED' || account.state === 'STATE_FLAGGED';
  return isAble && account.isVerified ? 'full' : 'restricted';
}
