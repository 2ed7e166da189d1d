import type { Column } from '../ground/keyset.ts';
import type { SortBy } from '../web/sorting.ts';

/** The columns by which invitations can be listed; each expression has its index in migrations/015. */
export const orders = {
  email: { heading: 'Email', expression: 'lower(invitations.email collate "C")', type: 'text' },
  profile: { heading: 'Profile', expression: 'invitations.profile', type: 'text' },
  sent: { heading: 'Sent', expression: 'invitations.sent_at', type: 'timestamptz', startsDescending: true },
  expires: { heading: 'Link expires', expression: 'invitations.link_expires_at', type: 'timestamptz' },
} as const satisfies Record<string, Column>;

export type OrderName = keyof typeof orders;
export type Sort = SortBy<OrderName>;

export const usualSort: Sort = { by: 'sent', isDescending: true };
