import { expect } from 'chai';
import { type Db, openDatabase } from '../src/ground/database.ts';
import { askPrepared, prepared } from '../src/ground/prepared.ts';
import { makeDatabase } from './kit/database.ts';

describe('A prepared statement', () => {
  let database: Awaited<ReturnType<typeof makeDatabase>>;
  let db: Db;
  beforeEach(async () => {
    database = await makeDatabase();
    db = openDatabase(database.serving, { size: 1 });
  });
  afterEach(async () => {
    await db.destroy();
    await database.drop();
  });

  const sum = prepared('select ?::int + ?::int as sum_of_both');
  const ask = async (one: number, two: number) => (await askPrepared(db, sum, [one, two]))[0].sumOfBoth;
  const known = async () => (await db.raw('select name, generic_plans + custom_plans as plans from pg_prepared_statements')).rows;

  it('is planned under a name that only its text has, and answers each time what is asked', async () => {
    expect(await ask(1, 2)).to.equal(3);
    expect(await ask(40, 2)).to.equal(42);
    expect(await known()).to.deep.equal([{ name: sum.name, plans: 2 }]);
    expect(prepared(`${sum.sql} `).name).to.not.equal(sum.name);
  });

  it('answers from a connection that has lost it, as behind a pooler, and does without from then on', async () => {
    expect(await ask(1, 2)).to.equal(3);
    await db.raw('deallocate all');
    expect(await ask(2, 3)).to.equal(5);
    expect(await ask(3, 4)).to.equal(7);
    expect(await known()).to.deep.equal([]);
  });

  it('answers from a connection that somebody else has taught it already', async () => {
    await db.raw(`prepare ${JSON.stringify(sum.name)} as select $1::int + $2::int as sum_of_both`);
    expect(await ask(2, 3)).to.equal(5);
    expect(await ask(3, 4)).to.equal(7);
  });

  it('answers after a migration has given it other columns', async () => {
    const all = prepared('select * from account_counter');
    const columns = async () => Object.keys((await askPrepared(db, all, []))[0]);
    const before = await columns();
    const owner = openDatabase(database.owner, { size: 1, patient: true });
    await owner.raw('alter table account_counter add column another_count int');
    await owner.destroy();
    expect(await columns()).to.deep.equal([...before, 'anotherCount']);
  });

  it('fails as every statement does when what is asked is wrong', async () => {
    const refused = await askPrepared(db, sum, ['many', 1]).catch((error) => error);
    expect(refused.code).to.equal('22P02');
    expect(await ask(1, 2)).to.equal(3);
    expect(await known()).to.have.lengthOf(1);
  });
});
