import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'chai';
import { verifyLedger } from '../../src/balance/verify.ts';
import type { Db } from '../../src/ground/database.ts';
import { giveTariff } from '../kit/tariffs.ts';
import { openWorkers, until, type Workers } from '../kit/workers.ts';

/** More than a worker renews before it is killed. */
const users = 600;

describe('Renewals and the processes that make them', function () {
  this.timeout(300_000);
  let workers: Workers;
  let db: Db;
  before(async () => {
    workers = await openWorkers();
    db = workers.db;
    const { id } = await giveTariff(db, { period: 'week', priceMinor: 300 });
    for (const sql of insertPayers) await db.raw(sql, { tariffId: id, users });
  });
  after(() => workers.close());

  const counted = async () => Number((await db('payments').where({ nth: 2 }).count({ count: '*' }).first())?.count);
  const wake = () => db.raw(`select graphile_worker.add_job('renew_tariffs')`);

  it('happen once for each period, also when a worker is killed in the middle and two go on', async () => {
    const doomed = workers.start();
    await workers.ready();
    await wake();
    await until(async () => (await counted()) > 0, 'the first renewals', 100);
    await doomed.end('SIGKILL');
    expect(await counted()).to.be.below(users);
    workers.start();
    workers.start();
    for (let times = 0; times < 4; times += 1) await wake();
    await until(async () => (await counted()) === users, 'all are renewed', 100);
    await wake();
    await pause(1000);
    const { rows } = await db.raw(
      `select count(*)::int as periods, count(distinct user_id)::int as users from payments where nth = 2`,
    );
    expect(rows[0]).to.deep.equal({ periods: users, users });
    expect((await verifyLedger(db)).wrong).to.deep.equal([]);
    const acts = await db('history').where({ act: 'tariff.renewed' }).count({ count: '*' }).first();
    expect(Number(acts?.count)).to.equal(users);
  });
});

/** Customers with money, whose week ends within the hour and who want the next. */
const insertPayers = [
  `insert into users (username, email, email_verified_at, name, profile, state)
   select 'payer-' || n, 'payer-' || n || '@world.example', now(), 'Payer ' || n, 'customer', 'STATE_APPROVED'
   from generate_series(1, :users::int) as n where :tariffId > 0`,
  ...[
    ['refill', 1000],
    ['payment', -300],
  ].map(
    ([kind, amount]) => `insert into transactions (user_id, kind, amount_minor, idempotency_key)
      select id, '${kind}', ${amount}, gen_random_uuid() from users where username like 'payer-%' and :users > 0 and :tariffId > 0`,
  ),
  `insert into payments (transaction_id, user_id, tariff_id, starts_at, ends_at, period, anchor_at, nth)
   select t.id, t.user_id, :tariffId, now() - interval '167 hours', now() + interval '1 hour', 'week', now() - interval '167 hours', 1
   from transactions t where t.kind = 'payment' and :users > 0`,
  `insert into renewals (user_id, tariff_id, ends_at, anchor_at, nth, price_minor)
   select user_id, tariff_id, ends_at, anchor_at, nth, 300 from payments where tariff_id = :tariffId and :users > 0`,
];
