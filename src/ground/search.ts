import type { Knex } from 'knex';
import { countRows, type Db } from './database.ts';

/** The words of a search, each to be found by itself. */
export const wordsOf = (typed: string): string[] => typed.split(/\s+/).filter(Boolean);

/** A text as `like` takes it: folded first, as a wide ％ becomes a plain one, and every sign only a sign. */
export const patternOf = (text: string): string => text.normalize('NFKD').replace(/[\\%_]/g, '\\$&');

/**
 * The condition, over `:pattern`, by which a word is found in a column of folded text: three characters or more match any part, fewer
 * the beginning of the text or what stands behind one of these breaks.
 */
export function findsWord(column: string, word: string, breaks: readonly string[]): string {
  if ([...word].length > 2) return `${column} like '%' || fold(:pattern) || '%'`;
  const behind = breaks.map((before) => `${column} like E'%${before}' || fold(:pattern) || '%'`);
  return `(${[`${column} like fold(:pattern) || '%'`, ...behind].join(' or ')})`;
}

/** How far a filtered total is counted at once; the exact figure beyond it follows on its own. */
export const countedAtOnce = 1000;

/** How many rows a query finds: exact up to `most`, null for more, so that it never reads farther. */
export async function countUpTo(db: Db, query: Knex.QueryBuilder, most: number): Promise<number | null> {
  const some = query.limit(most + 1).select(db.raw('1'));
  const count = await countRows(db.from(some.as('some')));
  return count > most ? null : count;
}
