import type { Order } from '../ground/keyset.ts';

type Column = Order & { heading: string; startsDescending?: true };

/** The columns by which invitations can be listed; each expression has its index in migrations/015. */
export const orders = {
  email: { heading: 'Email', expression: 'lower(invitations.email collate "C")', type: 'text' },
  profile: { heading: 'Profile', expression: 'invitations.profile', type: 'text' },
  sent: { heading: 'Sent', expression: 'invitations.sent_at', type: 'timestamptz', startsDescending: true },
  expires: { heading: 'Link expires', expression: 'invitations.link_expires_at', type: 'timestamptz' },
} as const satisfies Record<string, Column>;

export type OrderName = keyof typeof orders;
export type Sort = { by: OrderName; isDescending: boolean };

export const usualSort: Sort = { by: 'sent', isDescending: true };

/** Reads `email` or `-email`; anything else is as usual. */
export function readSort(text: unknown): Sort {
  const name = String(text ?? '').replace(/^-/, '');
  return Object.hasOwn(orders, name) ? { by: name as OrderName, isDescending: String(text).startsWith('-') } : usualSort;
}

export const sortText = ({ by, isDescending }: Sort) => (isDescending ? `-${by}` : by);
