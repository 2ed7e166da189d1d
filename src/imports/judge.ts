import type { Trx } from '../ground/database.ts';
import type { Columns } from './columns.ts';
import { type Judged, type Row, readRow } from './row.ts';
import type { Verdict } from './verdicts.ts';

/** How many places are left for the rows still to come. */
export type Quota = { free: number };

/**
 * Gives each row of a batch its verdict, in the order of the file: by itself, against the accounts there are, against the rows
 * before it (the first good one has the username and the address), and against the places left, which it counts down.
 */
export async function judge(trx: Trx, importId: number, rows: Row[], columns: Columns, quota: Quota): Promise<Judged[]> {
  const judged = rows.map((row) => readRow(row, columns));
  await refuseTaken(trx, judged);
  await refuseRepeated(trx, importId, judged);
  for (const row of undecided(judged)) decide(row, quota);
  return judged;
}

/** Forgets which rows were first, when all are judged or before they are judged anew. */
export const forgetClaims = (trx: Trx, importId: number) => trx('importClaims').where({ importId }).delete();

const undecided = (rows: Judged[]) => rows.filter(({ verdict }) => verdict === null);

const candidates = (rows: Judged[]) =>
  undecided(rows).map((row) => ({ row, username: String(row.fields?.username), email: String(row.fields?.email).toLowerCase() }));

async function refuseTaken(trx: Trx, rows: Judged[]): Promise<void> {
  const asked = candidates(rows);
  const byUsername = await holdersOfUsernames(
    trx,
    asked.map(({ username }) => username),
  );
  const byEmail = await holdersOfEmails(
    trx,
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

async function holdersOfUsernames(trx: Trx, usernames: string[]): Promise<Map<string, { deletedAt: Date | null }>> {
  const found = await trx('users').whereRaw('username = any(?)', [usernames]).select('username', 'deletedAt');
  return new Map(found.map((user) => [user.username, user]));
}

async function holdersOfEmails(trx: Trx, emails: string[]): Promise<Map<string, string>> {
  const key = 'lower(email collate "C")';
  const found = await trx('users').whereRaw(`${key} = any(?)`, [emails]).where({ deletedAt: null }).select('username', 'email');
  return new Map(found.map((user) => [user.email.toLowerCase(), user.username]));
}

/** A claim is made row by row in one statement: a row that finds its username or its address claimed claims neither. */
async function refuseRepeated(trx: Trx, importId: number, rows: Judged[]): Promise<void> {
  const asked = candidates(rows);
  const values = [asked.map(({ row }) => row.line), asked.map(({ username }) => username), asked.map(({ email }) => email)];
  const { rows: claimed } = await trx.raw(
    `insert into import_claims (import_id, line, username, email)
     select ?::bigint, asked.* from unnest(?::integer[], ?::text[], ?::text[]) as asked (line, username, email) order by line
     on conflict do nothing returning line`,
    [importId, ...values],
  );
  const first = new Set(claimed.map(({ line }: { line: number }) => line));
  await explain(
    trx,
    importId,
    asked.filter(({ row }) => !first.has(row.line)),
  );
}

async function explain(trx: Trx, importId: number, repeated: ReturnType<typeof candidates>): Promise<void> {
  if (repeated.length === 0) return;
  const claims = await trx('importClaims')
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

function decide(row: Judged, quota: Quota): void {
  if (quota.free <= 0) refuse(row, 'over_limit', 'All accounts of this console will be in use.');
  else if (row.fields?.profile === 'administrator') refuse(row, 'needs_confirmation', 'Makes an administrator.');
  else row.verdict = 'ready';
  quota.free -= 1;
}

function refuse(row: Judged, verdict: Verdict, problem: string): void {
  row.verdict = verdict;
  row.problem = problem;
}
