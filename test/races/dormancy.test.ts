import { expect } from 'chai';
import { belongings } from '../../src/belongings.ts';
import { endUnusedAccounts } from '../../src/dormancy/dormancy.ts';
import { remindOfExpiry } from '../../src/dormancy/expiry.ts';
import { bindingsOf, concerned } from '../../src/dormancy/rule.ts';
import { dyingAfter, openRace, type Race } from '../kit/race.ts';

describe('Workers that look after dormant accounts at once', function () {
  this.timeout(120_000);
  let race: Race;
  const crowd = () => race.owner('users').where('username', 'like', 'crowd-%');
  const rule = (warn: number, deactivate: number, remove: number) =>
    race
      .owner('settings')
      .update({ dormantWarnDays: warn, dormantDeactivateDays: deactivate, dormantDeleteDays: remove, outgoingMail: true });
  const runBoth = () => Promise.all([race.one, race.two, race.one].map((db) => endUnusedAccounts(db, belongings)));

  /** Each of the crowd was acted upon, and written to, once. */
  async function expectOnce(act: string, kind: string, count = 1500) {
    const ids = crowd().select('id');
    const rows = await race
      .owner('history')
      .where({ act })
      .whereIn('userId', ids)
      .count('* as rows')
      .countDistinct('userId as users')
      .first();
    expect(rows, act).to.deep.equal({ rows: count, users: count });
    const letters = await race
      .owner('letters')
      .where({ kind })
      .whereIn('userId', ids)
      .count('* as rows')
      .countDistinct('userId as users')
      .first();
    expect(letters, kind).to.deep.equal({ rows: count, users: count });
  }

  beforeEach(async () => {
    race = await openRace();
    await race.owner.raw(
      `insert into users (username, email, name, state, email_verified_at, registered_at, expires_at)
       select 'crowd-' || n, 'crowd-' || n || '@crowd.example', 'Crowd ' || n, 'STATE_APPROVED', now(), '2020-01-01',
         case when n > 700 then now() + interval '3 days' end from generate_series(1, 1500) n`,
    );
  });
  afterEach(() => race.close());

  it('warn, deactivate and delete each account once', async () => {
    await rule(60, 90, 120);
    await runBoth();
    await expectOnce('user.dormancy-warned', 'dormant-warned');
    await crowd().update({ dormantDueAt: race.owner.raw('now()') });
    await runBoth();
    await expectOnce('user.deactivated', 'dormant-deactivated');
    await crowd().update({ dormantDueAt: race.owner.raw('now()'), dormantAt: race.owner.raw(`now() - interval '31 days'`) });
    await runBoth();
    await expectOnce('user.deleted', 'dormant-deleted');
    expect((await race.owner('accountCounter').first()).live).to.equal(17);
  });

  it('go on where a killed one has left off, without doing anybody twice', async () => {
    await rule(0, 90, 0);
    await endUnusedAccounts(dyingAfter(race.one, 6), belongings).catch(() => {});
    const half = Number((await crowd().where({ state: 'STATE_INACTIVE' }).count('* as users').first())?.users);
    expect(half).to.be.within(1, 1499);
    await expectOnce('user.deactivated', 'dormant-deactivated', half);
    await runBoth();
    await expectOnce('user.deactivated', 'dormant-deactivated');
  });

  it('leave to its holder whoever is being changed at that moment, and find it the next time', async () => {
    await rule(60, 90, 0);
    await race.two.transaction(async (trx) => {
      await trx('users').where({ username: 'crowd-1' }).forUpdate().first();
      await endUnusedAccounts(race.one, belongings);
    });
    expect(await crowd().whereNull('dormantAt').pluck('username')).to.deep.equal(['crowd-1']);
    await endUnusedAccounts(race.one, belongings);
    await expectOnce('user.dormancy-warned', 'dormant-warned');
  });

  it('remind of each expiry once', async () => {
    await rule(0, 0, 0);
    await Promise.all([race.one, race.two, race.one].map((db) => remindOfExpiry(db)));
    await remindOfExpiry(race.two);
    const letters = await race
      .owner('letters')
      .where({ kind: 'expires-soon' })
      .count('* as rows')
      .countDistinct('userId as users')
      .first();
    expect(letters).to.deep.equal({ rows: 800, users: 800 });
  });

  it('find whom they have to do with by an index, among any number', async () => {
    await race.owner.raw(
      `insert into users (username, email, name, state, email_verified_at, last_sign_in_at)
       select 'busy-' || n, 'busy-' || n || '@crowd.example', 'Busy ' || n, 'STATE_APPROVED', now(), now() from generate_series(1, 30000) n`,
    );
    await race.owner.raw('analyze users');
    const bindings = bindingsOf({ warnDays: 60, deactivateDays: 90, deleteDays: 120 });
    for (const [name, { where, order }] of Object.entries(concerned) as [string, { where: string; order?: string }][]) {
      const sql = `explain select id from users where ${where} ${order ? `order by ${order}` : ''} limit 300`;
      const { rows } = await race.owner.raw(sql, bindings);
      const plan = rows.map((row: object) => Object.values(row)[0]).join('\n');
      expect(plan, name)
        .to.match(/using users_(unused|dormant)/)
        .and.not.include('Seq Scan');
    }
    for (const [column, index] of [
      ['expiry_reminded_for', 'users_to_remind'],
      ['expiry_told_for', 'users_to_tell'],
    ]) {
      const { rows } = await race.owner.raw(
        `explain select id from users where expires_at between now() and now() + interval '7 days' and expires_at is not null
           and ${column} is distinct from expires_at and state in ('STATE_APPROVED', 'STATE_FLAGGED') and deleted_at is null
         order by expires_at limit 300`,
      );
      expect(rows.map((row: object) => Object.values(row)[0]).join('\n')).to.include(index);
    }
  });
});
