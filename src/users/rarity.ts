import type { Db } from '../ground/database.ts';
import { readWords, type Word } from './words.ts';

/** Pieces of text that many accounts have; in small letters. */
export type Common = ReadonlySet<string>;

export const noneCommon: Common = new Set();

/**
 * Of the hundred texts that Postgres keeps as its sample of the accounts, how many make common: a word; one without a rare part,
 * which takes as long to look up as walking past two hundred thousand accounts does; three letters of a word.
 */
const many = { word: 5, wordOfCommonParts: 2, triple: 15 };

/**
 * Which pieces of a search are common: its word when nothing else narrows the list, and three letters in a row of each word. An
 * index finds what few have; looked up for what many have it reads a large part of itself, and Postgres does not see that coming.
 */
export async function commonAmong(db: Db, { q, ...rest }: { q: string }): Promise<Common> {
  const words = readWords(q);
  const texts = words.flatMap(plainText);
  if (texts.length === 0) return noneCommon;
  const isAlone = words.length === 1 && Object.keys(rest).length === 0;
  const pieces = [...new Set([...texts, ...texts.flatMap(triplesIn)])];
  const { rows } = await db.raw(sampled, [pieces]);
  const holders = new Map<string, number>(rows.map((row: { piece: string; holders: number }) => [row.piece, row.holders]));
  const has = (piece: string, least: number) => (holders.get(piece) ?? 0) >= least;
  const isCommon = (triple: string) => has(triple, many.triple);
  const leastOf = (text: string) => (triplesIn(text).every(isCommon) ? many.wordOfCommonParts : many.word);
  const whole = isAlone ? texts.filter((text) => has(text, leastOf(text))) : [];
  return new Set([...whole, ...texts.flatMap(triplesIn).filter(isCommon)]);
}

const sampled = `
  with kept as materialized (
    select unnest(histogram_bounds::text::text[]) as search from pg_stats
    where schemaname = current_schema() and tablename = 'users' and attname = 'search'
  )
  select piece, (select count(*)::int from kept where strpos(search, piece) > 0) as holders from unnest(?::text[]) as asked (piece)`;

/** Addresses, usernames and numbers share beginnings and ends; of names it is known, and to ask takes most of a millisecond. */
const plainText = (word: Word) =>
  word.kind === 'text' && !word.isExcluded && isPlain(word.text) && /[^a-z]/i.test(word.text) ? [word.text.toLowerCase()] : [];

/** Plain letters and signs alone: what else there is may fold otherwise in pieces than as a whole. */
const isPlain = (text: string) => /^[\x20-\x7e]{3,}$/.test(text);
const runsOf = (text: string): string[] => text.toLowerCase().match(/[a-z0-9]{3,}/g) ?? [];
const triplesIn = (text: string): string[] => runsOf(text).flatMap(triplesOf);
const triplesOf = (run: string) => Array.from({ length: run.length - 2 }, (_, at) => run.slice(at, at + 3));

/**
 * What of a word is worth looking up: all of it when null, nothing when none, else its parts without a common piece. A common
 * word without a rare part is looked up as a whole: it may be rare all the same.
 */
export function rareParts(text: string, common: Common): string[] | null {
  if (!isPlain(text)) return null;
  if (common.has(text.toLowerCase())) return [];
  const triples = runsOf(text).map(triplesOf);
  const parts = triples.flatMap((some) => joinRare(some, common));
  return parts.length > 0 && triples.flat().some((triple) => common.has(triple)) ? parts : null;
}

/** Rare triples that follow each other as one text: `291`, `912`, `123` is `29123`. */
function joinRare(triples: string[], common: Common): string[] {
  const parts: string[] = [];
  for (const [at, triple] of triples.entries()) {
    if (common.has(triple)) continue;
    const isNext = at > 0 && !common.has(triples[at - 1] as string);
    if (isNext) parts.push(parts.pop() + triple.slice(2));
    else parts.push(triple);
  }
  return parts;
}
