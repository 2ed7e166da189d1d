import { countRows } from '../ground/database.ts';
import type { Belonging } from '../users/belongings.ts';
import { idsOf } from '../users/user.ts';
import { kinds, kindWords } from './kinds.ts';

/** What a user owns, kind by kind: hidden while its owner is deleted, back when the owner is, gone with its purge. */
export const thingBelongings: readonly Belonging[] = kinds.map((kind) => ({
  isMade: true,
  noun: kindWords[kind],
  count: (db, users) =>
    countRows(
      db('things')
        .where({ kind, hiddenAt: null })
        .whereRaw('owner_id = any(?)', [idsOf(users)]),
    ),
  end: (trx, users) => trx.raw(hide, { kind, ids: idsOf(users) }),
  bringBack: (trx, users) => trx.raw(bringBack, { kind, ids: idsOf(users) }),
}));

const hide = `update things set hidden_at = now() where owner_id = any(:ids) and kind = :kind and hidden_at is null`;

/** A tracker whose IMEI another one has by now comes back without it. */
const bringBack = `
  update things t set hidden_at = null, imei = case when t.imei <> '' and exists (
    select from things other where other.imei = t.imei and other.hidden_at is null) then '' else t.imei end
  where owner_id = any(:ids) and kind = :kind and hidden_at is not null`;

/** What others have shared with a user, and what it has shared itself. */
export const shareBelonging: Belonging = {
  isMade: true,
  noun: ['share', 'shares'],
  count: (db, users) => {
    const ids = idsOf(users);
    const received = db('shares').whereRaw('user_id = any(?)', [ids]).select('id');
    const given = db('shares').whereRaw('thing_id in (select id from things where owner_id = any(?))', [ids]).select('id');
    // Each is found by its index; asked with one `or` Postgres would read the shares of everybody.
    return countRows(db.from(received.union(given).as('either')));
  },
};
