import { countRows } from '../ground/database.ts';
import type { Belonging } from '../users/belongings.ts';
import { idsOf } from '../users/user.ts';

/** What users have told the administrators: out of sight while they are deleted, erased with their rows by a purge. */
export const feedbackBelonging: Belonging = {
  isMade: true,
  noun: ['conversation of feedback', 'conversations of feedback'],
  count: (db, users) => countRows(db('feedback').whereRaw('user_id = any(?)', [idsOf(users)])),
};
