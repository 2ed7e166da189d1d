import { pipeline, Readable } from 'node:stream';
import { parse } from 'csv-parse';
import { Invalid } from './errors.ts';

/** Stands where letters were lost: bytes that are not of the file's encoding, and NUL, which no database text may hold. */
export const lostLetter = '\uFFFD';
/** First in a file, it tells spreadsheet programs that UTF-8 follows. */
export const byteOrderMark = '\uFEFF';

/** No row that people make is longer; without a limit a forgotten quote would swallow the file into memory. */
const longestRowBytes = 1_000_000;
const headBytes = 65_536;

const separators = [',', ';', '\t'] as const;
/** Wide ones too: Excel takes them for plain ones where Japanese is written. */
const formula = /^'*[=+\-@\t\r＝＋－＠]/;
const guarded = /^'+[=+\-@\t\r＝＋－＠]/;
const needsQuotes = /[",\r\n]/;

/** What somebody may have typed, or digits of our own making: of an amount below zero a spreadsheet makes no formula. */
export type Cell = string | { digits: string };

/** Rows as CSV by RFC 4180. Cells that a spreadsheet would run as a formula get an apostrophe in front. */
export const writeCsv = (rows: readonly (readonly Cell[])[]): string =>
  rows.map((row) => `${row.map(writeCell).join(',')}\r\n`).join('');

function writeCell(cell: Cell): string {
  if (typeof cell !== 'string') return cell.digits;
  const text = formula.test(cell) ? `'${cell}` : cell;
  return needsQuotes.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/**
 * Reads the rows of a CSV file, heading line first, without holding more than a piece of it: UTF-8, or UTF-16 that says so;
 * comma, semicolon or tab, as the heading line has it. Takes away the one apostrophe that writing puts before a formula.
 * Blank lines come as rows of one empty cell. Throws Invalid when it is not such a file.
 */
export async function* readCsv(bytes: AsyncIterable<Buffer>): AsyncGenerator<string[]> {
  const { head, all } = await peek(bytes);
  const encoding = encodingOf(head);
  const headText = new TextDecoder(encoding).decode(head);
  if (!isText(headText)) throw new Invalid({ '': notCsv });
  const parser = parse({
    bom: true,
    delimiter: separatorOf(headText),
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true,
    relax_quotes: true,
    max_record_size: longestRowBytes,
  });
  pipeline(Readable.from(encoding === 'utf-8' ? all : inUtf8(all, encoding), { objectMode: false }), parser, () => {}); // Its errors arrive below.
  try {
    for await (const row of parser) yield (row as string[]).map(readCell);
  } catch (error) {
    throw explain(error);
  }
}

/** The same pieces, each prepared while the one before is still being used. */
export async function* ahead<T>(pieces: AsyncGenerator<T>): AsyncGenerator<T> {
  try {
    for (let next = pieces.next(); ; ) {
      const { value, done } = await next;
      if (done) return;
      next = pieces.next();
      next.catch(() => {}); // It rises when its turn comes.
      yield value;
    }
  } finally {
    await pieces.return(undefined);
  }
}

const notCsv = 'This is not a CSV file in UTF-8. In the spreadsheet program choose “Save as”, “CSV UTF-8”, and upload that file.';

function readCell(cell: string): string {
  const text = cell.includes('\0') ? cell.replaceAll('\0', lostLetter) : cell;
  return guarded.test(text) ? text.slice(1) : text;
}

/** The beginning, to learn from, and the whole, to read. */
async function peek(bytes: AsyncIterable<Buffer>) {
  const pieces = bytes[Symbol.asyncIterator]();
  let head = Buffer.alloc(0);
  while (head.length < headBytes) {
    const { value, done } = await pieces.next();
    if (done) break;
    head = Buffer.concat([head, value]);
  }
  return { head, all: together(head, pieces) };
}

async function* together(head: Buffer, rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  try {
    if (head.length > 0) yield head;
    for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
  } finally {
    await rest.return?.();
  }
}

function encodingOf(head: Buffer): 'utf-8' | 'utf-16le' {
  const mark = head.subarray(0, 2).toString('hex');
  if (mark === 'feff') throw new Invalid({ '': notCsv });
  return mark === 'fffe' ? 'utf-16le' : 'utf-8';
}

/** Headings with lost letters are not in this encoding, or not text at all. Damage further on is the row's alone. */
const isText = (head: string) => !/[\0\uFFFD]/.test(firstLine(head));

const firstLine = (text: string) => text.split(/[\r\n]/, 1)[0] ?? '';

function separatorOf(head: string): string {
  const line = firstLine(head.replace(/"[^"]*"/g, ''));
  const counted = separators.map((separator) => ({ separator, count: line.split(separator).length }));
  return counted.reduce((best, next) => (next.count > best.count ? next : best)).separator;
}

async function* inUtf8(bytes: AsyncIterable<Buffer>, encoding: string): AsyncGenerator<Buffer> {
  const decoder = new TextDecoder(encoding);
  for await (const piece of bytes) yield Buffer.from(decoder.decode(piece, { stream: true }));
  yield Buffer.from(decoder.decode());
}

function explain(error: unknown): unknown {
  const { code, lines } = error as { code?: string; lines?: number };
  if (code === 'CSV_QUOTE_NOT_CLOSED' || code === 'CSV_MAX_RECORD_SIZE')
    return new Invalid({
      '': `A quotation mark is opened and never closed, before line ${lines ?? 0}; or a row is far too long.`,
    });
  return code?.startsWith('CSV_') ? new Invalid({ '': notCsv }) : error;
}
