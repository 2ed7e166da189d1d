import { byteOrderMark, writeCsv } from '../ground/csv.ts';
import type { Db } from '../ground/database.ts';
import { type Import, rejectedIn, type ShownRow, shownColumns } from './import.ts';

const batchLines = 2000;

const ownHeadings = ['verdict', 'reason'];

/**
 * The rows that did not become accounts, as they came, to mend and to import again; before each its verdict and the reason.
 * These stand first, so that a row with too few or too many cells stays one until it is mended.
 */
export async function* rejectedRows(db: Db, imported: Import): AsyncGenerator<string> {
  const from = isReport(imported.headings) ? ownHeadings.length : 0;
  yield byteOrderMark + writeCsv([[...ownHeadings, ...imported.headings.slice(from)]]);
  const [{ last }] = await db('importRows').where({ importId: imported.id }).select(db.raw('max(line) as last'));
  for (let after = 0; after < last; after += batchLines) {
    const rows = await rowsBetween(db, imported, [after + 1, after + batchLines]);
    if (rows.length > 0)
      yield writeCsv(rows.map(({ cells, verdict, problem }) => [verdict ?? '', problem, ...cells.slice(from)]));
  }
}

/** A report that was mended and imported again brings its old verdicts along. */
const isReport = (headings: string[]) => ownHeadings.every((heading, index) => headings[index] === heading);

/** A stretch of the file at a time: what lies in it is found by its lines alone, however many rows are good or bad. */
function rowsBetween(db: Db, imported: Import, lines: [first: number, last: number]): Promise<ShownRow[]> {
  const query = db('importRows').where({ importId: imported.id }).whereBetween('line', lines);
  return query.whereIn('verdict', rejectedIn(imported)).orderBy('line').select(shownColumns(db));
}
