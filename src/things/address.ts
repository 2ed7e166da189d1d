import { idOrNull, lineIn } from '../ground/fields.ts';
import type { Cursor } from '../ground/keyset.ts';
import { usernameIn } from '../users/named.ts';
import { addressWith, readSpan } from '../web/pager.ts';
import { genericKinds } from './kinds.ts';
import type { ThingFilter } from './list.ts';
import { type ThingOrder, thingOrders } from './order.ts';

/** Everything that the address of a list of things says; the address is the view. */
export type ThingView = {
  filter: ThingFilter;
  sort: { by: ThingOrder; isDescending: boolean };
  limit: number;
  after: Cursor | null;
  before: Cursor | null;
};

const usualSort = { by: 'name', isDescending: false } as const;

/** Reads the query of an address; what in it cannot be understood is as usual. */
export function readThingView({ q, kind, group, owner, sort, ...span }: Record<string, unknown>): ThingView {
  const by = String(sort ?? '').replace(/^-/, '');
  const order = Object.hasOwn(thingOrders, by) ? { by: by as ThingOrder, isDescending: String(sort).startsWith('-') } : usualSort;
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
  const order = `${sort.isDescending ? '-' : ''}${sort.by}`;
  return addressWith(path, { q, kind, group: groupId, owner, sort: order === usualSort.by ? null : order }, span);
}
