import { expect } from 'chai';
import { ahead, readCsv, writeCsv } from '../src/ground/csv.ts';
import { Invalid } from '../src/ground/errors.ts';
import { pieces } from './fixtures/imports.ts';

async function read(content: string | Buffer, size?: number): Promise<string[][]> {
  const rows: string[][] = [];
  for await (const row of readCsv(pieces(content, size))) rows.push(row);
  return rows;
}

const mark = '\uFEFF';

describe('A CSV file', () => {
  const readings: [name: string, content: string | Buffer, rows: string[][]][] = [
    [
      'with commas',
      'a,b\n1,2\n',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    [
      'with semicolons, commas in its headings',
      'a;"b,c,d"\n1;2',
      [
        ['a', 'b,c,d'],
        ['1', '2'],
      ],
    ],
    [
      'with tabs',
      'a\tb\n1, 2\t3',
      [
        ['a', 'b'],
        ['1, 2', '3'],
      ],
    ],
    [
      'with a byte order mark',
      `${mark}a,b\n1,2`,
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    [
      'in UTF-16',
      Buffer.from(`${mark}a,b\nпод,健`, 'utf16le'),
      [
        ['a', 'b'],
        ['под', '健'],
      ],
    ],
    [
      'with all three line ends',
      'a,b\r\n1,2\n3,4\r5,6',
      [
        ['a', 'b'],
        ['1', '2'],
        ['3', '4'],
        ['5', '6'],
      ],
    ],
    [
      'with quotes, commas and line breaks in cells',
      'a,b\n"x ""y"", z","one\r\ntwo"',
      [
        ['a', 'b'],
        ['x "y", z', 'one\r\ntwo'],
      ],
    ],
    [
      'with quotes where none belong',
      'a,b\n12" pipe,x"y"',
      [
        ['a', 'b'],
        ['12" pipe', 'x"y"'],
      ],
    ],
    ['with rows of other lengths', 'a,b\n1\n1,2,3', [['a', 'b'], ['1'], ['1', '2', '3']]],
    ['with blank lines', 'a,b\n\n1,2', [['a', 'b'], [''], ['1', '2']]],
    [
      'with NUL and broken letters in cells',
      Buffer.from('a,b\nx\0y,\xe9\n', 'latin1'),
      [
        ['a', 'b'],
        ['x\uFFFDy', '\uFFFD'],
      ],
    ],
    [
      'with guarded formulas',
      `a,b\n'=1+1,''@x`,
      [
        ['a', 'b'],
        ['=1+1', "'@x"],
      ],
    ],
    [
      'with raw formulas and plain apostrophes',
      `a,b\n=1+1,'tis`,
      [
        ['a', 'b'],
        ['=1+1', "'tis"],
      ],
    ],
    ['that is empty', '', []],
  ];
  for (const [name, content, rows] of readings) {
    it(`${name} is read`, async () => {
      expect(await read(content)).to.deep.equal(rows);
      expect(await read(content, 1)).to.deep.equal(rows);
    });
  }

  const refused: [name: string, content: string | Buffer][] = [
    ['in UTF-16 of the other kind', Buffer.from([0xfe, 0xff, 0, 0x61])],
    ['in UTF-16 without a mark', Buffer.from('a,b\n1,2', 'utf16le')],
    ['in another encoding', Buffer.from('имя,b\n', 'latin1').fill(0xe9, 0, 3)],
    ['that is a spreadsheet', Buffer.from('PK\x03\x04\x14\x00\x06\x00', 'latin1')],
    ['with a quote that never ends', 'a,b\n1,"2\n3,4'],
    ['with a row without end', `a,b\n1,"${'x'.repeat(1_200_000)}"`],
  ];
  for (const [name, content] of refused) {
    it(`${name} is refused in words`, async () => {
      const error = await read(content).catch((caught) => caught);
      expect(error).to.be.instanceOf(Invalid);
      expect(error.message).to.match(/\.$/);
    });
  }

  it('passes on what its source throws', async () => {
    async function* broken() {
      yield Buffer.from(`a,b\n${'1,2\n'.repeat(30_000)}`);
      throw new Error('broken off');
    }
    const error = await (async () => {
      for await (const _ of readCsv(broken()));
    })().catch((caught) => caught);
    expect(error.message).to.equal('broken off');
  });

  it('is prepared one piece ahead of its reader and no further, and left when its reader leaves', async () => {
    let prepared = 0;
    let isClosed = false;
    async function* source() {
      try {
        for (;;) {
          prepared += 1;
          yield prepared;
        }
      } finally {
        isClosed = true;
      }
    }
    for await (const piece of ahead(source())) {
      expect(prepared).to.equal(piece + 1);
      if (piece === 3) break;
    }
    expect(isClosed).to.equal(true);
  });

  const cells = [
    '=1+1',
    '+375',
    '-1',
    '@cmd',
    '＝1+1',
    '＠cmd',
    '\ttab',
    '\rreturn',
    "'=x",
    "''=x",
    "'tis",
    "'",
    '',
    'a,b',
    '"',
    '\n',
    'x\ry',
    '\u202eעברית',
    '👩‍🚀',
    ' blank ',
  ];

  it('keeps every cell through writing and reading, however often', async () => {
    let rows = [cells, cells];
    for (let times = 0; times < 3; times += 1) rows = await read(writeCsv(rows));
    expect(rows).to.deep.equal([cells, cells]);
  });

  it('never gives a spreadsheet a formula', () => {
    for (const cell of cells) expect(writeCsv([[cell]]).replace(/^"/, '')).to.not.match(/^[=+\-@\t\r＝＋－＠](?!\n$)/);
  });
});
