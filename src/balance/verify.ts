import { setTimeout } from 'node:timers/promises';
import type { Db } from '../ground/database.ts';

/** What proving the books came to. `wrong` are the first of the wrong ones. */
export type Proof = { users: number; transactions: number; wrongUsers: number; wrong: WrongBalance[] };

/** A user whose books do not agree: by its number, as it may be purged. */
export type WrongBalance = { userId: number; why: string };

/** Numbers of accounts in one statement: a second of reading, and a few megabytes. */
const chunkIds = 10_000;
/** Between two statements, so that a long proof leaves the machine to others. */
const breathMs = 5;
/** As many as anybody reads. */
const mostWrong = 100;

/**
 * Proves the books: of every user the balance is the sum of its rows, the rows are numbered without a gap, each says the balance that
 * the rows up to it make, and each cancellation takes back exactly one other. A row and the balance that it moves are written
 * together, so each statement sees the accounts of its chunk as they are at one moment; nobody who writes is kept waiting.
 */
export async function verifyLedger(db: Db): Promise<Proof> {
  const proof: Proof = { users: 0, transactions: 0, wrongUsers: 0, wrong: [] };
  for (let from = await nextAccount(db, 0); from !== null; from = await nextAccount(db, from + chunkIds)) {
    if (proof.users > 0) await setTimeout(breathMs);
    const { rows } = await db.raw(proveChunk, { from, to: from + chunkIds, most: mostWrong });
    const [found] = rows as [Proof];
    proof.users += found.users;
    proof.transactions += found.transactions;
    proof.wrongUsers += found.wrongUsers;
    proof.wrong.push(...found.wrong.slice(0, mostWrong - proof.wrong.length));
  }
  return proof;
}

/** The first account from a number on; the purged, of whom rows remain, too. */
async function nextAccount(db: Db, from: number): Promise<number | null> {
  const { rows } = await db.raw(
    `select least((select min(id) from users where id >= :from), (select min(user_id) from transactions where user_id >= :from)) as id`,
    { from },
  );
  return rows[0].id;
}

/** Along the index of each user's rows. A row that names another is compared with it on its own: there are few of them. */
const proveChunk = `
  with lines as (
    select user_id, seq, amount_minor, balance_after_minor, sum(amount_minor) over own as running, row_number() over own as place,
      case when cancels is not null then not exists (
        select from transactions other where other.id = t.cancels and other.user_id = t.user_id
          and other.amount_minor = -t.amount_minor and other.kind <> 'cancellation') else false end as takes_back_wrongly
    from transactions t where user_id >= :from and user_id < :to
    window own as (partition by user_id order by seq)
  ),
  books as (
    select user_id, count(*) as rows, sum(amount_minor) as sum, min(seq) filter (where seq <> place) as misplaced,
      min(seq) filter (where balance_after_minor <> running) as misread, min(seq) filter (where takes_back_wrongly) as mistaken
    from lines group by user_id
  ),
  judged as (
    select coalesce(u.id, b.user_id) as user_id, u.id is not null as lives, coalesce(b.rows, 0) as rows,
      case
        when u.balance_minor <> coalesce(b.sum, 0) then 'the balance is ' || u.balance_minor || ', the rows come to ' || coalesce(b.sum, 0)
        when b.misread is not null then 'row ' || b.misread || ' does not say the balance that the rows up to it come to'
        when b.misplaced is not null then 'row ' || b.misplaced || ' does not stand in its place'
        when b.mistaken is not null then 'row ' || b.mistaken || ' does not take back the row that it names'
      end as why
    from (select id, balance_minor from users where id >= :from and id < :to) u full join books b on b.user_id = u.id
  )
  select count(*) filter (where lives) as users, coalesce(sum(rows), 0)::bigint as transactions, count(why) as wrong_users,
    coalesce((select json_agg(json_build_object('userId', user_id, 'why', why) order by user_id)
      from (select user_id, why from judged where why is not null order by user_id limit :most) as first_ones), '[]') as wrong
  from judged`;
