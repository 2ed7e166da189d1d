import { type Cursor, readCursor, writeCursor } from '../ground/keyset.ts';
import { sizeOf } from '../web/pager.ts';
import { states } from './invitation.ts';
import { orders, readSort, type Sort, sortText, usualSort } from './order.ts';

const usualLimit = 25;
export const longestSearch = 200;

/** What the list can be narrowed to: what has become of invitations, or those whose mail could not be delivered. */
export const filterStates = [...states, 'failed'] as const;
export type FilterState = (typeof filterStates)[number];

/** Everything that the address of the list says. */
export type View = {
  q: string;
  state: FilterState | '';
  sort: Sort;
  limit: number;
  after: Cursor | null;
  before: Cursor | null;
};

/** Reads the query of an address; what in it cannot be understood is as usual. */
export function readView({ q, state, sort, limit, after, before }: Record<string, unknown>): View {
  const order = readSort(sort);
  return {
    q: typeof q === 'string' ? q.replaceAll('\0', ' ').trim().slice(0, longestSearch) : '',
    state: filterStates.find((one) => one === state) ?? '',
    sort: order,
    limit: sizeOf(limit, usualLimit),
    after: after ? readCursor(after, orders[order.by]) : null,
    before: before ? readCursor(before, orders[order.by]) : null,
  };
}

/** The address of a view, with what is usual left out; `changes` replace parts of it. */
export function addressOf(view: View, changes: Partial<View> = {}): string {
  const { q, state, sort, limit, after, before } = { ...view, ...changes };
  const parts = new URLSearchParams();
  if (q) parts.set('q', q);
  if (state) parts.set('state', state);
  if (sortText(sort) !== sortText(usualSort)) parts.set('sort', sortText(sort));
  if (limit !== usualLimit) parts.set('limit', String(limit));
  if (after) parts.set('after', writeCursor(after));
  if (before) parts.set('before', writeCursor(before));
  return parts.size > 0 ? `/invitations?${parts}` : '/invitations';
}
