import type { Belonging } from '../users/belongings.ts';
import { idsOf } from '../users/user.ts';

/** What users have told the administrators: out of sight while they are deleted, erased with their rows by a purge. */
export const feedbackBelonging: Belonging = {
  isMade: true,
  noun: ['conversation of feedback', 'conversations of feedback'],
  count: async (db, users) => {
    const row = await db('feedback')
      .whereRaw('user_id = any(?)', [idsOf(users)])
      .count({ count: '*' })
      .first();
    return Number(row?.count);
  },
};
