import type { Db } from '../ground/database.ts';
import type { Judged } from './row.ts';
import type { Verdict } from './verdicts.ts';

/** What is found of a row, its cells aside. */
export type Finding = Omit<Judged, 'cells'>;

/** How many places are left for the rows still to come. */
export type Quota = { free: number };

/**
 * Gives each good row of a batch its verdict, in the order of the file: against the accounts there are, against the rows before
 * it (the first has the username and the address), and against the places left, which it counts down.
 */
export async function judge(db: Db, importId: number, rows: Judged[], quota: Quota): Promise<void> {
  await refuseTaken(db, rows);
  await refuseRepeated(db, importId, rows);
  for (const row of undecided(rows)) decide(row, quota);
}

/** Forgets which rows were first, when all are judged or before they are judged anew. */
export const forgetClaims = (db: Db, importId: number) => db('importClaims').where({ importId }).delete();

/** Keeps what was found of these rows, by their lines. */
export async function keepVerdicts(db: Db, importId: number, rows: Finding[]): Promise<void> {
  const found = rows.map(({ line, fields, verdict, problem }) => ({ line, fields, verdict, problem }));
  await db.raw(
    `update import_rows set fields = nullif(judged.fields, 'null'), verdict = judged.verdict, problem = judged.problem
     from jsonb_to_recordset(?::jsonb) as judged (line integer, fields jsonb, verdict text, problem text)
     where import_id = ? and import_rows.line = any(?) and import_rows.line = judged.line`,
    [JSON.stringify(found), importId, found.map(({ line }) => line)],
  );
}

const undecided = (rows: Finding[]) => rows.filter(({ verdict }) => verdict === null);

const candidates = (rows: Finding[]) =>
  undecided(rows).map((row) => ({ row, username: String(row.fields?.username), email: String(row.fields?.email).toLowerCase() }));

/** Refuses the rows whose username or address some account has by now. */
export async function refuseTaken(db: Db, rows: Finding[]): Promise<void> {
  const asked = candidates(rows);
  const byUsername = await holdersOfUsernames(
    db,
    asked.map(({ username }) => username),
  );
  const byEmail = await holdersOfEmails(
    db,
    asked.map(({ email }) => email),
  );
  for (const { row, username, email } of asked) {
    const holder = byUsername.get(username);
    if (holder)
      refuse(
        row,
        'duplicate_username',
        holder.deletedAt ? 'A deleted user holds this username.' : 'A user with this username exists already.',
      );
    else if (byEmail.has(email)) refuse(row, 'duplicate_email', `The user ${byEmail.get(email)} has this address.`);
  }
}

async function holdersOfUsernames(db: Db, usernames: string[]): Promise<Map<string, { deletedAt: Date | null }>> {
  const found = await db('users').whereRaw('username = any(?)', [usernames]).select('username', 'deletedAt');
  return new Map(found.map((user) => [user.username, user]));
}

async function holdersOfEmails(db: Db, emails: string[]): Promise<Map<string, string>> {
  const key = 'lower(email collate "C")';
  const found = await db('users').whereRaw(`${key} = any(?)`, [emails]).where({ deletedAt: null }).select('username', 'email');
  return new Map(found.map((user) => [user.email.toLowerCase(), user.username]));
}

/** A claim is made row by row in one statement: a row that finds its username or its address claimed claims neither. */
async function refuseRepeated(db: Db, importId: number, rows: Finding[]): Promise<void> {
  const asked = candidates(rows);
  const values = [asked.map(({ row }) => row.line), asked.map(({ username }) => username), asked.map(({ email }) => email)];
  const { rows: claimed } = await db.raw(
    `insert into import_claims (import_id, line, username, email)
     select ?::bigint, asked.* from unnest(?::integer[], ?::text[], ?::text[]) as asked (line, username, email) order by line
     on conflict do nothing returning line`,
    [importId, ...values],
  );
  const first = new Set(claimed.map(({ line }: { line: number }) => line));
  await explain(
    db,
    importId,
    asked.filter(({ row }) => !first.has(row.line)),
  );
}

async function explain(db: Db, importId: number, repeated: ReturnType<typeof candidates>): Promise<void> {
  if (repeated.length === 0) return;
  const claims = await db('importClaims')
    .where({ importId })
    .whereRaw('(username = any(?) or email = any(?))', [
      repeated.map(({ username }) => username),
      repeated.map(({ email }) => email),
    ])
    .select('line', 'username', 'email');
  const byUsername = new Map(claims.map(({ username, line }) => [username, line]));
  const byEmail = new Map(claims.map(({ email, line }) => [email, line]));
  for (const { row, username, email } of repeated) {
    const line = byUsername.get(username);
    if (line) refuse(row, 'duplicate_username', `Row ${line} of this file has the same username.`);
    else refuse(row, 'duplicate_email', `Row ${byEmail.get(email)} of this file has the same address.`);
  }
}

function decide(row: Finding, quota: Quota): void {
  if (quota.free <= 0) refuse(row, 'over_limit', 'All accounts of this console will be in use.');
  else if (row.fields?.profile === 'administrator') refuse(row, 'needs_confirmation', 'Makes an administrator.');
  else row.verdict = 'ready';
  quota.free -= 1;
}

function refuse(row: Finding, verdict: Verdict, problem: string): void {
  row.verdict = verdict;
  row.problem = problem;
}
