import type { Db } from '../ground/database.ts';

type Order = { heading: string; expression: string; type: 'text' | 'timestamptz' | 'bigint'; startsDescending?: true };

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
  deleted: { heading: 'Deleted', expression: 'users.deleted_at', type: 'timestamptz', startsDescending: true },
} as const satisfies Record<string, Order>;

export type OrderName = keyof typeof orders;
export type Sort = { by: OrderName; isDescending: boolean };

/** Reads `name` or `-name`; anything else is `otherwise`. Live users have no moment of deletion to be sorted by. */
export function readSort(text: unknown, otherwise: Sort): Sort {
  const name = String(text ?? '').replace(/^-/, '');
  return Object.hasOwn(orders, name) && name !== 'deleted'
    ? { by: name as OrderName, isDescending: String(text).startsWith('-') }
    : otherwise;
}

export const sortText = ({ by, isDescending }: Sort) => (isDescending ? `-${by}` : by);

/** A place in a list: the key of a row and its id, as they stand in the address. */
export type Cursor = { key: string; id: number };

export const writeCursor = ({ key, id }: Cursor) => Buffer.from(JSON.stringify([key, id])).toString('base64url');

/** What the key of a column of each type looks like. */
const keys = { text: /^[^\0]*$/, bigint: /^-?\d{1,18}$/, timestamptz: /^(infinity|\d{4,6}-\d\d-\d\d \d\d:\d\d:\d\d[\d.+:-]*)$/ };

/** Reads a cursor of this order; what is none (an old link, a typed one) is null: the list begins at its beginning. */
export function readCursor(text: unknown, { by }: Pick<Sort, 'by'>): Cursor | null {
  try {
    const [key, id] = JSON.parse(Buffer.from(String(text), 'base64url').toString('utf8'));
    return typeof key === 'string' && keys[orders[by].type].test(key) && Number.isSafeInteger(id) ? { key, id } : null;
  } catch {
    return null;
  }
}

/** The order's key as text, which its cursor carries exactly (times to the microsecond). */
export const keyColumn = (db: Db, { by }: Sort) => db.raw(`(${orders[by].expression})::text as sort_key`);

/** What lies beyond a cursor in the direction of reading: one comparison of the index's own columns. */
export function beyond({ by }: Sort, cursor: Cursor, isDescending: boolean): { sql: string; bindings: (string | number)[] } {
  const { expression, type } = orders[by];
  return { sql: `(${expression}, users.id) ${isDescending ? '<' : '>'} (?::${type}, ?)`, bindings: [cursor.key, cursor.id] };
}
