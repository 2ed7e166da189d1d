import { expect } from 'chai';
import { type Db, openDatabase } from '../../src/ground/database.ts';
import { isCurrent, migrate } from '../../src/ground/migrate.ts';
import { makeDatabase } from '../kit/database.ts';

describe('Migrations', () => {
  let database: Awaited<ReturnType<typeof makeDatabase>>;
  let one: Db;
  let two: Db;
  beforeEach(async () => {
    database = await makeDatabase();
    one = openDatabase(database.owner, { size: 2, patient: true });
    two = openDatabase(database.owner, { size: 2, patient: true });
  });
  afterEach(async () => {
    await Promise.all([one.destroy(), two.destroy()]);
    await database.drop();
  });

  it('run once when two processes bring an empty database up to date', async () => {
    await one.raw('drop schema public cascade');
    await one.raw('create schema public');
    await one.raw('grant usage on schema public to roster_web');
    await Promise.all([migrate(one, 'roster_web'), migrate(two, 'roster_web')]);
    expect(await isCurrent(one)).to.equal(true);
    const { rows } = await one.raw('select count(*) as runs, count(distinct name) as names from knex_migrations');
    expect(rows[0].runs).to.equal(rows[0].names);
  });

  it('let an older release start and serve on a newer database', async () => {
    await one('knexMigrations').insert({ name: '999_know_more', batch: 2, migrationTime: new Date() });
    await migrate(one, 'roster_web');
    expect(await isCurrent(two)).to.equal(true);
  });
});
