import { idOrNull } from '../ground/fields.ts';
import { type Cursor, writeCursor } from '../ground/keyset.ts';
import { readSpan, usualSize } from '../web/pager.ts';
import { sortText } from '../web/sorting.ts';
import { readFilter, type UserFilter } from './filter.ts';
import { orders, readSort, type Sort } from './order.ts';

/**
 * Everything that the address of a list says; the address is the view. `savedView` is the one that it began as, `selection` holds
 * what is ticked on other pages.
 */
export type View = {
  filter: UserFilter;
  sort: Sort;
  limit: number;
  after: Cursor | null;
  before: Cursor | null;
  open: string;
  savedView: number | null;
  selection: number | null;
};

export const usualSort: Sort = { by: 'registered', isDescending: true };

/** Reads the query of an address; what in it cannot be understood is as usual. */
export function readView({ sort, limit, after, before, open, view, selection, ...query }: Record<string, unknown>): View {
  const order = readSort(sort, usualSort);
  return {
    filter: readFilter(query),
    sort: order,
    ...readSpan({ limit, after, before }, orders[order.by]),
    open: typeof open === 'string' ? open : '',
    savedView: view ? idOrNull(view) : null,
    selection: selection ? idOrNull(selection) : null,
  };
}

/** Reads a query that is kept as text. */
export const readQuery = (query: string): View => readView(Object.fromEntries(new URLSearchParams(query)));

/** The address of a view, with what is usual left out; `changes` replace parts of it. */
export function addressOf(view: View, changes: Partial<View> = {}, path = '/users'): string {
  const { filter, sort, limit, after, before, open, savedView, selection } = { ...view, ...changes };
  const parts = new URLSearchParams();
  for (const [name, value] of Object.entries(filter)) if (value) parts.set(name, value);
  if (sortText(sort) !== sortText(usualSort)) parts.set('sort', sortText(sort));
  if (limit !== usualSize) parts.set('limit', String(limit));
  if (savedView) parts.set('view', String(savedView));
  if (after) parts.set('after', writeCursor(after));
  if (before) parts.set('before', writeCursor(before));
  if (open) parts.set('open', open);
  if (selection) parts.set('selection', String(selection));
  return parts.size > 0 ? `${path}?${parts}` : path;
}

/** The address of a view with one row open, for each row: a username needs no encoding. */
export function addressesOfOpen(view: View): (username: string) => string {
  const closed = addressOf(view, { open: '' });
  return (username) => (username === view.open ? closed : `${closed}${closed.includes('?') ? '&' : '?'}open=${username}`);
}

/** The same list from its beginning. */
export const fromStart = { after: null, before: null, open: '' };

/** What a saved view keeps of a view: its filters, its order and its length, as the query of an address. */
export const queryOf = (view: View): string =>
  addressOf(view, { ...fromStart, savedView: null, selection: null }, '').replace(/^\?/, '');
