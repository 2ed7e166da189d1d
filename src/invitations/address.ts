import type { Cursor } from '../ground/keyset.ts';
import { addressWith, readSpan } from '../web/pager.ts';
import { readSortBy, sortText } from '../web/sorting.ts';
import { states } from './invitation.ts';
import { orders, type Sort, usualSort } from './order.ts';

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
export function readView({ q, state, sort, ...span }: Record<string, unknown>): View {
  const order = readSortBy(orders, sort, usualSort);
  return {
    q: typeof q === 'string' ? q.replaceAll('\0', ' ').trim().slice(0, longestSearch) : '',
    state: filterStates.find((one) => one === state) ?? '',
    sort: order,
    ...readSpan(span, orders[order.by]),
  };
}

/** The address of a view, with what is usual left out; `changes` replace parts of it. */
export function addressOf(view: View, changes: Partial<View> = {}): string {
  const { q, state, sort, ...span } = { ...view, ...changes };
  const order = sortText(sort);
  return addressWith('/invitations', { q, state, sort: order === sortText(usualSort) ? null : order }, span);
}
