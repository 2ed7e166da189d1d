import type { Knex } from 'knex';
import type { Db } from './database.ts';

/** What a list is ordered by: an expression that has its index together with the row's id, and its type. */
export type Order = { expression: string; type: 'text' | 'timestamptz' | 'bigint' };

/** An order with the head of its column; `startsDescending` where the greatest is mostly wanted first. */
export type Column = Order & { heading: string; startsDescending?: true };

/** A place in a list: the key of a row and its id, as they stand in the address. */
export type Cursor = { key: string; id: number };

export const writeCursor = ({ key, id }: Cursor) => Buffer.from(JSON.stringify([key, id])).toString('base64url');

/** What the key of a column of each type looks like. */
const keys = { text: /^[^\0]*$/, bigint: /^-?\d{1,18}$/, timestamptz: /^(infinity|\d{4,6}-\d\d-\d\d \d\d:\d\d:\d\d[\d.+:-]*)$/ };

/** Reads a cursor of such an order; what is none (an old link, a typed one) is null: the list begins at its beginning. */
export function readCursor(text: unknown, { type }: Pick<Order, 'type'>): Cursor | null {
  try {
    const [key, id] = JSON.parse(Buffer.from(String(text), 'base64url').toString('utf8'));
    return typeof key === 'string' && keys[type].test(key) && Number.isSafeInteger(id) ? { key, id } : null;
  } catch {
    return null;
  }
}

export type Span = {
  order: Order;
  isDescending: boolean;
  /** The column of the row's id, such as `users.id`: it stands behind the expression in the index. */
  id: string;
  limit: number;
  after?: Cursor | null | undefined;
  before?: Cursor | null | undefined;
};

/** A page of a list; each row brings the key from which its cursor is made. */
export type Page<Row> = { rows: Row[]; hasNext: boolean; hasPrevious: boolean };

/**
 * Reads one page along an index, from where the last one ended: page 10,000 costs what page 1 costs. The key goes with each row as
 * `sortKey`, as text, so that a cursor carries it exactly (times to the microsecond).
 */
export async function readPage<Row>(
  db: Db,
  query: Knex.QueryBuilder,
  { order, isDescending, id, limit, after, before }: Span,
  columns: readonly (string | Knex.Raw)[],
): Promise<Page<Row>> {
  const isBackward = Boolean(before && !after);
  const isFalling = isDescending !== isBackward;
  const cursor = after ?? before;
  const sign = isFalling ? '<' : '>';
  if (cursor) query.whereRaw(`(${order.expression}, ${id}) ${sign} (?::${order.type}, ?)`, [cursor.key, cursor.id]);
  const direction = isFalling ? 'desc' : 'asc';
  const found = (await query
    .orderByRaw(`${order.expression} ${direction}, ${id} ${direction}`)
    .limit(limit + 1)
    .select([...columns, db.raw(`(${order.expression})::text as sort_key`)])) as Row[];
  const rows = isBackward ? found.slice(0, limit).reverse() : found.slice(0, limit);
  const hasMore = found.length > limit;
  return { rows, hasNext: isBackward || hasMore, hasPrevious: isBackward ? hasMore : Boolean(after) };
}
