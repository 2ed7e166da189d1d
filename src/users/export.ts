import type { Knex } from 'knex';
import type { Doer } from '../access/actor.ts';
import { ahead, byteOrderMark, writeCsv } from '../ground/csv.ts';
import type { Db } from '../ground/database.ts';
import { record } from '../history/record.ts';

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

/** Live users as CSV, a thousand at a time in the order of their registration; no more are read than are taken, and one piece. */
export async function* exportedUsers(db: Db, narrow: Narrowing): AsyncGenerator<string> {
  yield byteOrderMark + writeCsv([exportColumns]);
  for await (const users of ahead(batches(db, narrow))) yield writeCsv(users.map(cellsOf));
}

/** A user's values in the order of the columns, moments as ISO text. */
type Values = (string | null)[];

/** A batch comes as one value: to make an object of each user takes several times as long as to read them. */
async function* batches(db: Db, narrow: Narrowing): AsyncGenerator<Values[]> {
  for (let last = 0; ; ) {
    const query = db('users').where({ 'users.deletedAt': null }).where('users.id', '>', last);
    narrow(query);
    const batch = query
      .orderBy('users.id')
      .limit(batchRows)
      .select('users.id', db.raw(`json_build_array(${values}) as cells`));
    const found = await db.from(batch.as('batch')).first(db.raw('max(id) as last, json_agg(cells order by id) as users'));
    if (found.last === null) return;
    yield found.users;
    last = found.last;
  }
}

const values = exportColumns
  .map((column) => (column === 'email_verified' ? 'email_verified_at' : column))
  .map((name) => `users.${name}`)
  .join(', ');

const cellsOf = (user: Values): string[] => exportColumns.map((column, index) => cellOf(column, user[index] ?? null));

function cellOf(column: (typeof exportColumns)[number], value: string | null): string {
  if (column === 'email_verified') return value ? 'yes' : 'no';
  if (value === null) return '';
  if (column === 'expires_at') return dayOrMoment(new Date(value));
  if (column === 'registered_at') return new Date(value).toISOString();
  return value;
}

/** Accounts end with a day as a rule: then the day alone, as forms and spreadsheets have it. */
function dayOrMoment(at: Date): string {
  const text = at.toISOString();
  return text.endsWith('T23:59:59.000Z') ? text.slice(0, 10) : text;
}
