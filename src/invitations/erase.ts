import type { Knex } from 'knex';
import type { Db, Trx } from '../ground/database.ts';

/** Days for which an invitation of which nothing came is kept. */
export const daysKept = 90;
/** So many in one transaction, for the letters and words that go with them. */
const chunk = 500;

/** Erases, with the owning role, the invitations that were revoked or have expired long ago, and every word about them. */
export async function eraseOldInvitations(owner: Db): Promise<void> {
  for (let erased = chunk; erased === chunk; ) {
    erased = await owner.transaction(async (trx) => {
      const old = trx('invitations').where({ acceptedAt: null }).whereRaw(isOld, [daysKept]).limit(chunk);
      return eraseInvitations(trx, await old.forUpdate().skipLocked().pluck('id'));
    });
  }
}

const isOld = 'coalesce(revoked_at, link_expires_at) < now() - make_interval(days => ?)';

/** Erases these invitations with their links, their letters and what the history says of whom they invited; says how many. */
export async function eraseInvitations(trx: Trx, ids: number[]): Promise<number> {
  const invitations = () => trx('invitations').whereRaw('id = any(?)', [ids]);
  await trx('letters').whereIn('linkId', linksOf(trx, ids)).delete();
  await trx('historyWords').whereIn('personId', invitations().select('userId')).delete();
  return invitations().delete();
}

export const linksOf = (trx: Trx, ids: number[]): Knex.QueryBuilder =>
  trx('links').whereRaw('invitation_id = any(?)', [ids]).select('id');
