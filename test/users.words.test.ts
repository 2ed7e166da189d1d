import { expect } from 'chai';
import { readFilter } from '../src/users/filter.ts';
import { readWords, writeWords } from '../src/users/words.ts';

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
