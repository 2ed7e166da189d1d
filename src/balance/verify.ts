import type { Db } from '../ground/database.ts';

/** What proving the books came to. */
export type Proof = { users: number; transactions: number; wrong: WrongBalance[] };

/** A user whose books do not agree: by its number, as it may be purged. */
export type WrongBalance = { userId: number; why: string };

/**
 * Proves the books: of every user the balance is the sum of its rows, the rows are numbered without a gap, each says the balance that
 * the rows up to it make, and each cancellation takes back exactly one other. One reading at one moment, also while others write.
 */
export async function verifyLedger(db: Db): Promise<Proof> {
  return db.transaction(
    async (trx) => {
      const { rows: wrong } = await trx.raw(wrongBalances);
      const counts = await trx.raw(`select (select count(*) from transactions) as transactions,
        (select count(*) from users) as users`);
      return { ...counts.rows[0], wrong };
    },
    { isolationLevel: 'repeatable read', readOnly: true },
  );
}

/** As many as anybody reads. */
const mostWrong = 100;

const wrongBalances = `
  with lines as (
    select t.*, sum(t.amount_minor) over own as running, row_number() over own as place, other.amount_minor as cancelled_minor,
      other.user_id as cancelled_user_id, other.kind as cancelled_kind
    from transactions t left join transactions other on other.id = t.cancels
    window own as (partition by t.user_id order by t.seq)
  ),
  sums as (select user_id, sum(amount_minor) as sum from transactions group by user_id)
  select u.id as user_id, 'the balance is ' || u.balance_minor || ', the rows come to ' || coalesce(s.sum, 0) as why
  from users u left join sums s on s.user_id = u.id where u.balance_minor <> coalesce(s.sum, 0)
  union all
  select user_id, 'row ' || seq || ' says a balance of ' || balance_after_minor || ', the rows up to it come to ' || running
  from lines where balance_after_minor <> running
  union all
  select user_id, 'row ' || seq || ' stands in place ' || place from lines where seq <> place
  union all
  select user_id, 'row ' || seq || ' does not take back the row that it names' from lines
  where cancels is not null
    and (cancelled_minor <> -amount_minor or cancelled_user_id <> user_id or cancelled_kind = 'cancellation')
  limit ${mostWrong}`;
