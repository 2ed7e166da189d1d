import type { Knex } from 'knex';
import type { Doer } from '../access/actor.ts';
import { byteOrderMark, writeCsv } from '../ground/csv.ts';
import type { Db } from '../ground/database.ts';
import { camel } from '../ground/names.ts';
import { record } from '../history/record.ts';
import type { User } from './user.ts';

/** What an export holds, in the words that an import understands; never a password. */
export const exportColumns = [
  'username',
  'email',
  'email_verified',
  'name',
  'first_name',
  'last_name',
  'organization',
  'phone',
  'user_type',
  'unp',
  'legal_address',
  'postal_address',
  'bank',
  'bank_account',
  'additional_info',
  'preferred_map',
  'description',
  'profile',
  'state',
  'expires_at',
  'registered_at',
] as const;

const batchRows = 1000;

/** Narrows a query of users to those that are wanted. */
export type Narrowing = (query: Knex.QueryBuilder) => unknown;

/**
 * Begins an export of the live users that `narrow` leaves: it is in the history, with their number and the names of the
 * filters, before the first of them is given out. What was searched for is not kept: it may be somebody's name.
 */
export async function exportUsers(db: Db, by: Doer, narrow: Narrowing, filteredBy: string[]): Promise<AsyncGenerator<string>> {
  await db.transaction(async (trx) => {
    const query = trx('users').where({ 'users.deletedAt': null });
    narrow(query);
    const counted = await query.first(trx.raw('count(*) as count'));
    await record(trx, by, 'user.exported', null, { facts: { count: counted.count, filteredBy } });
  });
  return exportedUsers(db, narrow);
}

/** Live users as CSV, a thousand at a time in the order of their registration; the next are read when these are taken. */
export async function* exportedUsers(db: Db, narrow: Narrowing): AsyncGenerator<string> {
  yield byteOrderMark + writeCsv([exportColumns]);
  let last = 0;
  for (;;) {
    const query = db('users').where({ 'users.deletedAt': null }).where('users.id', '>', last);
    narrow(query);
    const users: User[] = await query.orderBy('users.id').limit(batchRows).select('users.*');
    if (users.length === 0) return;
    yield writeCsv(users.map(cellsOf));
    last = users.at(-1)?.id ?? 0;
  }
}

const cellsOf = (user: User): string[] => exportColumns.map((column) => cellOf(user, column));

function cellOf(user: User, column: (typeof exportColumns)[number]): string {
  if (column === 'email_verified') return user.emailVerifiedAt ? 'yes' : 'no';
  if (column === 'expires_at') return user.expiresAt ? dayOrMoment(user.expiresAt) : '';
  if (column === 'registered_at') return user.registeredAt.toISOString();
  return String(user[camel(column) as keyof User]);
}

/** Accounts end with a day as a rule: then the day alone, as forms and spreadsheets have it. */
function dayOrMoment(at: Date): string {
  const text = at.toISOString();
  return text.endsWith('T23:59:59.000Z') ? text.slice(0, 10) : text;
}
