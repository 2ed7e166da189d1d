import type { Db, Trx } from '../ground/database.ts';
import { Refused } from '../ground/errors.ts';
import { readSettings } from '../settings/settings.ts';

const settingsPage = '/settings#accounts';

export type Places = {
  used: number;
  limit: number;
  /** Where the limit is raised, on the Settings page unless the settings name another place. */
  url: string;
  isFull: boolean;
  deleted: number;
  /** How many wait to be approved or rejected, counted to a hundred. */
  requests: number;
};

/** How many accounts live, how many may (0: no limit) and how many are deleted; these counts are kept, not counted. */
export async function readPlaces(db: Db): Promise<Places> {
  const { places } = await db.select(placesColumn(db)).first();
  return places;
}

/** The same beside each row of a list: to ask for it apart would cost a tenth of the list's page. */
export const placesColumn = (db: Db) =>
  db.raw(`(select json_build_object('used', live, 'deleted', deleted, 'limit', account_limit, 'url',
    coalesce(nullif(account_limit_url, ''), '${settingsPage}'), 'isFull', account_limit > 0 and live >= account_limit,
    'requests', (select count(*) from (
      select from users where state = 'STATE_REQUESTED' and deleted_at is null limit 100) as waiting))
    from account_counter cross join settings) as places`);

/** Holds the counter until the transaction ends; before any row of users is written, see `takePlaces`. */
export async function holdCounter(trx: Trx): Promise<void> {
  await trx('accountCounter').forUpdate().first();
}

/**
 * Holds the counter until the transaction ends and throws Refused when fewer than `wanted` places are free.
 * Taken before any row of users is written, so that racing acts stand in line here and never block each other crosswise.
 */
export async function takePlaces(trx: Trx, wanted: number): Promise<void> {
  const free = await freePlaces(trx);
  if (wanted <= free) return;
  throw noPlaceLeft(await readPlaces(trx));
}

/** What whoever comes when all places are taken is told. */
export const noPlaceLeft = ({ limit, url }: Pick<Places, 'limit' | 'url'>) =>
  new Refused(
    `All ${limit} accounts of this console are in use. Raise the limit ${url === settingsPage ? 'under Settings' : `at ${url}`}, or delete accounts that are no longer needed.`,
  );

/** How many accounts may still be added, with the counter held; Infinity without a limit. */
export async function freePlaces(trx: Trx): Promise<number> {
  const { live } = await trx('accountCounter').forUpdate().first();
  const { accountLimit } = await readSettings(trx);
  return accountLimit === 0 ? Number.POSITIVE_INFINITY : accountLimit - live;
}
