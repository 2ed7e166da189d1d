import type { Doer } from '../access/actor.ts';
import { readCsv } from '../ground/csv.ts';
import type { Db, Trx } from '../ground/database.ts';
import { Invalid } from '../ground/errors.ts';
import { readPlaces } from '../users/limit.ts';
import { type Columns, guessColumns, isComplete } from './columns.ts';
import { forgetClaims, judge, type Quota } from './judge.ts';
import type { Judged, Row } from './row.ts';

export const mostRows = 200_000;
const mostColumns = 100;
const batch = { rows: 1000, letters: 1_000_000 };
/** An upload may be slow; one that brings no batch for so long was broken off with its process. */
const readingLease = `now() + interval '10 minutes'`;

export type Source = { filename: string; bytes: AsyncIterable<Buffer> };

/**
 * Takes in a CSV file as an import, with a verdict for each row, and returns its id. It is read as it comes and never held
 * whole. Throws Invalid when it is no such file, is empty or too long; then, and when it breaks off, nothing is kept.
 */
export async function takeIn(db: Db, by: Doer, { filename, bytes }: Source): Promise<number> {
  const rows = readCsv(bytes);
  const headings = readHeadings((await rows.next()).value);
  const columns = guessColumns(headings);
  const id = await begin(db, by, { filename, headings, columns });
  try {
    const total = await pour(db, id, numbered(rows), columns);
    if (total === 0) throw new Invalid({ '': 'The file has headings but no rows below them.' });
    await db.transaction(async (trx) => {
      await forgetClaims(trx, id);
      await trx('imports').where({ id }).update({ state: 'ready', total, leaseUntil: null });
    });
    return id;
  } catch (error) {
    await discard(db, id);
    throw error;
  }
}

/** Removes an import with all its rows. */
export async function discard(db: Db, id: number): Promise<void> {
  await db.transaction(async (trx) => {
    await forgetClaims(trx, id);
    await trx('imports').where({ id }).delete();
  });
}

/** No limit is a quota that never ends. */
export async function openQuota(db: Db): Promise<Quota> {
  const { limit, used } = await readPlaces(db);
  return { free: limit === 0 ? Number.POSITIVE_INFINITY : limit - used };
}

function readHeadings(headings: string[] | undefined): string[] {
  if (!headings || headings.every((heading) => heading.trim() === ''))
    throw new Invalid({ '': 'The file is empty, or its first line is.' });
  if (headings.length === 1)
    throw new Invalid({ '': 'Only one column was found. Separate the columns with commas, semicolons or tabs.' });
  if (headings.length > mostColumns)
    throw new Invalid({ '': `The file has ${headings.length} columns; ${mostColumns} at most, please.` });
  return headings;
}

async function begin(db: Db, by: Doer, file: { filename: string; headings: string[]; columns: Columns }): Promise<number> {
  const row = { ...file, headings: JSON.stringify(file.headings), columns: JSON.stringify(file.columns) };
  const [made] = await db('imports')
    .insert({ ...row, madeBy: by.id, leaseUntil: db.raw(readingLease) })
    .returning('id');
  return made.id;
}

/** Rows as spreadsheets count them; empty ones count but are left out. */
async function* numbered(rows: AsyncIterable<string[]>): AsyncGenerator<Row> {
  let line = 1;
  for await (const cells of rows) {
    line += 1;
    if (cells.some((cell) => cell.trim() !== '')) yield { line, cells };
  }
}

async function pour(db: Db, id: number, rows: AsyncIterable<Row>, columns: Columns): Promise<number> {
  const quota = await openQuota(db);
  let total = 0;
  for await (const some of batches(rows)) {
    total += some.length;
    if (total > mostRows)
      throw new Invalid({
        '': `More than ${mostRows.toLocaleString('en')} rows. Split the file and upload the parts one after the other.`,
      });
    await db.transaction(async (trx) => {
      const judged = isComplete(columns) ? await judge(trx, id, some, columns, quota) : some.map(unjudged);
      await insertRows(trx, id, judged);
      await trx('imports')
        .where({ id })
        .update({ leaseUntil: trx.raw(readingLease) });
    });
  }
  return total;
}

const unjudged = (row: Row): Judged => ({ ...row, fields: null, verdict: null, problem: '' });

async function* batches(rows: AsyncIterable<Row>): AsyncGenerator<Row[]> {
  let some: Row[] = [];
  let letters = 0;
  for await (const row of rows) {
    some.push(row);
    letters += row.cells.reduce((sum, cell) => sum + cell.length, 0);
    if (some.length < batch.rows && letters < batch.letters) continue;
    yield some;
    some = [];
    letters = 0;
  }
  if (some.length > 0) yield some;
}

async function insertRows(trx: Trx, importId: number, rows: Judged[]): Promise<void> {
  await trx.raw(
    `insert into import_rows (import_id, line, cells, fields, verdict, problem)
     select ?::bigint, line, cells, nullif(fields, 'null'), verdict, problem
     from jsonb_to_recordset(?::jsonb) as rows (line integer, cells jsonb, fields jsonb, verdict text, problem text)`,
    [importId, JSON.stringify(rows)],
  );
}
