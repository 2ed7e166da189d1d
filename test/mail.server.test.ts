import { expect } from 'chai';
import { openPostman } from '../src/mail/postman.ts';
import { readMailServer } from '../src/mail/server.ts';
import { letterNumbered, turnMailOn, write } from './kit/letters.ts';
import { openPostOffice, type PostOffice, sendAll } from './kit/postman.ts';
import { openSite, type Site } from './kit/site.ts';

describe('A mail server that fails', () => {
  let site: Site;
  let office: PostOffice;
  afterEach(async () => {
    await office.close();
    await site.close();
  });

  async function open(options: { login?: string } = {}, url?: (office: PostOffice) => string) {
    office = await openPostOffice(options);
    site = await openSite({ SMTP_URL: url?.(office) ?? office.url });
    await turnMailOn(site);
  }

  const send = () => sendAll(site.context);
  const letter = (id: number) => letterNumbered(site, id);
  const minutesToNextTry = async () => {
    const { rows } = await site.db.raw('select extract(epoch from next_try_at - now())::int / 60 as minutes from mail_server');
    return rows[0].minutes;
  };
  const letTimePass = () => site.db('mailServer').update({ nextTryAt: site.db.raw('now()') });

  it('is tried with one letter, while all wait and none is blamed; when it is back each leaves once', async () => {
    await open();
    await office.leave();
    const ids: number[] = [];
    for (let count = 0; count < 20; count += 1) ids.push(await write(site, 'uma'));
    const pauses: number[] = [];
    for (let round = 0; round < 8; round += 1) {
      await send();
      await send();
      pauses.push(await minutesToNextTry());
      await letTimePass();
    }
    expect(pauses).to.deep.equal([1, 1, 1, 2, 2, 2, 3, 3]);
    expect((await readMailServer(site.db)).failures).to.equal(8);
    for (const id of ids) expect(await letter(id)).to.include({ state: 'queued', tries: 0 });
    const tried = await site.db('letters').whereNot({ serverWords: '' });
    expect(tried).to.have.length(1);
    expect(tried.every(({ serverWords }) => /ECONNREFUSED/.test(serverWords))).to.equal(true);
    await office.comeBack();
    await send();
    await send();
    expect(office.mails()).to.have.length(20);
    expect(new Set(office.mails().map(({ messageId }) => messageId)).size).to.equal(20);
    expect(await readMailServer(site.db)).to.include({ failures: 0, failingSince: null, words: '' });
  });

  it('lets its letters fail only after three days', async () => {
    await open();
    await office.leave();
    const id = await write(site, 'uma');
    await send();
    await site.db('letters').update({ createdAt: site.db.raw(`now() - interval '2 days 23 hours'`) });
    await letTimePass();
    await send();
    expect((await letter(id)).state).to.equal('queued');
    await site.db('letters').update({ createdAt: site.db.raw(`now() - interval '3 days 1 minute'`) });
    await send();
    const failed = await letter(id);
    expect(failed.state).to.equal('failed');
    expect(failed.serverWords).to.include('ECONNREFUSED');
  });

  for (const [what, url, words] of [
    ['does not know our password', (one: PostOffice) => one.url.replace('secret', 'wrong'), /535 5\.7\.8 Authentication failed/],
    ['has no such name', () => 'smtp://no-such-host.invalid:2525', /ENOTFOUND|EAI_AGAIN|getaddrinfo/],
    ['speaks another language', (one: PostOffice) => one.url.replace('smtp:', 'smtps:'), /SSL|TLS|wrong version/i],
  ] as const) {
    it(`and ${what} is our trouble: the letters wait`, async () => {
      await open({ login: 'roster:secret' }, url);
      const id = await write(site, 'uma');
      await send();
      expect(await letter(id)).to.include({ state: 'queued', tries: 0 });
      expect((await letter(id)).serverWords).to.match(words);
      expect(await readMailServer(site.db)).to.include({ failures: 1 });
      expect(office.mails()).to.deep.equal([]);
    });
  }

  it('takes letters of whoever signs in rightly', async () => {
    await open({ login: 'roster:secret' });
    const id = await write(site, 'uma');
    await send();
    expect((await letter(id)).state).to.equal('sent');
  });

  for (const [step, answer] of [
    ['from', '553 5.1.8 Sender address rejected'],
    ['from', '530 5.7.0 Authentication required'],
    ['to', '421 4.3.2 Service shutting down'],
  ] as const) {
    it(`and says “${answer}” blames no letter`, async () => {
      await open();
      office.answer(step, answer);
      const id = await write(site, 'uma');
      await send();
      expect(await letter(id)).to.include({ state: 'queued', tries: 0, serverWords: answer });
      expect((await readMailServer(site.db)).failures).to.equal(1);
      office.mend();
      await letTimePass();
      await send();
      expect((await letter(id)).state).to.equal('sent');
    });
  }

  it('and breaks off in the middle is left alone for a while, the letter too', async () => {
    await open();
    office.answer('to', 'drop');
    const ids = [await write(site, 'uma'), await write(site, 'ines')];
    await send();
    const tries = await Promise.all(ids.map(async (id) => (await letter(id)).tries));
    expect(tries.reduce((sum, one) => sum + one)).to.equal(1);
    expect(await minutesToNextTry()).to.equal(1);
  });

  it('and falls silent keeps nobody from stopping: the letter is given back as it was', async () => {
    await open();
    office.answer('data', 'hang');
    const id = await write(site, 'uma');
    const postman = openPostman(site.context);
    const working = postman.work();
    while ((await letter(id)).leaseUntil === null) await new Promise((resolve) => setTimeout(resolve, 20));
    const began = Date.now();
    await postman.stop();
    await working;
    expect(Date.now() - began).to.be.below(6000);
    expect(await letter(id)).to.include({ state: 'queued', tries: 0, leaseUntil: null, serverWords: '' });
    await postman.work();
    expect((await letter(id)).tries, 'a stopped one takes nothing more').to.equal(0);
  });
});
