import type { Belonging } from '../users/belongings.ts';

/** Reports of acts upon many users say why somebody was refused, by name: a purge erases that. */
export const bulkBelonging: Belonging = {
  noun: ['row of a report', 'rows of reports'],
  count: async (db, user) => {
    const row = await db('bulkRows').where({ userId: user.id }).count({ count: '*' }).first();
    return Number(row?.count);
  },
  erase: async (trx, user) => {
    await trx('bulkRows').where({ userId: user.id }).whereNot({ reason: '' }).update({ reason: '' });
    await trx('bulks')
      .whereRaw('unknown_names @> to_jsonb(?::text) or unknown_names @> to_jsonb(lower(?))', [user.username, user.email])
      .update({ unknownNames: trx.raw('unknown_names - ?::text - lower(?)', [user.username, user.email]) });
    await trx('bulks')
      .whereRaw(`run_by ->> 'id' = ?`, [String(user.id)])
      .update({ runBy: null });
  },
};
