import type { Db, Trx } from '../ground/database.ts';

export const daysKept = 180;
const batchRows = 2000;

/** Erases letters after half a year, the oldest first, a batch at a time. */
export async function eraseOldLetters(db: Db): Promise<void> {
  while ((await eraseSome(db)) === batchRows);
}

/** Numbers grow with time: of the lowest, those that are old; where one is not, the rest is not either. */
function eraseSome(db: Db): Promise<number> {
  const lowest = db('letters').orderBy('id').limit(batchRows).select('id');
  return db('letters').whereIn('id', lowest).whereRaw('created_at < now() - make_interval(days => ?)', [daysKept]).delete();
}

/** How many letters these users have. */
export async function countLetters(db: Db, userIds: number[]): Promise<number> {
  const row = await db('letters').whereRaw('user_id = any(?)', [userIds]).count({ count: '*' }).first();
  return Number(row?.count);
}

/** Erases what was written to these addresses without an account, as invitations are; letters of users go with their rows. */
export async function eraseLettersTo(trx: Trx, addresses: string[]): Promise<void> {
  const searched = addresses.map((address) => `${address.toLowerCase()}\n`);
  await trx('letters').whereRaw('user_id is null and search = any(?)', [searched]).delete();
}
