import type { Knex } from 'knex';
import type { Db } from '../ground/database.ts';
import { daysKept } from './import.ts';
import { discard } from './take.ts';

/** Erases imports after a week, for their personal data, and at once those whose upload died with its process. */
export async function eraseOldImports(db: Db): Promise<void> {
  for (const id of await isOld(db('imports')).pluck('id')) {
    await db.transaction(async (trx) => {
      const stillOld = await isOld(trx('imports').where({ id })).forUpdate().skipLocked().first('id');
      if (stillOld) await discard(trx, id);
    });
  }
}

/** Asked again with the import held: it may have been started or renewed since. */
const isOld = (imports: Knex.QueryBuilder) =>
  imports.where((either) =>
    either
      .where((query) => query.whereRaw('made_at < now() - make_interval(days => ?)', [daysKept]).whereNot({ state: 'running' }))
      .orWhere((query) => query.where({ state: 'reading' }).whereRaw('lease_until < now()')),
  );
