import { expect } from 'chai';
import { issueLink } from '../src/links/links.ts';
import { enqueueLetter, type NewLetter } from '../src/mail/letters.ts';
import { sendLetters, type Works } from '../src/mail/send.ts';
import { turnMailOn } from './kit/letters.ts';
import { openPostOffice, type PostOffice } from './kit/postman.ts';
import { openSite, type Site } from './kit/site.ts';

describe('Sending letters', () => {
  let site: Site;
  let office: PostOffice;
  let works: Works;
  beforeEach(async () => {
    office = await openPostOffice();
    site = await openSite({ SMTP_URL: office.url, BASE_URL: 'https://console.example' });
    works = site.context;
    await turnMailOn(site);
  });
  afterEach(async () => {
    await office.close();
    await site.close();
  });

  const uma = () => ({ id: site.ids.uma, email: 'uma@world.example' });
  const write = (letter: Partial<NewLetter> = {}) =>
    site.db.transaction((trx) => enqueueLetter(trx, { kind: 'activated', user: uma(), ...letter } as NewLetter));
  const letter = () => site.db('letters').orderBy('id', 'desc').first();

  it('hands each to the server once', async () => {
    await write({ data: { reason: 'Welcome & <b>' } });
    await sendLetters(works);
    console.log(
      office
        .mails()
        .map((m) => m.raw)
        .join('\n'),
      await letter(),
    );
    await sendLetters(works);
    expect(office.mails()).to.have.length(1);
  });
  it('x', async () => {
    const link = await site.db.transaction((trx) =>
      issueLink(trx, 'reset', { userId: site.ids.uma, email: 'uma@world.example' }),
    );
    await write({ link });
    await sendLetters(works);
    console.log(office.mails()[0]);
    office.answer('to', '550 5.1.1 No such <user>');
    await write();
    await sendLetters(works);
    console.log(await letter());
    office.mend();
    office.answer('data', '451 4.3.0 try');
    await write();
    await sendLetters(works);
    console.log(await letter());
    office.mend();
    office.answer('data', 'drop');
    await write();
    await sendLetters(works);
    console.log(await letter(), await site.db('mailServer'));
    await site.db('mailServer').update({ nextTryAt: '2020-01-01' });
    office.mend();
    await office.leave();
    await write();
    await sendLetters(works);
    console.log(await letter(), await site.db('mailServer'));
  });
});
