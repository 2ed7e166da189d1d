import { countRows } from '../ground/database.ts';
import type { Belonging } from '../users/belongings.ts';
import { idsOf } from '../users/user.ts';

/** Reports of acts upon many users say by name why somebody was refused, and who had been faster: a purge erases that. */
export const bulkBelonging: Belonging = {
  isMade: true,
  noun: ['row of a report', 'rows of reports'],
  count: (db, users) => countRows(db('bulkRows').whereRaw('user_id = any(?)', [idsOf(users)])),
  erase: async (trx, users) => {
    const names = users.flatMap(({ username, email }) => [username, email.toLowerCase()]);
    await trx('bulkRows')
      .whereRaw(`reason <> '' and (user_id = any(?) or substring(reason from ', by ([a-z0-9-]+)\\.$') = any(?))`, [
        idsOf(users),
        users.map(({ username }) => username),
      ])
      .update({ reason: '' });
    await trx.raw(`update bulks set unknown_names = unknown_names - ?::text[] where unknown_names \\?| ?::text[]`, [
      names,
      names,
    ]);
    await trx('bulks')
      .whereRaw(`run_by ->> 'id' = any(?)`, [idsOf(users).map(String)])
      .update({ runBy: null });
  },
};
