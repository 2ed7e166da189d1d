import type { Actor } from '../access/actor.ts';
import type { Act } from '../access/acts.ts';
import { can } from '../access/can.ts';
import { type InvitationState, stateOf } from './invitation.ts';
import type { Shown } from './list.ts';

/** A button for an act upon an invitation: posted at once, or a link to the page that asks for more. */
export type RowAct = { label: string; icon: string; href: string; isDirect: boolean; isDangerous?: boolean };

/** `isMending`: for what can be done although the invitation cannot be accepted as things are. */
type Button = Omit<RowAct, 'href'> & { act: Act; isMending?: boolean; href(id: number): string };

const at = (act: string) => (id: number) => `/invitations/${id}/${act}`;

const resend: Button = { act: 'resend invitation', label: 'Resend', icon: 'mail', isDirect: true, href: at('resend') };
const copy: Button = { act: 'copy invitation link', label: 'Copy link', icon: 'link', isDirect: true, href: at('copy-link') };
const revoke: Button = {
  act: 'revoke invitation',
  label: 'Revoke',
  icon: 'ban',
  isDirect: false,
  isDangerous: true,
  isMending: true,
  href: at('revoke'),
};
const again: Button = {
  act: 'invite user',
  label: 'Invite again',
  icon: 'user-plus',
  isDirect: false,
  isMending: true,
  href: (id) => `/invitations/new?again=${id}`,
};

const offered: Record<InvitationState, Button[]> = {
  open: [resend, copy, revoke],
  expired: [resend, revoke],
  accepted: [],
  revoked: [again],
};

/** What this actor may do with an invitation as it is, in the order of the buttons. */
export function rowActs(actor: Actor, invitation: Shown): RowAct[] {
  const possible = offered[stateOf(invitation)].filter(({ isMending }) => isMending || !invitation.obstacle);
  const allowed = possible.filter(({ act }) => can(actor, act));
  return allowed.map(({ act: _, isMending: __, href, ...button }) => ({ ...button, href: href(invitation.id) }));
}
