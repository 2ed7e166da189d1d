import { expect } from 'chai';
import { actorFor } from './kit/actor.ts';
import { draft, writeDraft } from './kit/announcing.ts';
import { turnMailOn } from './kit/letters.ts';
import { told } from './kit/notices.ts';
import { alertOf, fieldValue, problem } from './kit/reading.ts';
import { siteForEach } from './kit/site.ts';
import { modes } from './kit/visitor.ts';

describe('The pages of announcements', () => {
  const { site } = siteForEach();

  const row = async (path: string) =>
    site
      .db('announcements')
      .where({ id: Number(path.split('/').at(-1)) })
      .first();

  for (const mode of modes) {
    it(`lead from writing over a preview with exact numbers to sending, and to withdrawing (${mode})`, async () => {
      await turnMailOn(site);
      await site
        .db('users')
        .where({ username: 'ines' })
        .update({ mutedLetters: ['announcements'] });
      const olga = await site.visitor('olga', mode);
      const path = await writeDraft(olga, { to: 'some', words: 'profile:customer', mails: 'on', text: 'A\nB' });
      const { text } = olga.page;
      expect(text).to.include('4 users get it.').and.include('7 users more match but cannot read it');
      expect(text).to.include('3 users by mail too; the others have turned such letters off.');
      expect(text).to.include('Profile: Customer').and.include('nobody has been told yet');
      expect(olga.page.document.querySelector('.preview .prose')?.textContent).to.equal('A\nB');
      expect(await site.db('notifications')).to.deep.equal([]);
      const confirm = await olga.get(`${path}/send`);
      expect(confirm.document.querySelector('.primary')?.text).to.equal('Send to 4 users');
      const sent = await olga.submit(`${path}/send`);
      expect(new URL(sent.url).pathname).to.equal(path);
      expect(sent.text)
        .to.include('It has been sent to 4 users.')
        .and.match(/Read by\s*0 \(0 %\)/);
      expect((await told(site, 'uma')).map(({ says }) => says)).to.deep.equal(['Maintenance']);
      const list = await olga.get('/announcements');
      expect(list.text).to.match(/Maintenance\s*Profile: Customer\s*Sent\s*just now\s*Olga Ivanova\s*4\s*0 \(0 %\)/);
      await olga.get(`${path}/withdraw`);
      const withdrawn = await olga.submit(`${path}/withdraw`);
      expect(withdrawn.text).to.include('It has been withdrawn');
      expect(await site.db('notifications')).to.deep.equal([]);
    });

    it(`keep what was typed, with the message beside its field (${mode})`, async () => {
      const olga = await site.visitor('olga', mode);
      await olga.get('/announcements/new');
      const wrong = await olga.submit('/announcements/new', { title: '', text: ' ', to: 'some', words: 'state:lockd' });
      expect(wrong.status).to.equal(422);
      expect(problem(wrong, 'title')).to.equal('A title is needed.');
      expect(problem(wrong, 'text')).to.equal('A text is needed.');
      const words = await olga.submit('/announcements/new', { title: 'T', text: 'X', to: 'some', words: 'state:lockd' });
      expect(problem(words, 'words')).to.match(/^Status does not know “lockd”; it may hold/);
      expect([words.status, fieldValue(words, 'words'), fieldValue(words, 'title')]).to.deep.equal([422, 'state:lockd', 'T']);
      const empty = await olga.submit('/announcements/new', { title: 'T', text: 'X', to: 'some', words: '' });
      expect(problem(empty, 'words')).to.match(/^Filter words are needed/);
      const long = await olga.submit('/announcements/new', { title: 'T'.repeat(101), text: 'X'.repeat(4001), to: 'nobody' });
      expect(problem(long, 'title')).to.include('100 characters at most');
      expect(problem(long, 'text')).to.include('4000 characters at most');
      expect(problem(long, 'to')).to.equal('Choose who gets it.');
      expect(await site.db('announcements')).to.deep.equal([]);
    });
  }

  it('let a draft be changed and deleted, and show whoever saves second how it is by then', async () => {
    const olga = await site.visitor('olga');
    const path = await writeDraft(olga);
    const oscar = await site.visitor('oscar');
    await oscar.get(`${path}/edit`);
    await olga.get(`${path}/edit`);
    expect((await olga.submit(`${path}/edit`, { title: 'Changed' })).text).to.include('The draft has been saved.');
    const late = await oscar.submit(`${path}/edit`, { title: 'Mine' });
    expect([late.status, fieldValue(late, 'title')]).to.deep.equal([409, 'Mine']);
    expect(alertOf(late)).to.include('“Changed” has been changed since this form was opened.');
    expect(late.document.querySelector('main .facts')?.text).to.include('Changed').and.include('Everybody who can sign in');
    expect((await row(path)).title).to.equal('Changed');
    expect((await oscar.submit(`${path}/edit`, { title: 'Mine' })).text).to.include('The draft has been saved.');
    await olga.get(`${path}/delete`);
    expect((await olga.submit(`${path}/delete`)).text).to.include('The draft “Mine” has been deleted.');
    expect((await olga.get(path)).status).to.equal(404);
  });

  it('refuse to send what was changed since the page was opened', async () => {
    const olga = await site.visitor('olga');
    const path = await writeDraft(olga);
    await olga.get(`${path}/send`);
    const unsaid = await olga.submit(`${path}/send`, { version: '' });
    expect(unsaid.status).to.equal(422);
    expect(alertOf(unsaid)).to.include('does not say which version of the draft');
    await site.db('announcements').update({ version: 2, text: 'Else' });
    const refused = await olga.submit(`${path}/send`);
    expect(refused.status).to.equal(409);
    expect(alertOf(refused)).to.include('Somebody has changed it');
    expect((await row(path)).state).to.equal('draft');
  });

  it('show how far a long one is, that it can be stopped, and how it goes on', async () => {
    const olga = await site.visitor('olga');
    const path = await writeDraft(olga);
    await olga.get(`${path}/send`);
    await olga.submit(`${path}/send`);
    await site.db('announcements').update({ state: 'sending', receivers: 3, expected: 10, doneTo: site.ids.stan });
    const running = await olga.get(path);
    expect(running.text).to.include('3 of 10');
    expect(running.html).to.include('http-equiv="refresh" content="2"');
    const stopped = await olga.submit(`${path}/stop`);
    expect(stopped.text).to.include('It has been stopped. Whoever has it keeps it.').and.include('3 of 10 users have it');
    const done = await olga.submit(`${path}/resume`);
    expect(done.text).to.include('It has been sent to');
    expect((await row(path)).state).to.equal('sent');
    expect(await site.db('notifications')).to.have.length(10);
    expect((await olga.post(`${path}/stop`, {})).text).to.include('was not being sent');
  });

  it('show no draft as sendable to nobody, and no sent one as changeable', async () => {
    const olga = await site.visitor('olga');
    const id = await draft(site.db, await actorFor(site.db, 'olga'), { words: 'state:inactive' });
    const page = await olga.get(`/announcements/${id}/send`);
    expect(page.text).to.include('Nobody would get it.');
    expect(page.document.querySelector('#confirm .primary')).to.equal(null);
    const path = await writeDraft(olga);
    await olga.get(`${path}/send`);
    await olga.submit(`${path}/send`);
    for (const part of ['edit', 'delete', 'send']) expect((await olga.get(`${path}/${part}`)).status, part).to.equal(409);
  });

  it('print what somebody wrote as it was written, wherever it stands', async () => {
    const olga = await site.visitor('olga');
    const nasty = `<script>alert(1)</script> "x" & 'y'`;
    const path = await writeDraft(olga, { title: nasty, text: nasty, to: 'some', words: `${nasty} state:active` });
    for (const address of ['/announcements', path, `${path}/edit`, `${path}/send`, `${path}/delete`]) {
      const page = await olga.get(address);
      expect(page.status, address).to.equal(200);
      expect(page.html, address).to.not.include('<script>alert');
    }
  });

  it('are turned by key', async () => {
    const by = await actorFor(site.db, 'olga');
    for (let count = 1; count <= 27; count += 1) await draft(site.db, by, { title: `Number ${count}.` });
    const olga = await site.visitor('olga');
    const titles = () => olga.page.document.querySelectorAll('tbody th').map(({ text }) => text);
    await olga.get('/announcements');
    expect([titles()[0], titles().length]).to.deep.equal(['Number 27.', 25]);
    await olga.get(olga.page.document.querySelector('#page-next')?.getAttribute('href') as string);
    expect(titles()).to.deep.equal(['Number 2.', 'Number 1.']);
  });

  it('can be turned off as mail under the own account', async () => {
    const uma = await site.visitor('uma');
    const page = await uma.get('/account/mail');
    expect(page.text).to.include('Something is announced to users');
  });
});
