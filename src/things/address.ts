import { idOrNull, lineIn } from '../ground/fields.ts';
import type { Cursor } from '../ground/keyset.ts';
import { usernameIn } from '../users/named.ts';
import { addressWith, readSpan } from '../web/pager.ts';
import { readSortBy, type SortBy, sortText } from '../web/sorting.ts';
import { genericKinds } from './kinds.ts';
import type { ThingFilter } from './list.ts';
import { type ThingOrder, thingOrders } from './order.ts';

/** Everything that the address of a list of things says; the address is the view. */
export type ThingView = {
  filter: ThingFilter;
  sort: SortBy<ThingOrder>;
  limit: number;
  after: Cursor | null;
  before: Cursor | null;
};

const usualSort: SortBy<ThingOrder> = { by: 'name', isDescending: false };

/** Reads the query of an address; what in it cannot be understood is as usual. */
export function readThingView({ q, kind, group, owner, sort, ...span }: Record<string, unknown>): ThingView {
  const order = readSortBy(thingOrders, sort, usualSort);
  return {
    filter: {
      q: lineIn(q, 100),
      kind: genericKinds.find((one) => one === kind) ?? null,
      groupId: idOrNull(group),
      owner: usernameIn(owner),
    },
    sort: order,
    ...readSpan(span, thingOrders[order.by]),
  };
}

/** The address of a view with parts of it replaced; what is usual is left out. */
export function thingAddress(path: string, view: ThingView, changes: Partial<ThingView> = {}): string {
  const { filter, sort, ...span } = { ...view, ...changes };
  const { q, kind, groupId, owner } = filter;
  const order = sortText(sort);
  return addressWith(path, { q, kind, group: groupId, owner, sort: order === sortText(usualSort) ? null : order }, span);
}
