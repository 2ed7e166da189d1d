import type { Column } from '../ground/keyset.ts';
import { readSortBy, type SortBy } from '../web/sorting.ts';

/** The columns by which users can be listed; each expression has its index in the migrations. */
export const orders = {
  name: { heading: 'Name', expression: 'fold(users.name)', type: 'text' },
  username: { heading: 'Username', expression: 'users.username', type: 'text' },
  email: { heading: 'Email', expression: 'lower(users.email collate "C")', type: 'text' },
  phone: { heading: 'Phone', expression: 'users.phone', type: 'text' },
  profile: { heading: 'Profile', expression: 'users.profile', type: 'text' },
  description: { heading: 'Description', expression: 'left(users.description, 60)', type: 'text' },
  state: { heading: 'Status', expression: 'users.state', type: 'text' },
  last: {
    heading: 'Last sign-in',
    expression: `coalesce(users.last_sign_in_at, 'epoch')`,
    type: 'timestamptz',
    startsDescending: true,
  },
  registered: { heading: 'Registered', expression: 'users.registered_at', type: 'timestamptz', startsDescending: true },
  expires: { heading: 'Expires', expression: `coalesce(users.expires_at, 'infinity')`, type: 'timestamptz' },
  balance: { heading: 'Balance', expression: 'users.balance_minor', type: 'bigint' },
  lasts: { heading: 'Balance lasts', expression: `coalesce(users.lasts_until, 'infinity')`, type: 'timestamptz' },
  things: { heading: 'Things', expression: 'users.things', type: 'bigint', startsDescending: true },
  deleted: { heading: 'Deleted', expression: 'users.deleted_at', type: 'timestamptz', startsDescending: true },
} as const satisfies Record<string, Column>;

export type OrderName = keyof typeof orders;
export type Sort = SortBy<OrderName>;

/** Live users have no moment of deletion to be sorted by. */
export function readSort(text: unknown, otherwise: Sort): Sort {
  const sort = readSortBy(orders, text, otherwise);
  return sort.by === 'deleted' ? otherwise : sort;
}
