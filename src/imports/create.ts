import type { Doer } from '../access/actor.ts';
import type { Trx } from '../ground/database.ts';
import { type Changes, recordAll } from '../history/record.ts';
import { sendActivations } from '../users/activation.ts';
import { takePlaces } from '../users/limit.ts';
import type { ImportFields } from './fields.ts';
import type { Import } from './import.ts';
import { type Finding, keepVerdicts, refuseTaken } from './judge.ts';

/** The import that makes them. */
export type Made = Pick<Import, 'id' | 'mailsActivation'>;

/** A row that is to become an account. */
export type ReadyRow = Finding & { fields: Partial<ImportFields> & { username: string; email: string } };

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

/**
 * What the row said stands in the account and its history now; in the import its name is enough. `ids` holds the number of each
 * account under its line. A join with them would do the same, but whatever Postgres believes to know of an import that has just
 * come in, it could join by reading all of it for each chunk: lines are found along the index.
 */
const insertUsers = `
  with born as (
    insert into users (id, ${Object.keys(texts).join(', ')}, email_verified_at, expires_at) overriding system value
    select (:ids::jsonb ->> line::text)::bigint, ${Object.values(texts)
      .map((key) => `coalesce(fields ->> '${key}', '')`)
      .join(', ')},
      case when (fields ->> 'emailVerified')::boolean then now() end, (fields ->> 'expiresAt')::timestamptz
    from import_rows where import_id = :importId and line = any(:lines::integer[]) order by line
  )
  update import_rows set verdict = 'created', problem = '', user_id = (:ids::jsonb ->> line::text)::bigint, cells = '[]',
    fields = jsonb_build_object('username', fields -> 'username')
  where import_id = :importId and line = any(:lines::integer[])`;

/** What Postgres says of a value that it cannot take, whatever our own rules have let through. */
const isAboutData = (error: unknown) => /^(22|23|54)/.test((error as { code?: string }).code ?? '');

/**
 * Makes accounts of rows, with a history row each. A row whose username or address was taken in the meantime gets that verdict;
 * one that the database refuses for another reason is found by halving, so that it cannot hold up the others.
 */
export async function createUsers(trx: Trx, by: Doer, imported: Made, rows: ReadyRow[]): Promise<void> {
  try {
    await trx.transaction((inner) => createAll(inner, by, imported, rows));
  } catch (error) {
    if (!isAboutData(error)) throw error;
    if (rows.length === 1) return refuseLast(trx, imported.id, rows);
    const middle = Math.ceil(rows.length / 2);
    await createUsers(trx, by, imported, rows.slice(0, middle));
    await createUsers(trx, by, imported, rows.slice(middle));
  }
}

/** The row that was refused by itself: somebody was faster just now, or it is beyond us. */
async function refuseLast(trx: Trx, importId: number, rows: ReadyRow[]): Promise<void> {
  await refuseTaken(trx, rows);
  const unkeepable = { verdict: 'invalid_value', problem: 'The database cannot keep one of these values.' } as const;
  await keepVerdicts(
    trx,
    importId,
    rows.map((row) => (row.verdict ? row : { ...row, ...unkeepable })),
  );
}

/** The accounts come last, with their history written: the counter, for which other acts wait, is held for them alone. */
async function createAll(trx: Trx, by: Doer, { id: importId, mailsActivation }: Made, rows: ReadyRow[]): Promise<void> {
  await refuseTaken(trx, rows);
  const [refused, free] = [rows.filter(({ verdict }) => verdict), rows.filter(({ verdict }) => !verdict)];
  if (refused.length > 0) await keepVerdicts(trx, importId, refused);
  if (free.length === 0) return;
  const ids = await drawIds(trx, free.length);
  const acts = free.map((row, index) => happened(row, ids[index] as number, importId));
  await recordAll(trx, by, 'user.imported', acts);
  await takePlaces(trx, free.length);
  const lines = free.map(({ line }) => line);
  const idOf = Object.fromEntries(lines.map((line, index) => [line, ids[index]]));
  await trx.raw(insertUsers, { importId, lines, ids: JSON.stringify(idOf) });
  if (mailsActivation) await sendActivations(trx, free.map(personOf(ids)).filter(isInvited));
}

const isInvited = ({ state }: { state?: string }) => state === 'STATE_INVITED';

/** Whoever a row has become, with no password of its own. */
const personOf =
  (ids: number[]) =>
  ({ fields: { username, email, state } }: ReadyRow, index: number) => ({
    id: ids[index] as number,
    username,
    email,
    state,
    passwordHash: null,
    mustChangePassword: false,
  });

async function drawIds(trx: Trx, count: number): Promise<number[]> {
  const { rows } = await trx.raw(`select nextval('users_id_seq') as id from generate_series(1, ?::integer)`, [count]);
  return rows.map(({ id }: { id: number }) => id);
}

function happened({ line, fields: { username, ...rest } }: ReadyRow, id: number, importId: number) {
  const changes: Changes = Object.fromEntries(Object.entries(rest).map(([name, value]) => [name, [null, value]]));
  return { user: { id, username }, details: { changes, facts: { importId, line } } };
}
