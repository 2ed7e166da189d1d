import { expect } from 'chai';
import { readLines } from '../src/invitations/lines.ts';
import { expire, invite, inviteAll, listedIn } from './fixtures/invitations.ts';
import { lettersTo, turnMailOn } from './kit/letters.ts';
import { alertOf, problem } from './kit/reading.ts';
import { siteForEach } from './kit/site.ts';
import { modes, type Page } from './kit/visitor.ts';

/** What the page says of each line: its address, its verdict and why. */
const verdictsIn = (page: Page) =>
  page.document.querySelectorAll('#verdicts tbody tr').map((row) => {
    const words = row.querySelectorAll('th, .badge').map((cell) => cell.text.replace(/\s+/g, ' ').trim());
    return words.join(' | ');
  });

const boxOf = (page: Page) => page.document.querySelector('#field-email')?.text.replace(/^\n/, '').split('\n');

describe('Inviting many', () => {
  const { site, olga } = siteForEach('olga');
  beforeEach(() => turnMailOn(site));

  const emails = () => site.db('invitations').orderBy('id').pluck('email');

  for (const mode of modes) {
    it(`shows a verdict for each line before anything is sent, then invites the good ones, as ${mode}`, async () => {
      const visitor = await site.visitor('olga', mode);
      await invite(visitor, { email: 'known@new.example' });
      const list = ['a@new.example', '', 'uma@world.example', 'known@new.example', 'nonsense', 'A@new.example', 'b@new.example'];
      const page = await invite(visitor, { email: list.join('\r\n') });
      expect(page.status).to.equal(200);
      expect(verdictsIn(page)).to.deep.equal([
        'uma@world.example | Has an account',
        'known@new.example | Invited already',
        'nonsense | Unusable',
        'A@new.example | Repeated',
        'a@new.example | Ready',
        'b@new.example | Ready',
      ]);
      expect(page.text).to.include('2 ready, 1 invited already, 3 to mend. Nothing has been sent yet.');
      expect(await emails()).to.deep.equal(['known@new.example']);
      const done = await visitor.submit('/invitations', { step: 'invite' });
      expect(done.status).to.equal(200);
      expect(done.text).to.include('2 people have been invited. What is left stands below.');
      expect(boxOf(done)).to.deep.equal(['uma@world.example', 'known@new.example', 'nonsense']);
      expect(await emails()).to.deep.equal(['known@new.example', 'a@new.example', 'b@new.example']);
    });
  }

  it('goes back to the list when nothing is left', async () => {
    const page = await inviteAll(olga, 'a@new.example\nb@new.example');
    expect(new URL(page.url).pathname).to.equal('/invitations');
    expect(page.text).to.include('2 people have been invited.');
  });

  it('takes names and profiles from the lines, and the rest from the form', async () => {
    const list = [
      'Zoë <zoe@new.example>',
      '"Smith, John" <john@new.example>, Monitor user',
      '<bare@new.example>;api',
      'cell@new.example\tgroup',
      'plain@new.example , STANDARD',
    ];
    await inviteAll(olga, list.join('\n'), { profile: 'customer', link_days: '30', expires_at: '2099-01-31', note: 'Hi' });
    const rows = await site.db('invitations').orderBy('id').select('email', 'name', 'profile', 'linkDays', 'note');
    expect(rows.map(({ email, name, profile }) => [email.split('@')[0], name, profile])).to.deep.equal([
      ['zoe', 'Zoë', 'customer'],
      ['john', 'Smith, John', 'monitor'],
      ['bare', '', 'api'],
      ['cell', '', 'group'],
      ['plain', '', 'standard'],
    ]);
    for (const { linkDays, note } of rows) expect([linkDays, note]).to.deep.equal([30, 'Hi']);
    expect(await site.db('history').where({ act: 'invitation.sent' })).to.have.length(5);
    expect((await lettersTo(site, 'john@new.example'))[0]?.data.profile).to.equal('Monitor user');
  });

  it('shows verdicts again when the list was changed below them', async () => {
    await invite(olga, { email: 'a@new.example\nb@new.example' });
    const page = await olga.submit('/invitations', { step: 'invite', email: 'a@new.example\neve@evil.example' });
    expect(verdictsIn(page)).to.deep.equal(['a@new.example | Ready', 'eve@evil.example | Ready']);
    const other = await olga.submit('/invitations', { step: 'invite', profile: 'administrator' });
    expect(other.text).to.include('Nothing has been sent yet.');
    expect(await emails()).to.deep.equal([]);
  });

  it('sends another link to those who are invited already when that is ticked', async () => {
    await inviteAll(olga, 'old@new.example\nolder@new.example');
    await expire(site, 'older@new.example');
    await site.db('invitations').where({ email: 'old@new.example' }).update({ linkDays: 2 });
    const page = await inviteAll(olga, 'old@new.example\nolder@new.example\nfresh@new.example', { resends: 'on' });
    expect(page.text).to.include('1 person has been invited, and 2 invited again.');
    expect(listedIn(await olga.get('/invitations?state=open'))).to.have.length(3);
    for (const name of ['old', 'older'])
      expect((await lettersTo(site, `${name}@new.example`)).map(({ state }) => state)).to.deep.equal(['dropped', 'queued']);
    const again = await inviteAll(olga, 'old@new.example\nolder@new.example', { resends: 'on' });
    expect(again.status).to.equal(422);
    expect(again.text).to.include('It was sent again a moment ago. Wait a minute.');
    expect(boxOf(again)).to.deep.equal(['old@new.example', 'older@new.example']);
  });

  it('asks for a proof of identity when a line makes an administrator', async () => {
    await site.db('sessions').update({ confirmedAt: '2026-01-01' });
    const page = await invite(olga, { email: 'boss@new.example,administrator\nb@new.example' });
    expect(page.document.querySelector('#field-your_password')).to.not.equal(null);
    const without = await olga.submit('/invitations', { step: 'invite' });
    expect(without.status).to.equal(422);
    expect(problem(without, 'your_password')).to.include('needed');
    expect(await emails()).to.deep.equal([]);
    const done = await olga.submit('/invitations', { step: 'invite', your_password: 'kettle-orbit-velvet' });
    expect(done.text).to.include('2 people have been invited.');
  });

  it('invites nobody when all accounts are in use, and keeps the list', async () => {
    await site.db('settings').update({ accountLimit: 1 });
    const page = await inviteAll(olga, 'a@new.example\nb@new.example');
    expect(page.status).to.equal(409);
    expect(alertOf(page)).to.include('are in use');
    expect(boxOf(page)).to.deep.equal(['a@new.example', 'b@new.example']);
    expect(await emails()).to.deep.equal([]);
  });

  it('invites a thousand at once quickly; what is beyond waits in the box', async () => {
    const list = Array.from({ length: 1003 }, (_, index) => `p${index}@new.example`);
    const page = await invite(olga, { email: list.join('\n') });
    expect(page.text).to.include('1,000 ready; 3 beyond the limit wait in the box for the next time.');
    const began = Date.now();
    const done = await olga.submit('/invitations', { step: 'invite' });
    expect(Date.now() - began).to.be.below(4000);
    expect(done.text).to.include('1,000 people have been invited.');
    expect(boxOf(done)).to.deep.equal(list.slice(1000));
    expect(verdictsIn(done)).to.deep.equal(list.slice(1000).map((email) => `${email} | Ready`));
    expect(await site.db('letters').where({ kind: 'invitation', state: 'queued' })).to.have.length(1000);
    expect(await site.db('links').where({ purpose: 'invitation' })).to.have.length(1000);
    expect(await site.db('history').where({ act: 'invitation.sent' })).to.have.length(1000);
  }).timeout(30_000);

  it('refuses what is no list of addresses, without failing', async () => {
    const huge = 'x'.repeat(200_001);
    await olga.get('/invitations/new');
    const token = olga.token();
    const form = new FormData();
    for (const [name, value] of Object.entries({ _csrf: token, email: huge, profile: 'customer' })) form.append(name, value);
    const body = Buffer.from(await new Response(form).arrayBuffer());
    const type = `multipart/form-data; boundary=${/--(\S+)/.exec(body.toString())?.[1]}`;
    const page = await olga.request('/invitations', { method: 'POST', body, headers: { 'content-type': type } });
    expect(page.status).to.equal(422);
    expect(problem(page, 'email')).to.include('200000 characters at most');
    for (const pairs of [
      [
        ['email', 'a@new.example'],
        ['email', 'b@new.example'],
      ],
      [['email[]', 'a@new.example']],
      [
        ['email', 'a@new.example'],
        ['profile', 'x'],
        ['link_days', '1e1'],
      ],
      [['email', '\0'.repeat(10)]],
      [
        ['step', 'invite'],
        ['checked', 'x'.repeat(1000)],
      ],
    ] as [string, string][][])
      expect((await olga.post('/invitations', [['_csrf', token], ...pairs])).status, pairs.join()).to.equal(422);
    expect(await emails()).to.deep.equal([]);
  });
});

describe('A line of a list', () => {
  const read = (text: string) =>
    readLines(text, 'customer').map(({ number, email, name, problem }) => [number, email, name, problem]);

  it('is numbered as in the box, whatever ends it', () => {
    expect(read('a@x.org\r\n\r\nb@x.org\rc@x.org\n')).to.deep.equal([
      [1, 'a@x.org', '', ''],
      [3, 'b@x.org', '', ''],
      [4, 'c@x.org', '', ''],
    ]);
  });

  it('is read at once, however long it is', () => {
    const begun = performance.now();
    for (const text of [`a${' '.repeat(100_000)}b`, `"a"${' '.repeat(100_000)}b`, `<a>${' '.repeat(100_000)}b`]) read(text);
    expect(performance.now() - begun).to.be.lessThan(1000);
  });

  it('holds one address and no more, however it is written', () => {
    for (const text of [
      'a@x.org,b@x.org',
      'a@x.org;b@x.org',
      'a@x.org b@x.org',
      'A <a@x.org>, B <b@x.org>',
      '<a@x.org><b@x.org>',
      '"a@x.org" <b@x.org>',
      'a@x.org@y.org',
    ])
      expect(read(text)[0]?.[3], text).to.equal('More than one address: write one to a line.');
  });

  it('cannot bring a sign that ends a header or a mailbox', () => {
    for (const text of [
      'a\tb@x.org',
      'a b@x.org',
      '(a)@x.org',
      'a"b@x.org',
      'a@x.org>',
      '<a@x.org',
      'a@x.org\u0000',
      'a@[127.0.0.1]',
    ])
      expect(read(text)[0]?.[3], JSON.stringify(text)).to.not.equal('');
  });

  it('may have a name with signs in it', () => {
    expect(read('"<b>Bold</b>, Inc." <a@x.org>')[0]).to.deep.equal([1, 'a@x.org', '<b>Bold</b>, Inc.', '']);
    expect(read(`${'x'.repeat(202)} <a@x.org>`)[0]?.[3]).to.include('201 characters at most');
  });
});
