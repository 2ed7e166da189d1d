import type { Cursor, Page } from '../ground/keyset.ts';

/** Rows of a page that a list may have. */
export const pageSizes = [25, 50, 100] as const;

/** The size that an address asks for, or the usual one. */
export const sizeOf = (asked: unknown, usual: number): number => pageSizes.find((size) => String(size) === asked) ?? usual;

/** What a pager's links change of the address of its list. */
export type Turn = { after?: Cursor | null; before?: Cursor | null; limit?: number };

/** The same list from its beginning. */
export const fromStart = { after: null, before: null };

type Keyed = { sortKey: string; id: number };
type Paged = { to: (turn: Turn) => string; limit: number; noun: [one: string, many: string] };

/** The pager below a list that is read by `readPage`, none below an empty one: `to` gives the address of the list with a turn of the page. */
export function pagerOf({ rows, hasNext, hasPrevious }: Page<Keyed>, { to, limit, noun }: Paged) {
  const cursorOf = (row: Keyed | undefined) => (row ? { key: row.sortKey, id: row.id } : null);
  const turn = (change: Turn) => to({ ...fromStart, ...change });
  const isEmpty = rows.length === 0 && !hasNext && !hasPrevious;
  return {
    first: hasPrevious ? turn({}) : null,
    previous: hasPrevious ? turn({ before: cursorOf(rows[0]) }) : null,
    next: hasNext ? turn({ after: cursorOf(rows.at(-1)) }) : null,
    sizes: isEmpty ? [] : pageSizes.map((size) => ({ size, href: turn({ limit: size }), current: size === limit })),
    text: isEmpty ? '' : rows.length === 1 ? `1 ${noun[0]} on this page` : `${rows.length} ${noun[1]} on this page`,
  };
}
