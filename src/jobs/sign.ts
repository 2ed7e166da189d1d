import type { Db } from '../ground/database.ts';

/** After so many minutes without a sign of any worker, none runs: each gives one a minute. */
const silentMinutes = 5;

/** A worker is there. */
export async function giveSign(db: Db): Promise<void> {
  await db('workerSign').update({ at: db.raw('now()') });
}

/** Since when no worker has been seen; null while one is. */
export async function silentSince(db: Db): Promise<Date | null> {
  const sign = await db('workerSign').whereRaw('at < now() - make_interval(mins => ?)', [silentMinutes]).first('at');
  return sign?.at ?? null;
}
