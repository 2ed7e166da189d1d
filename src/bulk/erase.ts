import type { Db } from '../ground/database.ts';
import { daysKept } from './bulk.ts';

/** Rows of one statement: erasing must not hold anything for long. */
const batchRows = 5000;

/** Erases acts upon many users with their reports after a week, for their personal data, and selections that nobody went on with. */
export async function eraseOldBulks(db: Db): Promise<void> {
  // Without its act nobody finds it any more, so that nobody can start it while its rows go.
  const old = await db('bulks')
    .whereRaw('coalesce(ended_at, made_at) < now() - make_interval(days => ?)', [daysKept])
    .whereNotIn('state', ['checking', 'running'])
    .update({ act: null })
    .returning('id');
  for (const { id } of old) {
    while ((await eraseSome(db, id)) > 0);
    await db('bulks').where({ id }).delete();
  }
}

function eraseSome(db: Db, bulkId: number): Promise<number> {
  const some = db('bulkRows').where({ bulkId }).limit(batchRows).select('userId');
  return db('bulkRows').where({ bulkId }).whereIn('userId', some).delete();
}
