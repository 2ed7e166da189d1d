import type { Db, Trx } from '../ground/database.ts';
import { Refused } from '../ground/errors.ts';
import type { Columns } from './columns.ts';
import type { Import } from './import.ts';
import { forgetClaims, judge, keepVerdicts } from './judge.ts';
import { type Row, rowReader } from './row.ts';
import { openQuota } from './take.ts';

const batchRows = 1000;

/**
 * Gives all rows that are not accounts yet new verdicts, by these columns and by the accounts and places there are now.
 * All or nothing. Throws Refused while the import runs and when it is done.
 */
export async function changeColumns(db: Db, id: number, columns: Columns): Promise<void> {
  await db.transaction(async (trx) => {
    const held: Import | undefined = await trx('imports').where({ id }).forUpdate().first();
    if (held?.state !== 'ready' && held?.state !== 'stopped')
      throw new Refused('The columns cannot be changed any more: this import is under way or done.');
    const quota = await openQuota(trx);
    await forgetClaims(trx, id);
    const read = rowReader(columns);
    let last = 0;
    for (let rows = await nextRows(trx, id, last); rows.length > 0; rows = await nextRows(trx, id, last)) {
      const judged = rows.map(read);
      await judge(trx, id, judged, quota);
      await keepVerdicts(trx, id, judged);
      last = rows.at(-1)?.line ?? 0;
    }
    await forgetClaims(trx, id);
    await trx('imports')
      .where({ id })
      .update({ columns: JSON.stringify(columns) });
  });
}

function nextRows(trx: Trx, importId: number, after: number): Promise<Row[]> {
  const query = trx('importRows').where({ importId, userId: null }).where('line', '>', after);
  return query.orderBy('line').limit(batchRows).select('line', 'cells');
}
