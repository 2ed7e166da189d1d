import type { Db } from '../ground/database.ts';
import { daysKept } from './import.ts';
import { discard } from './take.ts';

/** Erases imports after a week, for their personal data, and at once those whose upload died with its process. */
export async function eraseOldImports(db: Db): Promise<void> {
  const old = await db('imports')
    .where((query) => query.whereRaw('made_at < now() - make_interval(days => ?)', [daysKept]).whereNot({ state: 'running' }))
    .orWhere((query) => query.where({ state: 'reading' }).whereRaw('lease_until < now()'))
    .pluck('id');
  for (const id of old) await discard(db, id);
}
