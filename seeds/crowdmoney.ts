import type { Db, Trx } from '../src/ground/database.ts';

/**
 * Gives a crowd the books that led to the balances it came with: a refill, and of every second account a month of Basic, paid within
 * the last ninety days. Half of those that still run renew themselves. Run twice it adds nothing.
 */
export async function addCrowdMoney(db: Db): Promise<void> {
  const { rows } = await db.raw(`select 1 from transactions t join users on users.id = t.user_id where ${crowd} limit 1`);
  if (rows.length > 0) return;
  await db.transaction(writeBooks);
  await db.transaction(async (trx) => {
    for (const sql of [insertPeriods, insertWords, insertRenewals, reckonLasting]) await trx.raw(sql);
  });
  await db.raw('vacuum (analyze) transactions, transaction_words, payments, renewals');
}

/** By the database alone; the writer of the books stands aside meanwhile, as it would move each balance once more. */
async function writeBooks(trx: Trx): Promise<void> {
  await trx.raw('alter table transactions disable trigger transactions_are_posted');
  await trx.raw(insertMoney);
  await trx.raw('alter table transactions enable trigger transactions_are_posted');
}

const crowd = `username like 'user-%' and users.deleted_at is null`;
const basic = `(select * from tariffs where name = 'Basic') as basic`;
const daysBack = 90;

/** In the order of time, as they would have come: the refill by Olga, an hour later the payment by the account itself. */
const insertMoney = `
  insert into transactions (user_id, seq, kind, amount_minor, balance_after_minor, idempotency_key, at, actor_id, subject_id)
  select id, n, case n when 1 then 'refill' else 'payment' end,
    case n when 1 then balance_minor + spent else -spent end,
    case n when 1 then balance_minor + spent else balance_minor end, gen_random_uuid(),
    greatest(registered_at, now() - make_interval(mins => (hashint8(id) & 2147483647) % (${daysBack} * 1440), hours => 3 - n)) as moment,
    actor, actor
  from (select users.*, id / 4 % 2 * basic.price_minor as spent from users cross join (select price_minor from ${basic}) as basic
    where ${crowd} and balance_minor > 0) as owners
    cross join lateral (select 1 as n, (select id from users where username = 'olga') as actor
      union all select 2, owners.id where spent > 0) as posts
  order by moment, n`;

/** The same day a month later, in UTC, as periods are reckoned. */
const monthsAfter = (moment: string, months: string) =>
  `((${moment} at time zone 'UTC' + make_interval(months => ${months})) at time zone 'UTC')`;

const insertPeriods = `
  insert into payments (transaction_id, user_id, tariff_id, most_things, starts_at, ends_at, anchor_at, nth, period)
  select t.id, t.user_id, basic.id, basic.most_things, t.at, ${monthsAfter('t.at', '1')}, t.at, 1, basic.period
  from transactions t join users on users.id = t.user_id cross join ${basic} where ${crowd} and t.kind = 'payment'
  order by t.id`;

const insertWords = `
  insert into transaction_words (transaction_id, user_id, note)
  select p.transaction_id, p.user_id, basic.name from payments p join users on users.id = p.user_id cross join ${basic} where ${crowd}`;

/** Who is told of the next payment a day before has been told already where that day has begun. */
const insertRenewals = `
  insert into renewals (user_id, tariff_id, ends_at, anchor_at, nth, price_minor, noticed_for)
  select p.user_id, p.tariff_id, p.ends_at, p.anchor_at, p.nth, basic.price_minor,
    case when p.ends_at < now() + interval '25 hours' then p.ends_at end
  from payments p join users on users.id = p.user_id cross join ${basic}
  where ${crowd} and users.id / 8 % 2 = 0 and profile = 'customer' and state = 'STATE_APPROVED' and ends_at > now() + interval '1 hour'`;

/** What src/tariffs/lasting.ts reckons for one of them: the first period that is not paid any more, at most ten years ahead. */
const reckonLasting = `
  update users set lasts_until = until
  from (select r.user_id, r.ends_at, ${monthsAfter('r.anchor_at', '(r.nth + u.balance_minor / r.price_minor)::int')} as until
    from renewals r join users u on u.id = r.user_id) as reckoned
  where reckoned.user_id = users.id and ${crowd} and until <= ${monthsAfter('reckoned.ends_at', '120')}`;
