import { expect } from 'chai';
import type { Actor } from '../src/access/actor.ts';
import type { Db } from '../src/ground/database.ts';
import { Refused } from '../src/ground/errors.ts';
import { sealHistory } from '../src/history/chain.ts';
import { verifyHistory } from '../src/history/verify.ts';
import { eraseOldImports } from '../src/imports/erase.ts';
import { countVerdicts, findImport } from '../src/imports/import.ts';
import { rejectedRows } from '../src/imports/reports.ts';
import { runImport, startImport, stopImport } from '../src/imports/run.ts';
import { makeOlga, run, stateOf, take, verdictsOf, whole } from './fixtures/imports.ts';
import { nastyAccounts } from './fixtures/nasty-accounts.ts';
import { openStory } from './kit/database.ts';

const three = 'username,email,name\na1,1@x.org,A\na2,2@x.org,B\na3,3@x.org,C';

describe('Running an import', () => {
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

  const found = (username: string) => db('users').where({ username }).first();

  it('creates the ready rows as invited, verified users without password', async () => {
    const id = await take(db, olga, three);
    expect(await run(db, olga, id)).to.deep.equal({ created: 3 });
    expect(await stateOf(db, id)).to.equal('done');
    const user = await found('a2');
    expect(user).to.include({ email: '2@x.org', name: 'B', state: 'STATE_INVITED', profile: 'customer', passwordHash: null });
    expect(user.emailVerifiedAt).to.be.instanceOf(Date);
    expect((await db('accountCounter').first()).live).to.equal(4);
  });

  it('sends the invited ones their activation mails when that is asked for, and nobody else', async () => {
    await db('settings').update({ outgoingMail: true });
    const csv = 'username,email,name,state\na1,1@x.org,A,\na2,2@x.org,B,active\na3,3@x.org,C,inactive\na4,4@x.org,D,invited\n';
    const id = await take(db, olga, csv);
    await startImport(db, olga, id, { mailsActivation: true });
    await runImport(db, id);
    const letters = await db('letters')
      .join('links', 'links.id', 'linkId')
      .orderBy('address')
      .select('kind', 'address', 'purpose');
    expect(letters.map(({ kind, address, purpose }) => [kind, address, purpose])).to.deep.equal([
      ['activation', '1@x.org', 'activation'],
      ['activation', '4@x.org', 'activation'],
    ]);
    expect(await db('letters').where({ address: '1@x.org' }).first()).to.deep.include({
      data: { username: 'a1' },
      state: 'queued',
    });
  });

  it('sends no mail unless it is asked for', async () => {
    await db('settings').update({ outgoingMail: true });
    await run(db, olga, await take(db, olga, three));
    expect(await db('letters')).to.deep.equal([]);
  });

  it('honours state, profile, verification and expiry of the file', async () => {
    const csv = 'login;mail;company;status;role;verified;expires\na1;1@x.org;Öl AG;Suspended;monitor;no;2031-05-31\n';
    await run(db, olga, await take(db, olga, csv));
    const user = await found('a1');
    expect(user).to.include({
      name: 'Öl AG',
      organization: 'Öl AG',
      state: 'STATE_SUSPENDED',
      profile: 'monitor',
      emailVerifiedAt: null,
    });
    expect(user.expiresAt.toISOString()).to.equal('2031-05-31T23:59:59.000Z');
  });

  it('leaves a history row for each user, and one for the import', async () => {
    const id = await take(db, olga, three);
    await run(db, olga, id);
    const acts = await db('history').where({ actorId: olga.id }).orderBy('id').select('act', 'userId');
    expect(acts.map(({ act }) => act)).to.deep.equal(['import.started', 'user.imported', 'user.imported', 'user.imported']);
    const { id: historyId } = await db('history')
      .where({ userId: (await found('a1')).id })
      .first();
    const { words } = await db('historyWords').where({ historyId, part: 'user' }).first();
    expect(words).to.deep.include({ username: 'a1', facts: { importId: id, line: 2 } });
    expect(words.changes.email).to.deep.equal([null, '1@x.org']);
  });

  it('leaves a history that can be proved', async () => {
    const { csv, counts } = nastyAccounts(1200);
    await run(db, olga, await take(db, olga, csv));
    while ((await sealHistory(db)) > 0);
    expect(await verifyHistory(db)).to.deep.equal({ checked: (counts.ready ?? 0) + 1, unsealed: 0, broken: null });
  });

  it('creates nothing from the same file again', async () => {
    const { csv, counts } = nastyAccounts(1500);
    await run(db, olga, await take(db, olga, csv));
    const again = await run(db, olga, await take(db, olga, csv));
    expect(again.created).to.equal(undefined);
    expect(again.duplicate_username).to.equal((counts.ready ?? 0) + (counts.duplicate_username ?? 0));
    expect((await db('accountCounter').first()).live).to.equal(1 + (counts.ready ?? 0));
  });

  it('gives rows that were overtaken since their verdict', async () => {
    const id = await take(db, olga, three);
    await db('users').insert({ username: 'a1', email: 'else@x.org', name: 'X', state: 'STATE_APPROVED' });
    await db('users').insert({ username: 'else', email: '3@X.ORG', name: 'X', state: 'STATE_APPROVED' });
    expect(await run(db, olga, id)).to.deep.equal({ created: 1, duplicate_username: 1, duplicate_email: 1 });
  });

  it('stops at the account limit', async () => {
    const id = await take(db, olga, three);
    await db('settings').update({ accountLimit: 3 });
    expect(await run(db, olga, id)).to.deep.equal({ created: 2, over_limit: 1 });
    expect((await db('accountCounter').first()).live).to.equal(3);
  });

  it('makes administrators only when they are admitted', async () => {
    const csv = 'username,email,name,profile\nb1,1@x.org,A,administrator\nb2,2@x.org,B,';
    const id = await take(db, olga, csv);
    expect(await run(db, olga, id)).to.deep.equal({ created: 1, needs_confirmation: 1 });
    expect(await found('b1')).to.equal(undefined);
    const report = await whole(rejectedRows(db, await findImport(db, id)));
    const again = await take(db, olga, report);
    expect(await run(db, olga, again, true)).to.deep.equal({ created: 1 });
    expect((await found('b1')).profile).to.equal('administrator');
  });

  it('runs once: a second start is refused', async () => {
    const id = await take(db, olga, three);
    await startImport(db, olga, id);
    expect(await startImport(db, olga, id).catch((error) => error)).to.be.instanceOf(Refused);
    await runImport(db, id);
    expect(await startImport(db, olga, id).catch((error) => error)).to.be.instanceOf(Refused);
    await runImport(db, id);
    expect(await countVerdicts(db, id)).to.deep.equal({ created: 3 });
  });

  it('can be stopped, and goes on when started again', async () => {
    const id = await take(db, olga, three);
    await startImport(db, olga, id);
    await stopImport(db, olga, id);
    await runImport(db, id);
    expect(await countVerdicts(db, id)).to.deep.equal({ ready: 3 });
    expect(await run(db, olga, id)).to.deep.equal({ created: 3 });
  });

  it('ends for an administrator who is none any more', async () => {
    const id = await take(db, olga, three);
    await startImport(db, olga, id);
    await db('users').where({ id: olga.id }).update({ profile: 'customer' });
    await runImport(db, id);
    expect([await stateOf(db, id), await verdictsOf(db, id)]).to.deep.equal(['stopped', ['ready', 'ready', 'ready']]);
  });

  it('is not held up by a row that the database refuses', async () => {
    const id = await take(db, olga, three);
    await db('importRows')
      .where({ importId: id, line: 3 })
      .update({ fields: JSON.stringify({ username: 'a2', email: '2@x.org', name: 'B', state: 'STATE_ODD' }) });
    expect(await run(db, olga, id)).to.deep.equal({ created: 2, invalid_value: 1 });
  });

  it('reports the rejected rows so that they can be mended and imported', async () => {
    const csv = 'username;email;name;phone;comment\nA1;1@x.org;=cmd;;"x;y"\na2;nobody;B;;\na3;3@x.org;C;\na4;4@x.org;D;;';
    const id = await take(db, olga, csv);
    await run(db, olga, id);
    const report = await whole(rejectedRows(db, await findImport(db, id)));
    expect(report.split('\r\n')).to.deep.equal([
      '\uFEFFverdict,reason,username,email,name,phone,comment',
      'invalid_username,"Username: Small letters and digits, with single hyphens between them; for example ines-smirnova.",A1,1@x.org,\'=cmd,,x;y',
      'invalid_email,"Email: One address such as ines@example.com, in plain letters.",a2,nobody,B,,',
      'invalid_value,"This row has 4 cells, the heading line 5.",a3,3@x.org,C,',
      '',
    ]);
    const mended = report.replace('A1', 'a1').replace('nobody', '2@x.org');
    const next = await take(db, olga, mended);
    expect(await run(db, olga, next)).to.deep.equal({ created: 2, invalid_value: 1 });
    expect((await found('a1')).name).to.equal('=cmd');
    const rest = await whole(rejectedRows(db, await findImport(db, next)));
    expect(rest.split('\r\n').slice(0, 1)).to.deep.equal(['\uFEFFverdict,reason,username,email,name,phone,comment']);
  });

  it('is erased after a week, an abandoned upload at once', async () => {
    const [old, young] = [await take(db, olga, three), await take(db, olga, three)];
    await db('imports')
      .where({ id: old })
      .update({ madeAt: db.raw(`now() - interval '8 days'`) });
    const [torn] = await db('imports')
      .insert({ filename: 'torn.csv', headings: '[]', columns: '[]', leaseUntil: db.raw(`now() - interval '1 second'`) })
      .returning('id');
    await eraseOldImports(db);
    expect(await db('imports').whereIn('id', [old, young, torn.id]).pluck('id')).to.deep.equal([young]);
    expect(await db('importRows').where({ importId: old }).pluck('line')).to.deep.equal([]);
  });
});
