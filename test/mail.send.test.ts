import { expect } from 'chai';
import { pino } from 'pino';
import { giveLink, letterNumbered, turnMailOn, write } from './kit/letters.ts';
import { openPostOffice, type PostOffice, sendAll } from './kit/postman.ts';
import { openSite, type Site } from './kit/site.ts';

describe('Letters on their way', () => {
  let site: Site;
  let office: PostOffice;
  beforeEach(async () => {
    office = await openPostOffice();
    site = await openSite({ SMTP_URL: office.url, BASE_URL: 'https://console.example' });
    await turnMailOn(site);
  });
  afterEach(async () => {
    await office.close();
    await site.close();
  });

  const send = () => sendAll(site.context);
  const letter = (id: number) => letterNumbered(site, id);
  /** As if so many minutes had passed. */
  const wait = (minutes: number) =>
    site.db.raw(
      `update letters set due_at = due_at - make_interval(mins => :minutes), created_at = created_at - make_interval(mins => :minutes)`,
      { minutes },
    );

  it('leave once, and say when and what the server answered', async () => {
    const id = await write(site, 'uma');
    await send();
    await send();
    expect(office.mails().map(({ to }) => to)).to.deep.equal([['uma@world.example']]);
    const sent = await letter(id);
    expect(sent).to.include({ state: 'sent', tries: 1, leaseUntil: null });
    expect(sent.serverWords).to.match(/^250 /);
    expect(sent.endedAt).to.be.instanceOf(Date);
  });

  it('share connections, however many they are', async () => {
    for (let count = 0; count < 12; count += 1) await write(site, 'uma');
    await send();
    expect(office.mails()).to.have.length(12);
    expect(office.connections()).to.be.within(1, 3);
    expect(new Set(office.mails().map(({ messageId }) => messageId)).size).to.equal(12);
  });

  it('leave first where they bring a link: somebody waits for it', async () => {
    for (let count = 0; count < 5; count += 1) await write(site, 'uma');
    await write(site, 'ines', { link: await giveLink(site, 'ines', 'reset') });
    await send();
    expect(office.mails()[0]?.to).to.deep.equal(['ines@world.example']);
  });

  it('fail for good when the address is refused, with the server’s words, and hold up no other', async () => {
    office.answer('to', '550 5.1.1 No\u0007 such\u001b[31m person', { to: 'uma@world.example' });
    const refused = await write(site, 'uma');
    const other = await write(site, 'ines');
    await send();
    await wait(5000);
    await send();
    expect(await letter(refused)).to.include({ state: 'failed', serverWords: '550 5.1.1 No such [31m person', tries: 1 });
    expect((await letter(other)).state).to.equal('sent');
  });

  it('fail for good when the server will not have what they say', async () => {
    office.answer('data', '554 5.7.1 This is spam');
    const id = await write(site, 'uma');
    await send();
    expect(await letter(id)).to.include({ state: 'failed', serverWords: '554 5.7.1 This is spam' });
  });

  it('are tried again with growing waits when the server says later, and fail after two days', async () => {
    office.answer('to', '451 4.7.1 Come back later');
    const id = await write(site, 'uma');
    const waits: number[] = [];
    for (let tries = 1; tries <= 8; tries += 1) {
      await send();
      await send();
      const { tries: counted, state, serverWords, dueAt } = await letter(id);
      expect({ counted, state, serverWords }).to.deep.equal({
        counted: tries,
        state: 'queued',
        serverWords: '451 4.7.1 Come back later',
      });
      const { rows } = await site.db.raw('select extract(epoch from ?::timestamptz - now())::int / 60 as minutes', [dueAt]);
      waits.push(rows[0].minutes);
      await wait(rows[0].minutes);
    }
    expect(waits).to.deep.equal([1, 5, 15, 60, 180, 360, 720, 1440]);
    await send();
    expect(await letter(id)).to.include({ state: 'failed', tries: 9, serverWords: '451 4.7.1 Come back later' });
    expect(office.mails()).to.deep.equal([]);
  });

  it('leave under the same Message-ID when nobody knows whether they had left', async () => {
    office.answer('data', 'drop', { times: 1 });
    const id = await write(site, 'uma');
    await send();
    expect(await letter(id)).to.include({ state: 'queued', tries: 1 });
    await wait(2);
    await site.db('mailServer').update({ nextTryAt: '2026-01-01' });
    await send();
    expect((await letter(id)).state).to.equal('sent');
    const [first, second, ...more] = office.mails();
    expect(more).to.deep.equal([]);
    expect(first?.messageId).to.match(/^<[\da-f-]{36}@console\.example>$/);
    expect(second?.messageId).to.equal(first?.messageId);
  });

  it('are taken up again by whoever comes when a process was killed with one in hand', async () => {
    const id = await write(site, 'uma');
    await site.db('letters').update({ tries: 1, leaseUntil: site.db.raw(`now() + interval '1 minute'`) });
    await send();
    expect(office.mails()).to.deep.equal([]);
    await site.db('letters').update({ leaseUntil: site.db.raw('now()') });
    await send();
    expect(await letter(id)).to.include({ state: 'sent', tries: 2 });
    expect(office.mails()).to.have.length(1);
  });

  it('are dropped when their link has been used, replaced, taken back or has expired', async () => {
    const drop = async (change: () => Promise<unknown>) => {
      const id = await write(site, 'uma', { link: await giveLink(site, 'uma', 'reset') });
      await change();
      await send();
      const { state, serverWords } = await letter(id);
      return `${state}: ${serverWords}`;
    };
    const now = site.db.raw('now()');
    expect(await drop(() => site.db('links').update({ usedAt: now }))).to.equal('dropped: Its link has been used.');
    expect(await drop(() => site.db('links').update({ voidedAt: now }))).to.equal('dropped: Its link has been taken back.');
    expect(await drop(() => site.db('links').update({ expiresAt: now }))).to.equal('dropped: Its link has expired.');
    expect(await drop(() => giveLink(site, 'uma', 'reset'))).to.equal('dropped: A newer link has replaced its link.');
    expect(await drop(() => site.db('links').delete())).to.equal('dropped: A newer link has replaced its link.');
    expect(office.mails()).to.deep.equal([]);
  });

  it('are dropped when their reader has been deleted, but for the one that says so', async () => {
    const id = await write(site, 'uma');
    const deleted = await write(site, 'uma', { kind: 'deleted' });
    await site
      .db('users')
      .where({ username: 'uma' })
      .update({ deletedAt: site.db.raw('now()') });
    await send();
    expect(await letter(id)).to.include({ state: 'dropped', serverWords: 'The account has been deleted.' });
    expect((await letter(deleted)).state).to.equal('sent');
  });

  it('wait while outgoing mail is off, and are not sent after a week', async () => {
    const id = await write(site, 'uma');
    await sendAll({ ...site.context, config: { ...site.context.config, smtpUrl: undefined } });
    expect(await letter(id)).to.include({ state: 'queued', tries: 0 });
    await wait(8 * 1440);
    await send();
    expect(await letter(id)).to.include({ state: 'failed', serverWords: 'It could not be sent for a week.' });
  });

  it('of a release that this one does not know are left to the other, and hold up none', async () => {
    const unknown = await write(site, 'uma');
    await site.db('letters').update({ kind: 'of-tomorrow' });
    const known = await write(site, 'uma');
    const said: string[] = [];
    const log = pino({ level: 'error' }, { write: (line: string) => void said.push(line) });
    await sendAll({ ...site.context, log });
    expect(await letter(unknown)).to.include({ state: 'queued', tries: 1 });
    expect((await letter(known)).state).to.equal('sent');
    expect(said.join()).to.include('of-tomorrow');
  });
});
