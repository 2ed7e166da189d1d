import { expect } from 'chai';
import { readFilter } from '../src/users/filter.ts';
import { lessons } from '../src/users/lessons.ts';
import { readWords, writeWords } from '../src/users/words.ts';
import { listed } from './kit/reading.ts';
import { openSite, type Site } from './kit/site.ts';
import type { Page, Visitor } from './kit/visitor.ts';

/** What is typed, what it is read as (`/` between words, `[]` around phrases), and what the box shows afterwards. */
const cases: [typed: string, read: string, again?: string][] = [
  ['', ''],
  ['   ', '', ''],
  ['uma', 'uma'],
  ['  uma\u00a0 trucking\t', 'uma / trucking', 'uma trucking'],
  ['uma uma', 'uma / uma', 'uma'],
  ['-lea', 'not lea'],
  ['--lea', 'not -lea'],
  ['-', '', ''],
  ['Parcel - Sons', 'Parcel / Sons', 'Parcel Sons'],
  ['anne-marie', 'anne-marie'],
  ['"uma trucking"', '[uma trucking]'],
  ['-"uma trucking"', 'not [uma trucking]'],
  ['"uma"', '[uma]'],
  ['"uma   \t trucking "', '[uma trucking]', '"uma trucking"'],
  ['"uma tru', '[uma tru]', '"uma tru"'],
  ['"uma"trucking', '[uma] / trucking', '"uma" trucking'],
  ['"" -"" "   "', '', ''],
  ['"', '', ''],
  ['-"', '', ''],
  ['5" d"arc', '5" / d"arc'],
  [
    '“uma trucking” „Ferme du Lac“ „Parcel”',
    '[uma trucking] / [Ferme du Lac] / [Parcel]',
    '"uma trucking" "Ferme du Lac" "Parcel"',
  ],
  ['ООО «Ромашка плюс»', 'ООО / [Ромашка плюс]', 'ООО "Ромашка плюс"'],
  ['"ООО «Ромашка»"', '[ООО «Ромашка»]'],
  ['“Freight "Express" Ltd”', '[Freight "Express" Ltd]'],
  ['«a "b" ”c»', '[a "b" ”c]'],
  ['“open', '[open]', '"open"'],
  ['state:locked', 'state=locked'],
  ['-state:locked', 'not state=locked'],
  ['STATE:Locked', 'state=Locked', 'state:Locked'],
  ['state:"locked, suspended"', 'state=locked, suspended'],
  ['state:"locked', 'state=locked', 'state:locked'],
  ['state:', 'state='],
  ['state:""', 'state=', 'state:'],
  ['state: locked', 'state= / locked'],
  ['state:a:b', 'state=a:b'],
  ['"state:locked"', '[state:locked]'],
  ['x"state:locked"', 'x"state:locked"'],
  ['last:>90d registered:<2026-01-01 balance:<-5', 'last=>90d / registered=<2026-01-01 / balance=<-5'],
  ['AA:BB:CC', 'AA:BB:CC'],
  ['mood:good', 'mood:good'],
  ['mood:"very good"', 'mood:"very / good"'],
  ['mystate:locked', 'mystate:locked'],
  ['https://a.example/?x', 'https://a.example/?x'],
  [':locked', ':locked'],
  ['::', '::'],
  ['ſtate:locked', 'ſtate:locked'],
  ['__proto__:x constructor:y', '__proto__:x / constructor:y'],
  ['Вера 美咲 🚚 Ａ％', 'Вера / 美咲 / 🚚 / Ａ％'],
  ['\ud800', '\ud800'],
  ['%_\\ \u0000', '%_\\ / \u0000'],
];

/** A word as the table above has it. */
function told(word: ReturnType<typeof readWords>[number]): string {
  const text = word.kind === 'filter' ? `${word.name}=${word.value}` : word.isPhrase ? `[${word.text}]` : word.text;
  return word.isExcluded ? `not ${text}` : text;
}

describe('The words in the search box', () => {
  for (const [typed, read, again = typed] of cases) {
    it(`are read: ${JSON.stringify(typed)}`, () => {
      const words = readWords(typed);
      expect(words.map(told).join(' / ')).to.equal(read);
      expect(writeWords(words)).to.equal(again);
      expect(writeWords(readWords(again)), 'written again they are the same').to.equal(again);
    });
  }

  it('are read in no time however many and odd they are', () => {
    for (const text of ['"', '-', 'a:', '«', 'state:', '"a" ', '-"', ' '])
      expect(readWords(text.repeat(100_000)).length).to.be.at.most(200_000);
  });
});

/** What the address of the list becomes of what is typed. */
const filtered: [query: Record<string, string>, filter: Record<string, string>][] = [
  [{ q: 'lea state:locked' }, { q: 'lea', state: 'locked' }],
  [{ q: 'state:locked state:suspended' }, { q: '', state: 'locked,suspended' }],
  [
    { q: 'state:locked', state: 'suspended' },
    { q: '', state: 'suspended,locked' },
  ],
  [{ q: 'State:LOCKED,locked' }, { q: '', state: 'locked' }],
  [{ q: 'state:"locked, suspended"' }, { q: '', state: 'locked,suspended' }],
  [{ q: '-state:locked,flagged' }, { q: '', state: '!locked,!flagged' }],
  [{ q: '-state:!locked' }, { q: '', state: 'locked' }],
  [{ q: 'state:lockd lea' }, { q: 'state:lockd lea' }],
  [{ q: 'state:locked,lockd' }, { q: 'state:locked,lockd' }],
  [{ q: 'state: state:,' }, { q: 'state: state:,' }],
  [{ q: '-state:' }, { q: '-state:' }],
  [{ q: 'registered:>2026-01-01 registered:<2026-02-01' }, { q: '', registered: '>2026-01-01,<2026-02-01' }],
  [{ q: 'registered:never' }, { q: 'registered:never' }],
  [{ q: 'expires:NEVER -last:>90D' }, { q: '', last: '!>90d', expires: 'never' }],
  [{ q: 'balance:<0 balance:<1.5' }, { q: 'balance:<1.5', balance: '<0' }],
  [{ q: '“uma tru” -"lea" -"lea"' }, { q: '"uma tru" -"lea"' }],
  [{ state: 'lockd' }, { q: '', state: 'lockd' }],
  [{ state: ' Locked ,, ' }, { q: '', state: 'locked' }],
];

describe('The filters of an address', () => {
  for (const [query, filter] of filtered) {
    it(`are read: ${JSON.stringify(query)}`, () => {
      expect(readFilter(query)).to.deep.equal(filter);
      expect(readFilter(filter), 'read again they are the same').to.deep.equal(filter);
    });
  }

  it('take no list or object for a text', () => {
    expect(readFilter({ q: ['a', 'b'], state: { x: 'locked' } })).to.deep.equal({ q: '' });
  });
});

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
      'Last sign-in does not know “soon”; it may hold for example >90d, <7d, <2026-01-01, never.Balance may hold for example <0, >0, 0, <500.',
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
