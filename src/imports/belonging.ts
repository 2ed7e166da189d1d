import type { Db, Trx } from '../ground/database.ts';
import type { Belonging } from '../users/belongings.ts';
import type { User } from '../users/user.ts';

/** Lists that were taken in hold a person under its account, its username or its address, also in rows that were refused. */
export const importBelonging: Belonging = {
  noun: ['import row', 'import rows'],
  count: async (db, user) => {
    const row = await rowsOf(db, user).count({ count: '*' }).first();
    return Number(row?.count);
  },
  erase: async (trx, user) => {
    await eraseClaims(trx, user);
    await rowsOf(trx, user).delete();
    await trx('imports')
      .whereRaw(`run_by ->> 'id' = ?`, [String(user.id)])
      .update({ runBy: null });
  },
};

async function eraseClaims(trx: Trx, { username, email }: User): Promise<void> {
  await trx('importClaims').where({ username }).orWhereRaw('lower(email) = lower(?)', [email]).delete();
}

/** Compared as people write: without regard to case and to blanks around. */
function rowsOf(db: Db, { id, username, email }: User) {
  return db('importRows').where((row) =>
    row
      .where({ userId: id })
      .orWhereRaw(`fields ->> 'username' = ? or lower(fields ->> 'email') = lower(?)`, [username, email])
      .orWhereRaw(
        `exists (select from jsonb_array_elements_text(cells) as cell where lower(btrim(cell)) in (lower(?), lower(?)))`,
        [username, email],
      ),
  );
}
