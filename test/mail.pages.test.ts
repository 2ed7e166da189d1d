import { expect } from 'chai';
import { tokenOf } from '../src/links/links.ts';
import { giveLink, setLetter, turnMailOn, write } from './kit/letters.ts';
import { wordsOf } from './kit/reading.ts';
import { siteForEach, testSecret } from './kit/site.ts';
import type { Page } from './kit/visitor.ts';

const rowsOf = (page: Page) =>
  page.document.querySelectorAll('#letters tbody tr').map((row) => row.textContent.replace(/\s+/g, ' ').trim());

describe('The pages of letters', () => {
  const { site, olga } = siteForEach('olga');
  beforeEach(() => turnMailOn(site));

  it('list every letter, the newest first, each with its reader, its state and what is behind it', async () => {
    const [sent, failed, later] = [await write(site, 'uma'), await write(site, 'ines'), await write(site, 'stan')];
    const [undoable, dropped, stranger] = [await write(site, 'uma'), await write(site, 'uma'), await write(site, 'uma')];
    const used = await write(site, 'uma', { link: await giveLink(site, 'uma', 'reset') });
    const now = site.db.raw('now()');
    await setLetter(site, sent, { state: 'sent', endedAt: now, serverWords: '250 OK' });
    await setLetter(site, failed, { state: 'failed', endedAt: now, serverWords: '550 No such <b>person</b>' });
    await setLetter(site, later, {
      tries: 2,
      dueAt: site.db.raw(`now() + interval '5 minutes 10 seconds'`),
      serverWords: '451 Later',
    });
    await setLetter(site, undoable, { dueAt: site.db.raw(`now() + interval '9 minutes 10 seconds'`) });
    await setLetter(site, dropped, { state: 'dropped', serverWords: 'Its link has expired.' });
    await setLetter(site, stranger, { state: 'unsent', userId: null, username: '', address: 'new@world.example' });
    await setLetter(site, used, { state: 'sent', endedAt: now });
    await site.db('links').update({ usedAt: now });
    const rows = rowsOf(await olga.get('/mail'));
    expect(rows).to.have.length(7);
    const expected = [
      /Uma Trucking Ltd uma@world\.example Sent just now, link used/,
      /^Your password has been changed new@world\.example Not sent Outgoing mail was off\./,
      /Uma Trucking Ltd uma@world\.example Dropped Its link has expired\./,
      /Uma Trucking Ltd uma@world\.example Queued Leaves in 9 minutes: until then the act can be undone\./,
      /Stan Kowalski stan@world\.example Queued Next try in 5 minutes\. 451 Later/,
      /Inês Smirnova ines@world\.example Failed 550 No such <b>person<\/b>/,
      /Uma Trucking Ltd uma@world\.example Sent just now/,
    ];
    for (const [index, pattern] of expected.entries()) expect(rows[index]).to.match(pattern);
    expect(olga.page.document.querySelector('#letter-1 b, #letters b')).to.equal(null);
  });

  it('narrow to a state, to part of an address and to a username', async () => {
    await write(site, 'uma');
    await write(site, 'ines', { address: 'Other_Address@fleet.example' });
    await setLetter(site, await write(site, 'stan'), { state: 'failed' });
    const found = async (query: string) => rowsOf(await olga.get(`/mail?${query}`)).length;
    expect(await found('state=failed')).to.equal(1);
    expect(await found('state=sent')).to.equal(0);
    expect(await found('q=OTHER_address')).to.equal(1);
    expect(await found('q=otherXaddress')).to.equal(0);
    expect(await found('q=ines')).to.equal(1);
    expect(await found('q=world.example')).to.equal(2);
    expect(await found('q=%25')).to.equal(0);
    expect(await found('q=world&state=queued')).to.equal(1);
    expect(olga.page.text).to.include('Queued');
    for (const junk of ['state=x', 'q=%00', 'after=x&before=y', 'limit=1', 'state=failed&state=sent', `q=${'a'.repeat(5000)}`])
      expect((await olga.get(`/mail?${junk}`)).status, junk).to.equal(200);
    for (const junk of ['0', 'x', '1e3', '99999999999999999999', '%00'])
      expect((await olga.get(`/mail/${junk}`)).status, junk).to.equal(404);
  });

  it('turn by key, forwards and back', async () => {
    for (let count = 0; count < 60; count += 1) await write(site, 'uma');
    await olga.get('/mail?limit=25');
    const seen: (string | undefined)[] = [];
    for (;;) {
      seen.push(...olga.page.document.querySelectorAll('#letters tbody tr').map(({ id }) => id));
      const next = olga.page.document.querySelector('#page-next')?.getAttribute('href')?.replaceAll('&amp;', '&');
      if (!next) break;
      await olga.get(next);
    }
    expect(new Set(seen).size).to.equal(60);
    const back = olga.page.document.querySelector('#page-previous')?.getAttribute('href')?.replaceAll('&amp;', '&') ?? '';
    expect(rowsOf(await olga.get(back))).to.have.length(25);
  });

  it('show a letter as it was sent, but for its link', async () => {
    const link = await giveLink(site, 'uma', 'reset');
    const id = await write(site, 'uma', { kind: 'suspended', data: { reason: 'Line one\nLine <two>' }, link });
    const page = await olga.get(`/mail/${id}`);
    expect(page.text).to.include('Your account has been suspended').and.include('Reason: Line one Line <two>');
    expect(page.text).to.include('with a link that only its reader gets to see').and.include('@localhost>');
    const token = tokenOf(testSecret, link);
    for (const path of [`/mail/${id}`, '/mail', '/users/uma/mail', '/history'])
      expect((await olga.get(path)).html).to.not.include(token.split('.')[2] as string);
    await setLetter(site, id, { kind: 'of-tomorrow' });
    expect((await olga.get(`/mail/${id}`)).status).to.equal(200);
  });

  it('stand on the page of each user, also of a deleted one', async () => {
    await write(site, 'uma');
    await write(site, 'ines');
    await write(site, 'dora');
    expect(rowsOf(await olga.get('/users/uma/mail'))).to.have.length(1);
    expect(olga.page.document.querySelector('.tabs [aria-current]')?.text).to.equal('Mail');
    expect(rowsOf(await olga.get('/users/dora/mail'))).to.have.length(1);
    expect(rowsOf(await olga.get('/users/uma/mail?state=failed'))).to.deep.equal([]);
  });

  it('say that the mail server fails, since when, with which words, and how many letters wait', async () => {
    await write(site, 'uma');
    await site.db('mailServer').update({
      failures: 3,
      failingSince: site.db.raw(`now() - interval '12 minutes'`),
      nextTryAt: site.db.raw(`now() + interval '2 minutes 10 seconds'`),
      words: 'connect ECONNREFUSED',
    });
    const page = await olga.get('/mail');
    expect(wordsOf(page, '#mail-server')).to.equal(
      'The mail server does not take letters. It began 12 minutes ago: connect ECONNREFUSED 1 letter waits; the next try is in 2 minutes. None is lost.',
    );
    expect(rowsOf(page)[0]).to.include('Waits for the mail server.');
  });

  it('are for administrators alone', async () => {
    const id = await write(site, 'uma');
    for (const name of ['uma', 'stan', 'mona'] as const) {
      const visitor = await site.visitor(name);
      for (const path of ['/mail', `/mail/${id}`, '/users/uma/mail']) expect((await visitor.get(path)).status).to.equal(403);
    }
  });
});
