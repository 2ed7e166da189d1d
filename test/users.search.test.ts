import { expect } from 'chai';
import { lessons } from '../src/users/lessons.ts';
import { listed } from './kit/reading.ts';
import { openSite, type Site } from './kit/site.ts';
import type { Page, Visitor } from './kit/visitor.ts';

/** Whom the small world's Olga finds by what she types. */
const found: [typed: string, usernames: string[]][] = [
  ['"uma trucking"', ['uma']],
  ['"UMA   TRUCKING"', ['uma']],
  ['"trucking uma"', []],
  ['"ines smirnova"', ['ines']],
  ['"nês smir"', ['ines']],
  ['ova -smirnova', ['olga', 'oscar']],
  ['ova -"olga ivanova" -"smirnova"', ['oscar']],
  ['profile:administrator -olga', ['oscar']],
  ['-a -o profile:administrator', []],
  ['"iv"', ['ivo']],
  ['profile:administrator -"os"', ['olga']],
  ['state:locked,suspended', ['lea', 'sue']],
  ['state:suspended state:locked', ['lea', 'sue']],
  ['state:active -state:locked,unverified,expired profile:customer', ['ines', 'uma']],
  ['-state:active -state:invited,inactive,suspended,rejected', ['flo', 'rita']],
  ['-state:active,invited,inactive,suspended,rejected,flagged,requested', []],
  ['-profile:customer,administrator', ['april', 'gus', 'mona', 'stan']],
  ['-verified:yes', ['vera']],
  ['verified:no,yes profile:monitor', ['mona']],
  ['-type:individual', ['uma']],
  ['type:legal,individual profile:api', ['april']],
  ['-expires:never', ['xena']],
  ['expires:<2026-07-01', ['xena']],
  ['expires:2026-06-30', ['xena']],
  ['expires:>2026-06-29,<2026-07-01', ['xena']],
  ['expires:>2026-06-30', []],
  ['registered:>2026-01-04,<2026-01-06', ['olga']],
  ['registered:>2026-01-05 registered:<2026-01-23', ['oscar']],
  ['balance:0 profile:monitor', ['mona']],
  ['balance:>-1,<1 profile:monitor', ['mona']],
  ['-balance:0', []],
  ['AA:BB', []],
  ['%%% -%', []],
  ['-lea -"lea" state:locked', []],
  ['registered:<0001-01-02', []],
];

describe('A search in words', () => {
  let site: Site;
  let olga: Visitor;
  before(async () => {
    site = await openSite();
    olga = await site.visitor('olga');
  });
  after(() => site.close());

  const search = (typed: string, more = '') => olga.get(`/users?sort=username&q=${encodeURIComponent(typed)}${more}`);
  const chips = (page: Page) =>
    page.document.querySelectorAll('.chip').map(({ text, attributes }) => ({
      label: text.replace(/\s+/g, ' ').trim().replace('Remove filter: ', ''),
      href: attributes.href as string,
    }));
  const said = (page: Page) => page.document.querySelector('#wrong-words')?.text.replace(/\s+/g, ' ').trim();
  const box = (page: Page) => page.document.querySelector('#filters [name=q]')?.getAttribute('value');

  for (const [typed, usernames] of found) {
    it(`finds ${usernames.join(', ') || 'nobody'} by ${typed}`, async () => {
      const page = await search(typed);
      expect([page.status, listed(page)]).to.deep.equal([200, usernames]);
      const again = page.document.querySelector('.actions [href*=export]')?.getAttribute('href') ?? '';
      expect(listed(await olga.get(again.replace('/export.csv', ''))), 'by the address that the page gives').to.deep.equal(
        usernames,
      );
    });
  }

  it('takes a NUL for a blank, which the database could not read', async () => {
    expect(listed(await search('lea\u0000state:locked\u0000'))).to.deep.equal(['lea']);
  });

  it('finds a phrase within one field, not across two', async () => {
    await site.db('users').where({ username: 'ines' }).update({ firstName: 'Ana', lastName: 'Lopez' });
    expect(listed(await search('"ana lopez"'))).to.deep.equal([]);
    expect(listed(await search('ana lopez'))).to.deep.equal(['ines']);
  });

  it('shows each word as a chip that takes away that word alone', async () => {
    const typed =
      'ova "olga iv" -oscar -"two words" -state:locked,flagged registered:>2026-01-01 registered:<2026-02-01 balance:<500';
    const page = await search(typed);
    expect(chips(page).map(({ label }) => label)).to.deep.equal([
      '“ova”',
      'Exactly “olga iv”',
      'Without “oscar”',
      'Without exactly “two words”',
      'Status: not Locked, not Flagged',
      'Registered: after 2026-01-01 and before 2026-02-01',
      'Balance: below €5.00',
    ]);
    for (const { label, href } of chips(page)) {
      const left = chips(await olga.get(href)).map((chip) => chip.label);
      expect(left).to.deep.equal(chips(page).flatMap((chip) => (chip.label === label ? [] : [chip.label])));
    }
    expect(box(page)).to.equal('ova "olga iv" -oscar -"two words"');
    expect(page.document.querySelector('#field-balance')?.getAttribute('value')).to.equal('<500');
  });

  it('shows what is chosen by word in the plain controls', async () => {
    const page = await search('state:locked profile:monitor verified:no type:legal last:>90d expires:<7d');
    const chosen = page.document.querySelectorAll('#filters option[selected]').map(({ attributes }) => attributes.value);
    expect(chosen).to.deep.equal(['locked', 'monitor', 'no', 'legal']);
    expect(page.document.querySelector('#field-last')?.getAttribute('value')).to.equal('>90d');
    const several = await search('state:locked,suspended -type:legal');
    expect(
      several.document.querySelectorAll('#filters option[selected]').map(({ text, attributes }) => [attributes.value, text]),
    ).to.deep.equal([
      ['locked,suspended', 'Locked, Suspended'],
      ['', 'Any profile'],
      ['', 'Either'],
      ['!legal', 'Not Legal entity'],
    ]);
  });

  it('answers a wrong word beside the box with what is possible, and changes nothing else', async () => {
    const page = await search('state:lockd');
    expect([page.status, box(page), chips(page).length]).to.deep.equal([422, 'state:lockd', 0]);
    expect(listed(page)).to.deep.equal(listed(await search('')));
    expect(said(page)).to.match(
      /^Status does not know “lockd”; it may hold one or several of requested, invited, .*federated\.$/,
    );
    expect(page.document.querySelectorAll('[role=alert], #matches')).to.have.length(0);
    const locked = page.document.querySelectorAll('#wrong-words a').find(({ text }) => text === 'locked');
    const mended = await olga.get(locked?.getAttribute('href') ?? '');
    expect([listed(mended), box(mended), said(mended)]).to.deep.equal([['lea'], '', '']);
  });

  it('keeps the words that it understands beside one that it does not', async () => {
    const page = await search('ova profile:administrator last:soon balance: -oscar');
    expect([listed(page), box(page)]).to.deep.equal([['olga'], 'ova last:soon balance: -oscar']);
    expect(said(page)).to.equal(
      'Last sign-in does not know “soon”; it may hold for example >90d, <7d, <2026-01-01, never.Balance may hold for example <0, >0, 0, <500, low.',
    );
  });

  it('says what is wrong beside the control that it stands in', async () => {
    const page = await olga.get('/users?last=soon&state=lockd');
    expect([page.status, said(page)]).to.deep.equal([422, '']);
    expect(page.document.querySelector('#field-last-error')?.text).to.include('Last sign-in does not know “soon”');
    expect(page.document.querySelectorAll('.problems li').map(({ text }) => text.split(';')[0])).to.deep.equal([
      'Status does not know “lockd”',
      'Last sign-in does not know “soon”',
    ]);
  });

  it('is not exported or counted as something else when a word is wrong', async () => {
    expect((await olga.get('/users/export.csv?q=state:lockd')).status).to.equal(422);
    expect((await olga.get('/users/count?q=state:lockd+olga')).text).to.include('1 user matches');
  });

  it('says that it is too long instead of searching for a part of it', async () => {
    const page = await search('a'.repeat(5_000));
    expect(page.status).to.equal(422);
    expect(page.html.length).to.be.below(200_000);
    expect((await search('ab '.repeat(100))).status).to.equal(200);
  });

  it('leads to the deleted ones by its word', async () => {
    expect((await search('state:deleted')).url).to.match(/\/users\/deleted$/);
  });

  it('is taught by a card whose every example works', async () => {
    const links = (await olga.get('/users')).document
      .querySelectorAll('.help a')
      .map(({ attributes }) => attributes.href as string);
    expect(links).to.have.length(lessons.flatMap(({ examples }) => examples).length);
    for (const href of links) {
      const page = await olga.get(href);
      expect([page.status, said(page), chips(page).length > 0], href).to.deep.equal([200, '', true]);
    }
  });

  it('says what to try when nobody matches', async () => {
    expect((await search('zq')).text).to.include('One or two characters match only the beginning');
    expect((await search('zqx')).text).to.include('Try fewer letters or fewer filters');
  });
});
