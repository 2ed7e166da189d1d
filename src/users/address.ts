import type { UserFilter } from './filter.ts';
import { type Cursor, type Sort, sortText, writeCursor } from './order.ts';

/** Everything that the address of a list says; the address is the view. `selection` is what is ticked on other pages. */
export type View = {
  filter: UserFilter;
  sort: Sort;
  limit: number;
  after: Cursor | null;
  before: Cursor | null;
  open: string;
  selection: number | null;
};

export const usualSort: Sort = { by: 'registered', isDescending: true };
export const usualLimit = 25;

/** The address of a view, with what is usual left out; `changes` replace parts of it. */
export function addressOf(view: View, changes: Partial<View> = {}, path = '/users'): string {
  const { filter, sort, limit, after, before, open, selection } = { ...view, ...changes };
  const parts = new URLSearchParams();
  for (const [name, value] of Object.entries(filter)) if (value) parts.set(name, value);
  if (sortText(sort) !== sortText(usualSort)) parts.set('sort', sortText(sort));
  if (limit !== usualLimit) parts.set('limit', String(limit));
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
