import { type InvitationState, stateOf } from './invitation.ts';
import type { Shown } from './list.ts';
import { obstacles } from './obstacles.ts';

type Badge = { tone: 'ok' | 'info' | 'warn' | 'bad' | 'off'; text: string };

export const stateBadges: Record<InvitationState, Badge> = {
  open: { tone: 'info', text: 'Open' },
  expired: { tone: 'warn', text: 'Expired' },
  accepted: { tone: 'ok', text: 'Accepted' },
  revoked: { tone: 'off', text: 'Revoked' },
};

/** What has become of an invitation and all that stands beside it, each as a badge. */
export function badgesOf(invitation: Shown): Badge[] {
  const state = stateOf(invitation);
  const badges = [stateBadges[state]];
  if (invitation.obstacle) badges.push({ tone: 'bad', text: 'Cannot be accepted' });
  else if (state === 'open' && invitation.mailState === 'failed') badges.push({ tone: 'bad', text: 'Mail failed' });
  else if (state === 'open' && isUnmailed(invitation)) badges.push({ tone: 'warn', text: 'Not mailed' });
  return badges;
}

/** Written while no mail went out, or held back before it was sent. */
const isUnmailed = ({ mailState }: Shown) => mailState === 'unsent' || mailState === 'dropped';

/** The sentences behind the badges: what stands in the way, or what the mail server said. */
export function notesOf(invitation: Shown): string[] {
  if (invitation.obstacle) return [obstacles[invitation.obstacle].shown];
  const isFailed = stateOf(invitation) === 'open' && invitation.mailState === 'failed';
  return isFailed ? [invitation.serverWords || 'The mail could not be delivered.'] : [];
}
