import { byteOrderMark, writeCsv } from '../ground/csv.ts';
import type { Db } from '../ground/database.ts';
import { type Import, rejectedIn, type ShownRow, shownColumns } from './import.ts';

const batchRows = 1000;

const ownHeadings = ['verdict', 'reason'];

/**
 * The rows that did not become accounts, as they came, to mend and to import again; before each its verdict and the reason.
 * These stand first, so that a row with too few or too many cells stays one until it is mended.
 */
export async function* rejectedRows(db: Db, imported: Import): AsyncGenerator<string> {
  const from = isReport(imported.headings) ? ownHeadings.length : 0;
  yield byteOrderMark + writeCsv([[...ownHeadings, ...imported.headings.slice(from)]]);
  let last = 0;
  for (;;) {
    const rows = await nextRows(db, imported, last);
    if (rows.length === 0) return;
    yield writeCsv(rows.map(({ cells, verdict, problem }) => [verdict ?? '', problem, ...cells.slice(from)]));
    last = rows.at(-1)?.line ?? 0;
  }
}

/** A report that was mended and imported again brings its old verdicts along. */
const isReport = (headings: string[]) => ownHeadings.every((heading, index) => headings[index] === heading);

function nextRows(db: Db, imported: Import, after: number): Promise<ShownRow[]> {
  const query = db('importRows')
    .where({ importId: imported.id })
    .whereIn('verdict', rejectedIn(imported))
    .where('line', '>', after);
  return query.orderBy('line').limit(batchRows).select(shownColumns(db));
}
