import type { Actor } from '../access/actor.ts';
import { type Act, hasSections } from '../access/acts.ts';
import { can } from '../access/can.ts';
import type { Profile } from '../access/profiles.ts';
import type { State } from '../access/standing.ts';
import { actOf, type Move, movesFrom } from './states.ts';
import { isToActivate } from './user.ts';
import { statesToVerify } from './verifylink.ts';

/** A button for an act upon a user: posted at once, or a link to the page that asks for more. */
export type RowAct = {
  label: string;
  icon: string;
  href: string;
  isDirect: boolean;
  isDangerous?: boolean;
  style?: 'connect' | 'refill';
};

type Subject = {
  id: number;
  username: string;
  profile: Profile;
  state: State;
  isLocked: boolean;
  isExpired: boolean;
  isVerified: boolean;
  isFederated: boolean;
  hasTwoFactor?: boolean;
  lastSignInAt: Date | null;
  deletedAt: Date | null;
};

export type ButtonName =
  | Move
  | 'refill'
  | 'connect'
  | 'disconnect'
  | 'activation-email'
  | 'resend-verification'
  | 'unlock'
  | 'reset-password'
  | 'reset-two-factor'
  | 'delete'
  | 'restore'
  | 'purge';

/** Each act's button, under the last part of its address. */
const buttons: Record<ButtonName, Omit<RowAct, 'href'>> = {
  'activation-email': { label: 'Send Activation Email', icon: 'mail', isDirect: true },
  refill: { label: 'Refill Balance', icon: 'wallet', isDirect: false, style: 'refill' },
  connect: { label: 'Connect', icon: 'plug', isDirect: false, style: 'connect' },
  disconnect: { label: 'Disconnect', icon: 'unplug', isDirect: true, style: 'connect' },
  activate: { label: 'Activate User', icon: 'user-check', isDirect: true },
  approve: { label: 'Approve', icon: 'user-check', isDirect: true },
  reject: { label: 'Reject', icon: 'user-x', isDirect: false },
  flag: { label: 'Flag', icon: 'flag', isDirect: false },
  deactivate: { label: 'Deactivate User', icon: 'user-x', isDirect: true },
  suspend: { label: 'Suspend', icon: 'ban', isDirect: false },
  'resend-verification': { label: 'Resend Verification', icon: 'mail', isDirect: true },
  unlock: { label: 'Unlock', icon: 'lock-open', isDirect: true },
  'reset-password': { label: 'Reset user password', icon: 'key-round', isDirect: false },
  'reset-two-factor': { label: 'Reset two-factor', icon: 'shield-alert', isDirect: false },
  delete: { label: 'Delete', icon: 'trash-2', isDirect: false, isDangerous: true },
  restore: { label: 'Restore', icon: 'rotate-ccw', isDirect: false },
  purge: { label: 'Purge', icon: 'eraser', isDirect: false, isDangerous: true },
};

export const buttonFor = (name: ButtonName, { username }: { username: string }): RowAct => ({
  ...buttons[name],
  href: name === 'disconnect' ? '/disconnect' : `/users/${username}/${name}`,
});

/** What this actor may do to this user in its present state, in the order of the buttons. What may not be is not offered. */
export function rowActs(actor: Actor, user: Subject): RowAct[] {
  const isConnected = actor.connection?.user.id === user.id;
  if (isConnected) return [buttonFor('disconnect', user)];
  const offered = user.deletedAt ? deletedActs : liveActs(user);
  return offered.filter(([, act]) => can(actor, act, user)).map(([name]) => buttonFor(name, user));
}

/** The same in a row's menu, where sending the activation mail is called what it is to whom has been invited or active before. */
export function menuActs(acts: RowAct[], { state, lastSignInAt }: Pick<Subject, 'state' | 'lastSignInAt'>): RowAct[] {
  const isAgain = state === 'STATE_INVITED' || lastSignInAt !== null;
  return acts.map((act) => (isAgain && act.href.endsWith('/activation-email') ? { ...act, label: 'Resend Verification' } : act));
}

type Offer = readonly [name: ButtonName, Act];

function liveActs(user: Subject): Offer[] {
  return [
    ...(isConnectable(user) ? [['connect', 'connect user'] as const] : []),
    ['refill', 'refill balance'] as const,
    ...(user.isLocked ? [['unlock', 'unlock user'] as const] : []),
    ...(isToActivate(user) && !user.isFederated ? [['activation-email', 'send activation email'] as const] : []),
    ...(asksToVerify(user) ? [['resend-verification', 'resend verification'] as const] : []),
    ...movesFrom(user.state).map((move) => [move, actOf(move)] as const),
    ...(user.isFederated ? [] : [['reset-password', 'reset password'] as const]),
    ...(user.hasTwoFactor ? [['reset-two-factor', 'reset two-factor'] as const] : []),
    ['delete', 'delete user'],
  ];
}

const asksToVerify = ({ isVerified, state }: Subject) => !isVerified && statesToVerify.includes(state);

/** The button of a row for connecting, or for disconnecting from whom one is connected to; null where there is neither. */
export function connectAct(actor: Actor, user: Subject): RowAct | null {
  if (actor.connection?.user.id === user.id) return buttonFor('disconnect', user);
  return !user.deletedAt && isConnectable(user) && can(actor, 'connect user', user) ? buttonFor('connect', user) : null;
}

/** Whoever may be connected to; see connection/connect.ts, which decides. */
const isConnectable = ({ profile, state, isLocked, isExpired }: Subject) =>
  hasSections(profile) && (state === 'STATE_APPROVED' || state === 'STATE_FLAGGED') && !isLocked && !isExpired;

const deletedActs: Offer[] = [
  ['restore', 'restore user'],
  ['purge', 'purge user'],
];
