import { expect } from 'chai';
import { parse } from 'node-html-parser';
import { catalogue, type LetterKind, templateOf } from '../src/mail/catalogue.ts';
import type { NewLetter } from '../src/mail/letters.ts';
import { type Data, preferences } from '../src/mail/words/template.ts';
import { giveLink, turnMailOn, write } from './kit/letters.ts';
import { openPostOffice, type PostOffice, sendAll } from './kit/postman.ts';
import { openSite, type Site } from './kit/site.ts';

const nasty = `<script>alert(1)</script> "x" & 'y'\r\nBcc: evil@evil.example`;

describe('A letter', () => {
  let site: Site;
  let office: PostOffice;
  beforeEach(async () => {
    office = await openPostOffice();
    site = await openSite({
      SMTP_URL: office.url,
      BASE_URL: 'https://console.example',
      MAIL_FROM: 'Fleet, the Console <fleet@console.example>',
    });
    await turnMailOn(site);
  });
  afterEach(async () => {
    await office.close();
    await site.close();
  });

  async function sent(letter: Partial<NewLetter> = {}) {
    await write(site, 'uma', letter);
    await sendAll(site.context);
    const mail = office.mails().at(-1);
    if (!mail) throw new Error('No mail has arrived.');
    return mail;
  }
  const rename = (name: string) => site.db('users').where({ username: 'uma' }).update({ name });

  it('says the same as text and as HTML: to whom, what, why, and who sent it', async () => {
    const mail = await sent({ kind: 'suspended', data: { reason: 'Invoice 7 is not paid.' } });
    expect(mail.subject).to.equal('Your account has been suspended');
    const html = parse(mail.html).querySelector('main')?.textContent.replace(/\s+/g, ' ') ?? '';
    for (const words of [
      'Hello Uma Trucking Ltd,',
      'when you sign in you see your own profile only.',
      'Reason: Invoice 7 is not paid.',
      'You get this because an administrator changed the state of your account.',
      'Fleet, the Console at https://console.example sent this to uma@world.example.',
    ])
      for (const text of [mail.text, html]) expect(text.replace(/\s+/g, ' ')).to.include(words);
    expect(mail.links).to.deep.equal(['https://console.example/account/mail']);
  });

  it('that brings a link has one button, the bare link, and the time until which it works', async () => {
    await site.db('users').where({ username: 'uma' }).update({ timeZone: 'Europe/Minsk' });
    const link = await giveLink(site, 'uma', 'reset');
    const mail = await sent({ link });
    const [href = '', ...more] = mail.links;
    expect(href).to.match(/^https:\/\/console\.example\/reset-password\/[\w.-]+$/);
    expect(more).to.deep.equal([]);
    const shown = parse(mail.html).querySelectorAll('a');
    expect(shown.map((one) => [one.getAttribute('class') ?? '', one.getAttribute('href')])).to.deep.equal([
      ['button', href],
      ['', href],
    ]);
    expect(shown[1]?.textContent).to.equal(href);
    expect(mail.text).to.include(`:\n${href}\n`);
    for (const text of [mail.text, mail.html])
      expect(text).to.match(/works once, until \d+ \w+ \d{4} at \d\d:\d\d \(Europe\/Minsk\)/);
  });

  it('brings a link that works, under the public address whatever a request claims', async () => {
    const mail = await sent({ link: await giveLink(site, 'uma', 'reset') });
    expect(new URL(mail.links[0] as string).origin).to.equal('https://console.example');
  });

  it('goes to exactly one address, from the one of the console, with nothing added to its headers', async () => {
    await rename(`Uma" <evil@evil.example>, x`);
    const mail = await sent({ kind: 'suspended', data: { reason: nasty } });
    expect(mail.to).to.deep.equal(['uma@world.example']);
    expect(mail.from).to.equal('fleet@console.example');
    expect(mail.headers.to).to.equal('uma@world.example');
    expect(mail.headers.from).to.match(/^"?Fleet, the Console"? <fleet@console\.example>$/);
    expect(mail.headers).to.include({ 'auto-submitted': 'auto-generated' });
    expect(new Date(mail.headers.date ?? '').getTime()).to.be.closeTo(Date.now(), 60_000);
    expect(Object.keys(mail.headers)).to.have.members([
      'auto-submitted',
      'x-auto-response-suppress',
      'from',
      'to',
      'subject',
      'message-id',
      'date',
      'mime-version',
      'content-type',
    ]);
  });

  it('escapes what people wrote', async () => {
    await rename('Uma <b>& Sons</b>');
    const mail = await sent({ kind: 'suspended', data: { reason: nasty } });
    expect(parse(mail.html).querySelectorAll('script, b')).to.deep.equal([]);
    expect(mail.html).to.include('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(mail.text).to.include('<script>alert(1)</script>');
  });

  for (const name of ['Win at https://evil.example', 'www evil', 'evil.example', 'a@b.example', 'x'.repeat(61)]) {
    it(`does not repeat a name such as ${name.slice(0, 30)}`, async () => {
      await rename(name);
      const mail = await sent();
      expect(mail.text).to.match(/^Hello,\n/);
      expect(mail.raw).to.not.include(name);
    });
  }

  for (const address of ['a@world.example,evil@evil.example', '<uma@world.example>', 'x;y@world.example', 'uma@localhost']) {
    it(`is not sent to ${address}`, async () => {
      const id = await write(site, 'uma', { address });
      await sendAll(site.context);
      expect(office.mails()).to.deep.equal([]);
      expect(await site.db('letters').where({ id }).first()).to.include({
        state: 'dropped',
        serverWords: 'This is not one plain address.',
      });
    });
  }

  it('shows no token in what is kept of the server’s answer', async () => {
    const link = await giveLink(site, 'uma', 'reset');
    const id = await write(site, 'uma', { link });
    await sendAll(site.context);
    const token = office.mails()[0]?.links[0]?.split('/').at(-1) as string;
    await site.db('letters').update({ state: 'queued' });
    office.answer('data', `554 Refused for https://console.example/reset-password/${token}`);
    await sendAll(site.context);
    const { serverWords } = await site.db('letters').where({ id }).first();
    expect(serverWords).to.equal('554 Refused for https://console.example/reset-password/…');
    const { rows } = await site.db.raw(`select string_agg(l::text, '') as all_of_them from letters l`);
    expect(rows[0].allOfThem).to.not.include(token);
  });

  /** A word for everything else that some kind of letter is filled with. */
  const withTheRest = (data: Record<string, string>): Data =>
    new Proxy(data, { get: (known, name) => known[String(name)] ?? 'something' });

  it('of every kind has a subject of one line, paragraphs and a reason, with data and without', () => {
    for (const kind of Object.keys(catalogue) as LetterKind[]) {
      const template = templateOf(kind);
      const all = {
        reason: nasty,
        day: '2027-05-31',
        profile: 'monitor',
        back: 'locked',
        on: '31 May 2027',
        days: '90',
        restoreDays: '30',
        address: '192.0.2.7',
        at: '31 May 2027, 07:54 UTC',
        by: 'Olga Ivanova',
        device: 'Firefox on Linux',
        email: 'ines@world.example',
        left: '2',
        minutes: '15',
        more: '1',
        name: nasty,
        network: '192.0.2',
        networks: '192.0.2, 198.51.100',
        note: nasty,
        tries: '5',
        username: 'ines',
      };
      const some: Data[] = [all, { ...all, reason: '', day: '', on: '', back: '' }].map(withTheRest);
      for (const data of some) {
        expect(template.subject(data), kind).to.match(/^[^\n]{5,100}$/);
        expect(template.says(data).length, kind).to.be.above(0);
        expect(template.says(data).join(), kind).to.not.match(/undefined|null|\[object/);
        expect(template.why(data), kind).to.match(/^You get this .*\.$/s);
      }
    }
  });

  it('about the safety of an account has no choice to be turned off', () => {
    for (const kind of ['locked', 'password-changed', 'profile-set'] as const)
      expect(templateOf(kind).preference, kind).to.equal(undefined);
    const chosen = Object.keys(catalogue).flatMap((kind) => templateOf(kind as LetterKind).preference ?? []);
    expect(Object.keys(preferences)).to.include.members(chosen);
  });
});
