import type { Db, Trx } from '../ground/database.ts';
import type { Belonging } from '../users/belongings.ts';
import { idsOf, type User } from '../users/user.ts';

/** Lists that were taken in hold a person under its account, its username or its address, also in rows that were refused. */
export const importBelonging: Belonging = {
  isMade: true,
  noun: ['import row', 'import rows'],
  count: async (db, users) => {
    const row = await rowsOf(db, users).count({ count: '*' }).first();
    return Number(row?.count);
  },
  erase: async (trx, users) => {
    await eraseClaims(trx, users);
    await rowsOf(trx, users).delete();
    await trx('imports')
      .whereRaw(`run_by ->> 'id' = any(?)`, [idsOf(users).map(String)])
      .update({ runBy: null });
  },
};

async function eraseClaims(trx: Trx, users: User[]): Promise<void> {
  const { usernames, emails } = namesOf(users);
  await trx('importClaims').whereRaw('username = any(?) or lower(email) = any(?)', [usernames, emails]).delete();
}

/** Compared as people write: without regard to case and to blanks around. */
function rowsOf(db: Db, users: User[]) {
  const { usernames, emails } = namesOf(users);
  return db('importRows').where((row) =>
    row
      .whereRaw('user_id = any(?)', [idsOf(users)])
      .orWhereRaw(`fields ->> 'username' = any(?) or lower(fields ->> 'email') = any(?)`, [usernames, emails])
      .orWhereRaw('exists (select from jsonb_array_elements_text(cells) as cell where lower(btrim(cell)) = any(?))', [
        [...usernames, ...emails],
      ]),
  );
}

const namesOf = (users: User[]) => ({
  usernames: users.map(({ username }) => username),
  emails: users.map(({ email }) => email.toLowerCase()),
});
