import type { Db } from '../ground/database.ts';
import { countedAtOnce } from '../ground/search.ts';
import { readWords, type Word } from './words.ts';

/** Pieces of text that many accounts have; in small letters. */
export type Common = ReadonlySet<string>;

export const noneCommon: Common = new Set();

/** Of the hundred texts that Postgres keeps as its sample of the accounts, how many make common: a word, or three letters of one. */
const many = { word: 5, triple: 15 };
const kept = 100;

/**
 * Which pieces of a search are common: its word when nothing else narrows the list, and three letters in a row of each word. An
 * index finds what few have; looked up for what many have it reads a large part of itself, and Postgres does not see that coming.
 */
export async function commonAmong(db: Db, { q, ...rest }: { q: string }): Promise<Common> {
  const words = readWords(q);
  const texts = words.flatMap(plainText);
  if (texts.length === 0) return noneCommon;
  const pieces = [...new Set([...texts, ...texts.flatMap(triplesIn)])];
  const { rows } = await db.raw(inSample, [pieces]);
  const holders = new Map<string, number>(rows.map((row: Held) => [row.piece, row.holders]));
  const triples = texts.flatMap(triplesIn).filter((triple) => (holders.get(triple) ?? 0) >= many.triple);
  const [alone] = words.length === 1 && Object.keys(rest).length === 0 ? texts : [];
  const isCommon = alone !== undefined && (await isCommonWord(db, alone, { holders, live: rows[0].live }));
  return new Set(isCommon ? [alone, ...triples] : triples);
}

type Held = { piece: string; holders: number; live: number };

const inSample = `
  with kept as materialized (
    select unnest(histogram_bounds::text::text[]) as search from pg_stats
    where schemaname = current_schema() and tablename = 'users' and attname = 'search'
  )
  select piece, (select count(*)::int from kept where strpos(search, piece) > 0) as holders, live
  from unnest(?::text[]) as asked (piece), account_counter`;

/** Looking up as many takes longer than asking how many have the whole word. */
const longestLookup = 100_000;
const sampled = 4000;
/** One alone may have been drawn by chance. */
const leastDrawn = 2;

/**
 * Whether a word is found sooner by walking along the list, past as many accounts as hold a thousand of it, than by looking up its
 * rarest three letters: a hundred texts tell that of what one in twenty has; of what is rarer some thousand accounts are asked, where
 * so many have those letters that it matters.
 */
async function isCommonWord(
  db: Db,
  word: string,
  { holders, live }: { holders: Map<string, number>; live: number },
): Promise<boolean> {
  if ((holders.get(word) ?? 0) >= many.word) return true;
  const rarest = Math.min(kept, ...triplesIn(word).map((triple) => holders.get(triple) ?? 0));
  const lookedUp = (live * rarest) / kept;
  if (lookedUp < longestLookup) return false;
  const { rows } = await db.raw(drawn, [word, (100 * sampled) / live]);
  return isWalkShorter(rows[0], lookedUp);
}

/** Of accounts drawn at random so many have the word: whether a thousand are met sooner than so many are looked up. */
export const isWalkShorter = ({ having, seen }: { having: number; seen: number }, lookedUp: number) =>
  having >= leastDrawn && (countedAtOnce * seen) / having < lookedUp;

const drawn = `
  select count(*) filter (where strpos(search, ?) > 0) as having, count(*) as seen from users tablesample system (?)`;

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
