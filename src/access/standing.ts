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

/** What each state leaves of an account that nothing else stands against. */
const standingIn: Record<State, Standing> = {
  STATE_REQUESTED: 'restricted',
  STATE_INVITED: 'none',
  STATE_APPROVED: 'full',
  STATE_INACTIVE: 'none',
  STATE_FLAGGED: 'full',
  STATE_SUSPENDED: 'restricted',
  STATE_REJECTED: 'restricted',
};

/** All that decides on a standing, each with what it leaves of it: whoever must explain a standing asks one after the other. */
export const standingBy = {
  deletion: ({ isDeleted }) => (isDeleted ? 'none' : 'full'),
  expiry: ({ isExpired }) => (isExpired ? 'none' : 'full'),
  state: ({ state }) => standingIn[state],
  address: ({ isVerified }) => (isVerified ? 'full' : 'restricted'),
} satisfies Record<string, (account: Account) => Standing>;

export function standingOf(account: Account): Standing {
  const all = Object.values(standingBy).map((by) => by(account));
  if (all.includes('none')) return 'none';
  return all.every((one) => one === 'full') ? 'full' : 'restricted';
}
