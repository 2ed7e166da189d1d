import { expect } from 'chai';
import { withdrawAnnouncement } from '../src/announcements/send.ts';
import { actorFor } from './kit/actor.ts';
import { announce } from './kit/announcing.ts';
import { turnMailOn } from './kit/letters.ts';
import { told } from './kit/notices.ts';
import { openPostOffice, type PostOffice, sendAll } from './kit/postman.ts';
import { openSite, type Site } from './kit/site.ts';

const text = 'First line.\nSecond line.\n\nhttps://status.example/a';

describe('The mail of an announcement', () => {
  let site: Site;
  let office: PostOffice;
  beforeEach(async () => {
    office = await openPostOffice();
    site = await openSite({ SMTP_URL: office.url });
    await turnMailOn(site);
  });
  afterEach(async () => {
    await office.close();
    await site.close();
  });

  const toCustomers = async () =>
    announce(site.db, await actorFor(site.db, 'olga'), { text, words: 'profile:customer', mails: true });

  it('goes to whoever gets the announcement, but not to whom has turned such letters off', async () => {
    await site
      .db('users')
      .where({ username: 'ines' })
      .update({ mutedLetters: ['announcements'] });
    await toCustomers();
    await sendAll(site.context);
    const addresses = office.mails().flatMap(({ to }) => to);
    expect(addresses.sort()).to.deep.equal(['flo@world.example', 'lea@world.example', 'uma@world.example']);
    const [mail] = office.mails('uma@world.example');
    expect(mail?.subject).to.equal('Maintenance');
    expect(mail?.text).to.include('First line.\nSecond line.\n\nhttps://status.example/a\n').and.include('/account/mail');
    expect((await told(site, 'ines')).map(({ says }) => says)).to.deep.equal(['Maintenance']);
  });

  it('keeps its text once, and shows it in the list of mails', async () => {
    await toCustomers();
    const letters = await site.db('letters').select('id', 'data', 'textId');
    expect(letters.map(({ data }) => data)).to.deep.equal([{}, {}, {}, {}]);
    expect(new Set(letters.map(({ textId }) => textId)).size).to.equal(1);
    const olga = await site.visitor('olga');
    expect((await olga.get('/mail')).text).to.include('Maintenance');
    expect((await olga.get(`/mail/${letters[0].id}`)).text).to.include('Second line.');
    await sendAll(site.context);
    await olga.get(`/mail/${letters[0].id}`);
    await olga.submit(`/mail/${letters[0].id}/resend`);
    await sendAll(site.context);
    expect(office.mails()).to.have.length(5);
    expect(office.mails().at(-1)?.text).to.include('Second line.');
  });

  it('does not leave any more when it has been withdrawn', async () => {
    const { id } = await toCustomers();
    await withdrawAnnouncement(site.db, await actorFor(site.db, 'olga'), id);
    await sendAll(site.context);
    expect(office.mails()).to.deep.equal([]);
    expect(await site.db('letters').distinct('state', 'serverWords')).to.deep.equal([
      { state: 'dropped', serverWords: 'It has been withdrawn.' },
    ]);
  });
});
