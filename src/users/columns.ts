import type { Actor } from '../access/actor.ts';
import { profileNames } from '../access/profiles.ts';
import type { Db } from '../ground/database.ts';
import { userTypeNames } from './fields.ts';
import type { Line } from './list.ts';
import { type OrderName, orders } from './order.ts';

/** A column of the list: the field that it shows and how; with `sort`, the list can be ordered by it. */
export type Column = {
  heading: string;
  field: keyof Line;
  kind: 'text' | 'email' | 'name' | 'badges' | 'time' | 'money' | 'figure';
  sort?: OrderName;
  style?: string;
  /** The words for what the field holds. */
  names?: Record<string, string>;
  /** What stands there without a moment. */
  empty?: string;
};

const sorted = (sort: OrderName) => ({ heading: orders[sort].heading, sort });

/** What the list can show beside the name, which always stands first; in this order. */
export const columns = {
  username: { ...sorted('username'), field: 'username', kind: 'text' },
  email: { ...sorted('email'), field: 'email', kind: 'email', style: 'mail' },
  phone: { ...sorted('phone'), field: 'phone', kind: 'text', style: 'phone' },
  organization: { heading: 'Organization', field: 'organization', kind: 'text' },
  type: { heading: 'User type', field: 'userType', kind: 'name', names: userTypeNames },
  unp: { heading: 'UNP', field: 'unp', kind: 'text', style: 'nowrap' },
  profile: { ...sorted('profile'), field: 'profile', kind: 'name', names: profileNames },
  description: { ...sorted('description'), field: 'description', kind: 'text', style: 'description' },
  state: { ...sorted('state'), field: 'state', kind: 'badges' },
  things: { ...sorted('things'), field: 'things', kind: 'figure', style: 'num' },
  balance: { ...sorted('balance'), field: 'balanceMinor', kind: 'money', style: 'num' },
  lasts: { ...sorted('lasts'), field: 'lastsUntil', kind: 'time', empty: '–' },
  last: { ...sorted('last'), field: 'lastSignInAt', kind: 'time', empty: 'never' },
  registered: { ...sorted('registered'), field: 'registeredAt', kind: 'time' },
  expires: { ...sorted('expires'), field: 'expiresAt', kind: 'time', empty: 'never' },
} as const satisfies Record<string, Column>;

export type ColumnName = keyof typeof columns;
export const columnNames = Object.keys(columns) as ColumnName[];

const usual: readonly ColumnName[] = [
  'username',
  'email',
  'phone',
  'profile',
  'description',
  'state',
  'things',
  'balance',
  'last',
  'registered',
];

/** The columns that somebody has chosen, else the usual ones; a column that is no more is left out. */
export const shownColumns = (chosen: readonly string[] | null): ColumnName[] =>
  columnNames.filter((name) => (chosen ?? usual).includes(name));

/** Remembers with the account which columns its lists show, so that they follow to other browsers; null for the usual ones. */
export async function chooseColumns(db: Db, actor: Actor, chosen: ColumnName[] | null): Promise<void> {
  await db('users').where({ id: actor.id }).update({ listColumns: chosen });
}
