import type { Actor } from '../access/actor.ts';
import type { Act } from '../access/acts.ts';
import { can } from '../access/can.ts';
import type { State } from '../access/standing.ts';
import { actOf, type Move, movesFrom } from './states.ts';

/** A button for an act upon a user: posted at once, or a link to the page that asks for more. */
export type RowAct = { label: string; icon: string; href: string; isDirect: boolean; isDangerous?: boolean };

type Subject = { id: number; username: string; state: State; isLocked: boolean; isFederated: boolean; deletedAt: Date | null };

const moveButtons: Record<Move, Omit<RowAct, 'href'>> = {
  activate: { label: 'Activate User', icon: 'user-check', isDirect: true },
  approve: { label: 'Approve', icon: 'user-check', isDirect: true },
  reject: { label: 'Reject', icon: 'user-x', isDirect: false },
  flag: { label: 'Flag', icon: 'flag', isDirect: false },
  deactivate: { label: 'Deactivate User', icon: 'user-x', isDirect: true },
  suspend: { label: 'Suspend', icon: 'ban', isDirect: false },
};

/** What this actor may do to this user in its present state, in the order of the buttons. What may not be is not offered. */
export function rowActs(actor: Actor, user: Subject): RowAct[] {
  const offered = user.deletedAt ? deletedActs(user) : liveActs(user);
  return offered.filter(({ act }) => can(actor, act, user)).map(({ act: _, ...button }) => button);
}

type Offer = RowAct & { act: Act };

function liveActs(user: Subject): Offer[] {
  const to = (name: string) => `/users/${user.username}/${name}`;
  const moves: Offer[] = movesFrom(user.state).map((move) => ({ ...moveButtons[move], href: to(move), act: actOf(move) }));
  const unlock: Offer = { label: 'Unlock', icon: 'lock-open', href: to('unlock'), isDirect: true, act: 'unlock user' };
  const reset: Offer = {
    label: 'Reset user password',
    icon: 'key-round',
    href: to('reset-password'),
    isDirect: false,
    act: 'reset password',
  };
  return [
    ...(user.isLocked ? [unlock] : []),
    ...moves,
    ...(user.isFederated ? [] : [reset]),
    { label: 'Delete', icon: 'trash-2', href: to('delete'), isDirect: false, isDangerous: true, act: 'delete user' },
  ];
}

function deletedActs(user: Subject): Offer[] {
  const to = (name: string) => `/users/${user.username}/${name}`;
  return [
    { label: 'Restore', icon: 'rotate-ccw', href: to('restore'), isDirect: false, act: 'restore user' },
    { label: 'Purge', icon: 'eraser', href: to('purge'), isDirect: false, isDangerous: true, act: 'purge user' },
  ];
}
