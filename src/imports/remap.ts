import type { Db, Trx } from '../ground/database.ts';
import { Refused } from '../ground/errors.ts';
import type { Columns } from './columns.ts';
import type { Import } from './import.ts';
import { forgetClaims, judge } from './judge.ts';
import type { Judged, Row } from './row.ts';
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
    let last = 0;
    for (let rows = await nextRows(trx, id, last); rows.length > 0; rows = await nextRows(trx, id, last)) {
      await updateRows(trx, id, await judge(trx, id, rows, columns, quota));
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

async function updateRows(trx: Trx, importId: number, rows: Judged[]): Promise<void> {
  const changes = rows.map(({ line, fields, verdict, problem }) => ({ line, fields, verdict, problem }));
  await trx.raw(
    `update import_rows set fields = nullif(judged.fields, 'null'), verdict = judged.verdict, problem = judged.problem
     from jsonb_to_recordset(?::jsonb) as judged (line integer, fields jsonb, verdict text, problem text)
     where import_id = ? and import_rows.line = judged.line`,
    [JSON.stringify(changes), importId],
  );
}
