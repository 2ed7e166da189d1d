import type { Doer } from '../access/actor.ts';
import type { Trx } from '../ground/database.ts';
import { type Changes, recordAll } from '../history/record.ts';
import type { ImportFields } from './fields.ts';
import type { Verdict } from './verdicts.ts';

/** A row that is to become an account. */
export type ReadyRow = { line: number; fields: Partial<ImportFields> & { username: string; email: string } };

/** Plain columns of an account, each with its name in the kept fields; those left out there are empty. */
const texts = {
  username: 'username',
  email: 'email',
  name: 'name',
  first_name: 'firstName',
  last_name: 'lastName',
  organization: 'organization',
  phone: 'phone',
  user_type: 'userType',
  unp: 'unp',
  legal_address: 'legalAddress',
  postal_address: 'postalAddress',
  bank: 'bank',
  bank_account: 'bankAccount',
  additional_info: 'additionalInfo',
  preferred_map: 'preferredMap',
  description: 'description',
  profile: 'profile',
  state: 'state',
};

const insertUsers = `
  insert into users (${Object.keys(texts).join(', ')}, email_verified_at, expires_at)
  select ${Object.values(texts)
    .map((key) => `coalesce(fields ->> '${key}', '')`)
    .join(', ')},
    case when (fields ->> 'emailVerified')::boolean then now() end, (fields ->> 'expiresAt')::timestamptz
  from import_rows where import_id = ? and line = any(?) order by line
  on conflict do nothing returning id, username`;

const sliceRows = 250;

/** What Postgres says of a value that it cannot take, whatever our own rules have let through. */
const isAboutData = (error: unknown) => /^(22|23|54)/.test((error as { code?: string }).code ?? '');

/**
 * Makes accounts of rows, with a history row each. A row whose username or address was taken in the meantime gets that verdict;
 * one that the database refuses for another reason is found by halving, so that it cannot hold up the others.
 */
export async function createUsers(trx: Trx, by: Doer, importId: number, rows: ReadyRow[]): Promise<void> {
  try {
    await trx.transaction((inner) => insertAll(inner, by, importId, rows));
  } catch (error) {
    if (!isAboutData(error)) throw error;
    if (rows.length === 1) return refuse(trx, importId, rows, 'invalid_value', 'The database cannot keep one of these values.');
    const middle = Math.ceil(rows.length / 2);
    await createUsers(trx, by, importId, rows.slice(0, middle));
    await createUsers(trx, by, importId, rows.slice(middle));
  }
}

async function insertAll(trx: Trx, by: Doer, importId: number, rows: ReadyRow[]): Promise<void> {
  const { rows: users } = await trx.raw(insertUsers, [importId, rows.map(({ line }) => line)]);
  const ids = new Map<string, number>(users.map((user: { id: number; username: string }) => [user.username, user.id]));
  const created = rows.filter(({ fields }) => ids.has(fields.username));
  await markCreated(trx, importId, created, ids);
  for (const some of slices(created))
    await recordAll(
      trx,
      by,
      'user.imported',
      some.map((row) => happened(row, ids, importId)),
    );
  await refuseOutrun(
    trx,
    importId,
    rows.filter(({ fields }) => !ids.has(fields.username)),
  );
}

/** What the row said stands in the account and its history now; here its name is enough. */
async function markCreated(trx: Trx, importId: number, created: ReadyRow[], ids: Map<string, number>): Promise<void> {
  await trx.raw(
    `update import_rows set verdict = 'created', problem = '', user_id = made.id, cells = '[]', fields = jsonb_build_object('username', made.username)
     from unnest(?::integer[], ?::bigint[], ?::text[]) as made (line, id, username)
     where import_id = ? and import_rows.line = made.line`,
    [
      created.map(({ line }) => line),
      created.map(({ fields }) => ids.get(fields.username) as number),
      created.map(({ fields }) => fields.username),
      importId,
    ],
  );
}

/** Describing acts is our own work, not the database's: in pieces, so that other requests come in between. */
function slices(rows: ReadyRow[]): ReadyRow[][] {
  return Array.from({ length: Math.ceil(rows.length / sliceRows) }, (_, index) =>
    rows.slice(index * sliceRows, (index + 1) * sliceRows),
  );
}

function happened({ line, fields }: ReadyRow, ids: Map<string, number>, importId: number) {
  const { username, ...rest } = fields;
  const changes: Changes = Object.fromEntries(Object.entries(rest).map(([name, value]) => [name, [null, value]]));
  return { user: { id: ids.get(username) as number, username }, details: { changes, facts: { importId, line } } };
}

/** Somebody was faster since the verdicts were found. */
async function refuseOutrun(trx: Trx, importId: number, rows: ReadyRow[]): Promise<void> {
  if (rows.length === 0) return;
  const taken = new Set(
    await trx('users')
      .whereRaw('username = any(?)', [rows.map(({ fields }) => fields.username)])
      .pluck('username'),
  );
  const isNamesake = ({ fields }: ReadyRow) => taken.has(fields.username);
  await refuse(trx, importId, rows.filter(isNamesake), 'duplicate_username', 'The username was taken while the import ran.');
  await refuse(
    trx,
    importId,
    rows.filter((row) => !isNamesake(row)),
    'duplicate_email',
    'The address was taken while the import ran.',
  );
}

async function refuse(trx: Trx, importId: number, rows: ReadyRow[], verdict: Verdict, problem: string): Promise<void> {
  if (rows.length > 0)
    await trx('importRows')
      .where({ importId })
      .whereIn(
        'line',
        rows.map(({ line }) => line),
      )
      .update({ verdict, problem });
}
