import type { Belonging } from '../users/belongings.ts';
import { idsOf } from '../users/user.ts';

/** What an administrator has announced stays, and no longer says by whom: a purge also takes from where it was sent. */
export const announcementBelonging: Belonging = {
  isMade: true,
  noun: ['announcement', 'announcements'],
  count: async (db, users) => {
    const row = await db('announcements')
      .whereRaw('made_by = any(?)', [idsOf(users)])
      .count({ count: '*' })
      .first();
    return Number(row?.count);
  },
  erase: (trx, users) =>
    trx('announcements')
      .whereRaw(`run_by ->> 'id' = any(?)`, [idsOf(users).map(String)])
      .update({ runBy: null }),
};
