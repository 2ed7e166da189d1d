import type { Knex } from 'knex';
import type { Profile } from '../access/profiles.ts';
import type { State } from '../access/standing.ts';
import type { Db } from '../ground/database.ts';
import { type Cursor, type Page, readPage } from '../ground/keyset.ts';
import { countedAtOnce } from '../ground/search.ts';
import { type ColumnName, columns } from './columns.ts';
import { applyFilter, type UserFilter } from './filter.ts';
import { type Places, placesColumn, readPlaces } from './limit.ts';
import { orders, type Sort } from './order.ts';
import { type Common, commonAmong, noneCommon } from './rarity.ts';
import type { User } from './user.ts';

/** One line of the list. */
export type Line = {
  id: number;
  username: string;
  name: string;
  email: string;
  phone: string;
  profile: Profile;
  description: string;
  state: State;
  stateReason: string;
  isLocked: boolean;
  isVerified: boolean;
  isExpired: boolean;
  isFederated: boolean;
  lastSignInAt: Date | null;
  registeredAt: Date;
  deletedAt: Date | null;
  /** These only when their columns are asked for. */
  organization?: string;
  userType?: User['userType'];
  unp?: string;
  things?: number;
  balanceMinor?: number;
  expiresAt?: Date | null;
  lastsUntil?: Date | null;
  sortKey: string;
  places: Places;
};

export type ListRequest = {
  filter: UserFilter;
  /** What is known already of those who match. */
  matches?: Matches;
  sort: Sort;
  limit: number;
  after?: Cursor | null;
  before?: Cursor | null;
  /** Columns beside the usual ones whose fields are needed. */
  columns?: readonly ColumnName[];
};
export type List = { lines: Line[]; hasNext: boolean; hasPrevious: boolean; places: Places; problems: Record<string, string> };

/** One page of live users, read along an index from where the last page ended: page 10,000 costs what page 1 costs. */
export async function listUsers(db: Db, request: ListRequest): Promise<List> {
  const { few, common } = request.matches ?? unknown;
  const query = db('users').where({ deletedAt: null });
  const problems = applyFilter(few ? db.queryBuilder() : query, request.filter, common);
  // Those few are at hand: along the order of the list they might all stand at its end.
  if (few) query.whereRaw('users.id = any(?)', [few]);
  return { ...(await readLines(db, query, request)), problems };
}

/** One page of deleted users, the latest first. */
export async function listDeleted(db: Db, request: Omit<ListRequest, 'filter' | 'sort'>): Promise<Omit<List, 'problems'>> {
  return readLines(db, db('users').whereNotNull('deletedAt'), { ...request, sort: { by: 'deleted', isDescending: true } });
}

async function readLines(
  db: Db,
  query: Knex.QueryBuilder,
  { sort, columns = [], ...span }: Omit<ListRequest, 'filter'>,
): Promise<Omit<List, 'problems'>> {
  const order = { ...span, order: orders[sort.by], isDescending: sort.isDescending, id: 'users.id' };
  const { rows, ...page }: Page<Line> = await readPage(db, query, order, fieldsOf(db, columns));
  return { lines: rows, ...page, places: rows[0]?.places ?? (await readPlaces(db)) };
}

const always = [
  'username',
  'name',
  'email',
  'phone',
  'profile',
  'description',
  'state',
  'stateReason',
  'lastSignInAt',
  'registeredAt',
  'deletedAt',
];

const fieldsOf = (db: Db, names: readonly ColumnName[]) => [
  'users.id',
  ...new Set([...always, ...names.map((name) => columns[name].field)]),
  db.raw('locked_at is not null as is_locked'),
  db.raw('email_verified_at is not null as is_verified'),
  db.raw('coalesce(expires_at <= now(), false) as is_expired'),
  db.raw(`identity_source = 'federated' as is_federated`),
  placesColumn(db),
];

/** Who matches a filter: the ids of all when they are a thousand at most, else null for “more”; and which pieces of text are common. */
export type Matches = { few: number[] | null; common: Common };

const unknown: Matches = { few: null, common: noneCommon };

/** Looks for the first thousand live users that match, in any order: their number is the total, and their list needs no other search. */
export async function findMatches(db: Db, filter: UserFilter): Promise<Matches> {
  const common = await commonAmong(db, filter);
  const some = db('users')
    .where({ deletedAt: null })
    .limit(countedAtOnce + 1)
    .select('users.id');
  applyFilter(some, filter, common);
  const row = await db.from(some.as('some')).first(db.raw(`coalesce(json_agg(id), '[]') as ids`));
  const few: number[] = row?.ids;
  return { few: few.length > countedAtOnce ? null : few, common };
}

/** How many live users match: exact up to 1,000, else null for “more than 1,000”. */
export async function countAtOnce(db: Db, filter: UserFilter): Promise<number | null> {
  const { few } = await findMatches(db, filter);
  return few?.length ?? null;
}

/** The exact total, however long it takes within the limits of a request. */
export async function countExactly(db: Db, filter: UserFilter): Promise<number> {
  const all = db('users').where({ deletedAt: null });
  applyFilter(all, filter);
  const row = await all.count({ count: '*' }).first();
  return Number(row?.count);
}
