import type { Belonging } from '../users/belongings.ts';
import { idsOf } from '../users/user.ts';

/**
 * Money that is left to a user, or that it owes. It stays with the account when that is deleted; of the books a purge erases the
 * words beside them, and leaves the rows under the bare number of the account.
 */
export const balanceBelonging: Belonging = {
  noun: ['balance that is not zero', 'balances that are not zero'],
  count: async (_db, users) => users.filter(({ balanceMinor }) => balanceMinor !== 0).length,
  erase: (trx, users) =>
    trx('transactionWords')
      .whereRaw('user_id = any(?)', [idsOf(users)])
      .delete(),
};
