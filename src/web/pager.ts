import { type Cursor, type Order, type Page, readCursor, writeCursor } from '../ground/keyset.ts';

/** Rows of a page that a list may have. */
export const pageSizes = [25, 50, 100] as const;

/** The size that an address asks for, or the usual one. */
export const sizeOf = (asked: unknown, usual: number): number => pageSizes.find((size) => String(size) === asked) ?? usual;

/** Rows of a page unless its address says otherwise. */
export const usualSize = pageSizes[0];

type Query = Record<string, unknown>;

/** Where in a list an address stands; what cannot be understood is its beginning. */
export const readCursors = ({ after, before }: Query, order: Pick<Order, 'type'>) => ({
  after: after ? readCursor(after, order) : null,
  before: before ? readCursor(before, order) : null,
});

/** The same with how many rows the page has, for a list that lets its reader choose. */
export const readSpan = (query: Query, order: Pick<Order, 'type'>) => ({
  limit: sizeOf(query.limit, usualSize),
  ...readCursors(query, order),
});

/** What a pager's links change of the address of its list. */
export type Turn = { after?: Cursor | null; before?: Cursor | null; limit?: number };

/** The address of a list with what narrows and sorts it, turned to a page; what is empty or usual is left out. */
export function addressWith(
  path: string,
  named: Record<string, string | number | null | undefined>,
  { limit = usualSize, after, before }: Turn,
): string {
  const parts = new URLSearchParams();
  for (const [name, value] of Object.entries(named)) if (value) parts.set(name, String(value));
  if (limit !== usualSize) parts.set('limit', String(limit));
  if (after) parts.set('after', writeCursor(after));
  if (before) parts.set('before', writeCursor(before));
  return parts.size > 0 ? `${path}?${parts}` : path;
}

/** The same list from its beginning. */
export const fromStart = { after: null, before: null };

type Keyed = { sortKey: string; id: number };
type Paged = { to: (turn: Turn) => string; limit?: number; noun?: [one: string, many: string] };

/**
 * The pager below a list that is read by `readPage`, none below an empty one: `to` gives the address of the list with a turn of the page.
 * Without `limit` nobody chooses the length of the page, without `noun` it is not said how many rows it has.
 */
export function pagerOf({ rows, hasNext, hasPrevious }: Page<Keyed>, { to, limit, noun }: Paged) {
  const cursorOf = (row: Keyed | undefined) => (row ? { key: row.sortKey, id: row.id } : null);
  const turn = (change: Turn) => to({ ...fromStart, ...change });
  const isEmpty = rows.length === 0 && !hasNext && !hasPrevious;
  return {
    first: hasPrevious ? turn({}) : null,
    previous: hasPrevious ? turn({ before: cursorOf(rows[0]) }) : null,
    next: hasNext ? turn({ after: cursorOf(rows.at(-1)) }) : null,
    sizes: isEmpty || !limit ? [] : pageSizes.map((size) => ({ size, href: turn({ limit: size }), current: size === limit })),
    text: isEmpty || !noun ? '' : rows.length === 1 ? `1 ${noun[0]} on this page` : `${rows.length} ${noun[1]} on this page`,
  };
}
