import { countRows, type Trx } from '../ground/database.ts';
import type { Belonging } from '../users/belongings.ts';
import { readFilter } from '../users/filter.ts';
import { idsOf, type User } from '../users/user.ts';
import { withoutNamesOrNull } from '../users/words.ts';

/**
 * What an administrator has announced stays, and no longer says by whom: a purge also takes from where it was sent. Filter words that
 * name a user no longer do: they find nobody, whoever may get that username next.
 */
export const announcementBelonging: Belonging = {
  isMade: true,
  noun: ['announcement', 'announcements'],
  count: (db, users) => countRows(db('announcements').whereRaw('made_by = any(?)', [idsOf(users)])),
  erase: async (trx, users) => {
    await trx('announcements')
      .whereRaw(`run_by ->> 'id' = any(?)`, [idsOf(users).map(String)])
      .update({ runBy: null });
    await eraseNames(trx, users);
  },
};

async function eraseNames(trx: Trx, users: User[]): Promise<void> {
  const written = await trx('announcements').whereNot({ words: '' }).select('id', 'words', 'version');
  for (const { id, version, ...draft } of written) {
    const words = withoutNamesOrNull(draft.words, users);
    if (words === null) continue;
    const filter = JSON.stringify(readFilter({ q: words }));
    await trx('announcements')
      .where({ id, version })
      .update({ words, filter, version: version + 1 });
  }
}
