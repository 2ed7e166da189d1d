import { expect } from 'chai';
import { actsUpon } from './kit/history.ts';
import { openPostOffice, type PostOffice } from './kit/postman.ts';
import { fieldValue, problem } from './kit/reading.ts';
import { openSite, type Site } from './kit/site.ts';
import { modes, type Visitor } from './kit/visitor.ts';

describe('A test mail', () => {
  let site: Site;
  let office: PostOffice;
  let olga: Visitor;
  const open = async (env: Record<string, string> = { SMTP_URL: office.url }) => {
    site = await openSite(env);
    await site.db('settings').update({ outgoingMail: env.SMTP_URL !== undefined });
    olga = await site.visitor('olga');
    await olga.get('/settings/test-mail');
  };
  beforeEach(async () => {
    office = await openPostOffice();
  });
  afterEach(async () => {
    await office.close();
    await site.close();
  });

  const test = (address = 'ops@world.example') => olga.submit('/settings/test-mail', { address });

  for (const mode of modes) {
    it(`leaves at once, and the server’s answer is shown (${mode})`, async () => {
      await open();
      const visitor = await site.visitor('olga', mode);
      await visitor.get('/settings/test-mail');
      expect(fieldValue(visitor.page, 'address')).to.equal('olga@world.example');
      const page = await visitor.submit('/settings/test-mail');
      expect(page.text).to.include('The mail server has taken it for olga@world.example: 250 OK');
      const [mail, ...more] = office.mails();
      expect(more).to.deep.equal([]);
      expect(mail?.subject).to.equal('Test mail');
      expect(mail?.to).to.deep.equal(['olga@world.example']);
      expect((await actsUpon(site, site.ids.olga)).at(-1)).to.include({ act: 'mail.tested', outcome: 'done' });
      expect(await site.db('letters')).to.deep.equal([]);
    });
  }

  for (const [what, prepare, words] of [
    ['refuses it', () => office.answer('to', '550 5.1.1 No such person'), '550 5.1.1 No such person'],
    ['takes nothing now', () => office.answer('data', '451 4.3.0 Later'), '451 4.3.0 Later'],
    ['breaks off', () => office.answer('from', 'drop'), 'Connection closed'],
    ['is not there', () => office.leave(), 'ECONNREFUSED'],
  ] as const) {
    it(`whose server ${what} says so in its words, beside the field`, async () => {
      await open();
      await prepare();
      const page = await test();
      expect(page.status).to.equal(422);
      expect(problem(page, 'address')).to.include('The mail server did not take it: ').and.include(words);
      expect(fieldValue(page, 'address')).to.equal('ops@world.example');
      expect((await actsUpon(site, site.ids.olga)).at(-1)).to.include({ act: 'mail.tested', outcome: 'failed' });
    });
  }

  it('whose server falls silent is answered within ten seconds', async () => {
    await open();
    office.answer('to', 'hang');
    const began = Date.now();
    const page = await test();
    expect(Date.now() - began).to.be.below(12_000);
    expect(problem(page, 'address')).to.include('no answer within 10 seconds');
  });

  it('says how mail is turned on where it is off', async () => {
    await open({});
    expect(olga.page.text).to.include('Outgoing mail is off.');
    const page = await test();
    expect(page.status).to.equal(422);
    expect(problem(page, 'address')).to.include('Set SMTP_URL');
  });

  it('goes to one plain address only', async () => {
    await open();
    for (const address of ['', 'a@b.example, c@d.example', 'x', 'Olga <olga@world.example>', 'a@b.example\r\nBcc: c@d.example']) {
      const page = await test(address);
      expect(page.status, address).to.equal(422);
      expect(problem(page, 'address'), address).to.not.equal('');
    }
    expect(office.mails()).to.deep.equal([]);
  });

  it('lets what waited for the server leave', async () => {
    await open();
    await site.db('mailServer').update({ failures: 4, nextTryAt: site.db.raw(`now() + interval '3 minutes'`) });
    await test();
    expect((await site.db('mailServer').first()).failures).to.equal(0);
  });

  it('is not for sending very many', async () => {
    await open();
    await test();
    await site.db.raw(
      `insert into history (act, actor_id, actor_digest, user_digest) select 'mail.tested', ?, '', '' from generate_series(1, 19)`,
      [site.ids.olga],
    );
    expect((await test()).status).to.equal(429);
    expect(office.mails()).to.have.length(1);
  });
});
