import { countRows } from '../ground/database.ts';
import type { Belonging } from '../users/belongings.ts';
import { idsOf } from '../users/user.ts';

/** What an administrator has announced stays, and no longer says by whom: a purge also takes from where it was sent. */
export const announcementBelonging: Belonging = {
  isMade: true,
  noun: ['announcement', 'announcements'],
  count: (db, users) => countRows(db('announcements').whereRaw('made_by = any(?)', [idsOf(users)])),
  erase: (trx, users) =>
    trx('announcements')
      .whereRaw(`run_by ->> 'id' = any(?)`, [idsOf(users).map(String)])
      .update({ runBy: null }),
};
