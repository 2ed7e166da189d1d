import { expect } from 'chai';
import type { Actor } from '../src/access/actor.ts';
import type { Db } from '../src/ground/database.ts';
import { Invalid } from '../src/ground/errors.ts';
import { guessColumns, readColumns } from '../src/imports/columns.ts';
import { countVerdicts, findImport } from '../src/imports/import.ts';
import { changeColumns } from '../src/imports/remap.ts';
import { makeOlga, take, verdictsOf } from './fixtures/imports.ts';
import { nastyAccounts } from './fixtures/nasty-accounts.ts';
import { openStory } from './kit/database.ts';

describe('The verdict of an import', () => {
  let db: Db;
  let olga: Actor;
  let close: () => Promise<void>;
  beforeEach(async () => {
    const story = await openStory();
    db = story.trx;
    close = story.close;
    olga = await makeOlga(db);
  });
  afterEach(() => close());

  const rows: [cells: Record<string, string>, verdict: string][] = [
    [{}, 'ready'],
    [{ username: ' uma ', email: ' Uma@X.org ' }, 'ready'],
    [{ username: 'Uma' }, 'invalid_username'],
    [{ username: '' }, 'invalid_username'],
    [{ username: 'x'.repeat(10_000) }, 'invalid_username'],
    [{ username: 'u\0ma' }, 'invalid_username'],
    [{ username: 'admin' }, 'reserved_username'],
    [{ username: 'new' }, 'reserved_username'],
    [{ username: 'olga' }, 'duplicate_username'],
    [{ email: 'OLGA@World.Example' }, 'duplicate_email'],
    [{ email: '' }, 'invalid_email'],
    [{ email: 'уma@x.org' }, 'invalid_email'],
    [{ email: 'a@x.com, b@x.com' }, 'invalid_email'],
    [{ email: 'a@x.com\r\nBcc: b@x.com' }, 'invalid_email'],
    [{ name: '', organization: '', first_name: '' }, 'missing_name'],
    [{ name: '', organization: 'Uma Ltd' }, 'ready'],
    [{ name: 'Uma\uFFFD' }, 'invalid_value'],
    [{ phone: 'call me' }, 'invalid_value'],
    [{ description: 'x'.repeat(10_000) }, 'invalid_value'],
    [{ description: 'two\nlines 👩‍🚀 \u202e' }, 'ready'],
    [{ user_type: 'alien' }, 'invalid_value'],
    [{ profile: 'superuser' }, 'invalid_profile'],
    [{ profile: '__proto__' }, 'invalid_profile'],
    [{ profile: 'monitor' }, 'ready'],
    [{ profile: 'administrator' }, 'needs_confirmation'],
    [{ state: 'Active' }, 'ready'],
    [{ state: 'state_suspended' }, 'ready'],
    [{ state: 'asleep' }, 'invalid_value'],
    [{ email_verified: 'perhaps' }, 'invalid_value'],
    [{ expires_at: '2027-02-30' }, 'invalid_value'],
    [{ expires_at: '2027-02-28' }, 'ready'],
  ];
  for (const [cells, verdict] of rows) {
    it(`of ${JSON.stringify(cells).slice(0, 60)} is ${verdict}`, async () => {
      const all: Record<string, string> = { username: 'uma', email: 'uma@x.org', name: 'Uma', ...cells };
      const csv = [Object.keys(all), Object.values(all)].map((row) => row.map((cell) => `"${cell}"`).join(',')).join('\n');
      expect(await verdictsOf(db, await take(db, olga, csv))).to.deep.equal([verdict]);
    });
  }

  it('lets the first good row have a username and an address', async () => {
    const csv = `username,email,name
      a1,x@x.org,A
      a1,y@x.org,second with the username
      a2,X@X.ORG,second with the address
      a3,y@x.org,free: the row before was not good
      a4,nobody,spoiled
      a4,z@x.org,first good one`;
    const expected = ['ready', 'duplicate_username', 'duplicate_email', 'ready', 'invalid_email', 'ready'];
    expect(await verdictsOf(db, await take(db, olga, csv.replaceAll('\n      ', '\n')))).to.deep.equal(expected);
  });

  it('names the rows, users and fields that stand in the way', async () => {
    await db('users').insert({
      username: 'gone',
      email: 'gone@x.org',
      name: 'Gone',
      state: 'STATE_APPROVED',
      deletedAt: new Date(),
    });
    const csv =
      'username,email,name,phone\na1,x@x.org,A,\na1,y@x.org,A,\na2,x@x.org,A,\ngone,gone@x.org,A,\na3,olga@world.example,A,\na4,v@x.org,A,call';
    const id = await take(db, olga, csv);
    const problems = await db('importRows').where({ importId: id }).orderBy('line').pluck('problem');
    expect(problems).to.deep.equal([
      '',
      'Row 2 of this file has the same username.',
      'Row 2 of this file has the same address.',
      'A deleted user holds this username.',
      'The user olga has this address.',
      'Phone: Digits, with + in front and blanks, dots, hyphens or brackets between.',
    ]);
  });

  it('counts places and gives the rest none', async () => {
    await db('settings').update({ accountLimit: 3 });
    const id = await take(db, olga, 'username,email,name\na1,1@x.org,A\nA2,2@x.org,A\na3,3@x.org,A\na4,4@x.org,A\na5,5@x.org,A');
    expect(await verdictsOf(db, id)).to.deep.equal(['ready', 'invalid_username', 'ready', 'over_limit', 'over_limit']);
    await db('settings').update({ accountLimit: 0 });
    await changeColumns(db, id, (await findImport(db, id)).columns);
    expect(await countVerdicts(db, id)).to.deep.equal({ ready: 4, invalid_username: 1 });
  });

  it('is one for each row of a file of 3,000, good and nasty', async () => {
    const { csv, counts } = nastyAccounts(3000);
    const id = await take(db, olga, csv);
    expect(await countVerdicts(db, id)).to.deep.equal(counts);
    await changeColumns(db, id, (await findImport(db, id)).columns);
    expect(await countVerdicts(db, id)).to.deep.equal(counts);
  }).timeout(20_000);

  it('waits until the columns are known', async () => {
    const id = await take(db, olga, 'who,where to,called\na1,a1@x.org,A');
    expect(await verdictsOf(db, id)).to.deep.equal([null]);
    await changeColumns(db, id, ['username', 'email', 'name']);
    expect(await verdictsOf(db, id)).to.deep.equal(['ready']);
  });

  it('spares rows that are too short or too long the guess what was meant', async () => {
    const id = await take(db, olga, 'username,email,name,phone\na1,1@x.org,A\na2,2@x.org,A,123,456\na3,3@x.org,A,123\n\n,,,\n');
    expect(await verdictsOf(db, id)).to.deep.equal(['invalid_value', 'invalid_value', 'ready']);
  });

  it('takes no harm from evil headings', async () => {
    const id = await take(
      db,
      olga,
      '__proto__,constructor,username,email,name,username,password,admin\nx,y,a1,1@x.org,A,a2,secret,true',
    );
    const [row] = await db('importRows').where({ importId: id });
    expect(row).to.deep.include({ verdict: 'ready' });
    expect(row.fields).to.include({ username: 'a1', profile: 'customer' }).and.not.have.property('password');
    expect(({} as Record<string, unknown>).admin).to.equal(undefined);
  });

  const unreadable: [name: string, content: string][] = [
    ['empty', ''],
    ['of headings alone', 'username,email,name\n'],
    ['of one column', 'username|email|name\na|b@x.org|c'],
    ['of blank lines', '\n\n\n'],
    ['of 101 columns', `${'a,'.repeat(100)}b\n1`],
    ['broken', 'username,email\na,"b'],
  ];
  for (const [name, content] of unreadable) {
    it(`is refused to a file that is ${name}, and nothing is kept`, async () => {
      expect(await take(db, olga, content).catch((error) => error)).to.be.instanceOf(Invalid);
      expect(await db('imports').select('id')).to.deep.equal([]);
      expect(await db('importClaims').select('line')).to.deep.equal([]);
    });
  }
});

describe('The columns of an import', () => {
  it('are guessed by what people write over them', () => {
    const headings = [
      'E-mail',
      'Login',
      'First Name',
      'surname',
      'Company',
      'Tel',
      'IBAN',
      'verdict',
      'Role',
      'email_verified',
      '',
    ];
    const columns = [
      'email',
      'username',
      'first_name',
      'last_name',
      'organization',
      'phone',
      'bank_account',
      null,
      'profile',
      'email_verified',
      null,
    ];
    expect(guessColumns(headings)).to.deep.equal(columns);
  });

  it('are never guessed twice; the exact heading counts', () => {
    expect(guessColumns(['Mail', 'email', 'E-Mail', 'username', 'username'])).to.deep.equal([
      null,
      'email',
      null,
      'username',
      null,
    ]);
  });

  it('can be chosen, each once, username and email among them', () => {
    const headings = ['a', 'b', 'c'];
    expect(readColumns({ column_0: 'email', column_1: 'username', column_2: 'password' }, headings)).to.deep.equal([
      'email',
      'username',
      null,
    ]);
    expect(() => readColumns({ column_0: 'email', column_1: 'email', column_2: 'username' }, headings)).to.throw(
      Invalid,
      'already',
    );
    expect(() => readColumns({ column_0: 'email' }, headings)).to.throw(Invalid, 'which column');
    expect(() => readColumns(Object.create(null), headings)).to.throw(Invalid);
  });
});
