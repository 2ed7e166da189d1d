import type { Db, Trx } from '../ground/database.ts';
import { Refused } from '../ground/errors.ts';
import { readSettings } from '../settings/settings.ts';

export type Places = { used: number; limit: number; url: string; isFull: boolean };

/** How many accounts live and how many may (0: no limit); the count is kept, not counted. */
export async function readPlaces(db: Db): Promise<Places> {
  const query = db('accountCounter').crossJoin(db.raw('settings'));
  const { live, accountLimit, accountLimitUrl } = await query.first('live', 'accountLimit', 'accountLimitUrl');
  return { used: live, limit: accountLimit, url: accountLimitUrl, isFull: accountLimit > 0 && live >= accountLimit };
}

/**
 * Holds the counter until the transaction ends and throws Refused when fewer than `wanted` places are free.
 * Taken before any row of users is written, so that racing acts stand in line here and never block each other crosswise.
 */
export async function takePlaces(trx: Trx, wanted: number): Promise<void> {
  const free = await freePlaces(trx);
  if (wanted <= free) return;
  const { limit, url } = await readPlaces(trx);
  throw new Refused(
    `All ${limit} accounts of this console are in use. ${url ? `Raise the limit at ${url}` : 'Raise the limit'}, or delete accounts that are no longer needed.`,
  );
}

/** How many accounts may still be added, with the counter held; Infinity without a limit. */
export async function freePlaces(trx: Trx): Promise<number> {
  const { live } = await trx('accountCounter').forUpdate().first();
  const { accountLimit } = await readSettings(trx);
  return accountLimit === 0 ? Number.POSITIVE_INFINITY : accountLimit - live;
}
