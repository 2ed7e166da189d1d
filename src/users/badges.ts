import { type State, stateNames } from '../access/standing.ts';

/** `href`: where it is explained. */
type Badge = { tone: 'ok' | 'info' | 'warn' | 'bad' | 'off'; text: string; href?: string };

type Shown = {
  username: string;
  state: State;
  isLocked: boolean;
  isVerified: boolean;
  isExpired: boolean;
  isFederated: boolean;
  deletedAt: Date | null;
};

const tones: Record<State, Badge['tone']> = {
  STATE_REQUESTED: 'info',
  STATE_INVITED: 'info',
  STATE_APPROVED: 'ok',
  STATE_INACTIVE: 'off',
  STATE_FLAGGED: 'warn',
  STATE_SUSPENDED: 'bad',
  STATE_REJECTED: 'bad',
};

/** The state of an account and all that stands beside it, each as a badge. */
export function badgesOf(user: Shown): Badge[] {
  const badges: Badge[] = [{ tone: tones[user.state], text: stateNames[user.state] }];
  if (user.isLocked) badges.push({ tone: 'bad', text: 'Locked', href: `/users/${user.username}/sign-in-check#failed` });
  if (!user.isVerified) badges.push({ tone: 'warn', text: 'Unverified' });
  if (user.isExpired) badges.push({ tone: 'bad', text: 'Expired' });
  if (user.isFederated) badges.push({ tone: 'info', text: 'Federated' });
  if (user.deletedAt) badges.push({ tone: 'off', text: 'Deleted' });
  return badges;
}
