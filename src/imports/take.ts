import { setImmediate } from 'node:timers/promises';
import type { Doer } from '../access/actor.ts';
import { ahead, readCsv } from '../ground/csv.ts';
import type { Db, Trx } from '../ground/database.ts';
import { Invalid } from '../ground/errors.ts';
import { readPlaces } from '../users/limit.ts';
import { type Columns, guessColumns, isComplete } from './columns.ts';
import { forgetClaims, judge, type Quota } from './judge.ts';
import { type Judged, type Row, rowReader } from './row.ts';

export const mostRows = 200_000;
const mostColumns = 100;
const batch = { rows: 1000, letters: 1_000_000 };
/** So many rows are read in one breath; then others have their turn: requests, and the database's answers. */
const breathRows = 100;
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
    const total = await pour(db, id, judgedAlone(rows, columns), columns);
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

/** Rows as spreadsheets count them; empty ones count but are left out. Each is read by itself, once the columns are known. */
async function* judgedAlone(rows: AsyncIterable<string[]>, columns: Columns): AsyncGenerator<Judged> {
  const read = isComplete(columns) ? rowReader(columns) : unjudged;
  let line = 1;
  for await (const cells of rows) {
    line += 1;
    if (cells.some((cell) => cell.trim() !== '')) yield read({ line, cells });
  }
}

/** Three things at a time: a batch is read while the one before is judged and the one before that is kept. */
async function pour(db: Db, id: number, rows: AsyncIterable<Judged>, columns: Columns): Promise<number> {
  let total = 0;
  for await (const some of ahead(judgedTogether(db, id, ahead(batches(rows)), columns))) {
    total += some.length;
    if (total > mostRows)
      throw new Invalid({
        '': `More than ${mostRows.toLocaleString('en')} rows. Split the file and upload the parts one after the other.`,
      });
    await db.transaction((trx) => insertRows(trx, id, some));
  }
  return total;
}

async function* judgedTogether(db: Db, id: number, batches: AsyncIterable<Judged[]>, columns: Columns): AsyncGenerator<Judged[]> {
  const quota = await openQuota(db);
  for await (const some of batches) {
    if (isComplete(columns)) await judge(db, id, some, quota);
    yield some;
  }
}

const unjudged = (row: Row): Judged => ({ ...row, fields: null, verdict: null, problem: '' });

async function* batches(rows: AsyncIterable<Judged>): AsyncGenerator<Judged[]> {
  let some: Judged[] = [];
  let letters = 0;
  for await (const row of rows) {
    some.push(row);
    letters += row.cells.reduce((sum, cell) => sum + cell.length, 0);
    if (some.length % breathRows === 0) await setImmediate();
    if (some.length < batch.rows && letters < batch.letters) continue;
    yield some;
    some = [];
    letters = 0;
  }
  if (some.length > 0) yield some;
}

/** When the database's machine fails before it has written this down, the upload has failed with it: nothing waits for the disk. */
async function insertRows(trx: Trx, importId: number, rows: Judged[]): Promise<void> {
  await trx.raw('set local synchronous_commit = off');
  await trx.raw(
    `insert into import_rows (import_id, line, cells, fields, verdict, problem)
     select ?::bigint, line, cells, nullif(fields, 'null'), verdict, problem
     from jsonb_to_recordset(?::jsonb) as rows (line integer, cells jsonb, fields jsonb, verdict text, problem text)`,
    [importId, JSON.stringify(rows)],
  );
  await trx('imports')
    .where({ id: importId })
    .update({ leaseUntil: trx.raw(readingLease) });
}
