import type { Knex } from 'knex';
import { findsWord, patternOf } from '../ground/search.ts';
import { cut } from '../ground/short.ts';
import type { Condition } from './conditions.ts';
import { filters } from './filters.ts';
import { type Common, noneCommon, rareParts } from './rarity.ts';
import { type FilterName, type FilterWord, filterNames, readWords, type TextWord, type Word, writeWords } from './words.ts';

/** What a list of users is narrowed to; each entry is as it stands in the address. */
export type UserFilter = { q: string } & Partial<Record<FilterName, string>>;

/** How much may stand in the search box, and in any other filter. */
export const longestSearch = 300;
const longestValue = 200;

/**
 * Reads the filters of an address; what is empty is left out. Words such as `state:locked` in the search box are filters too:
 * they join what the address says under their name. A word that is not understood stays in the box, for its owner to mend.
 */
export function readFilter(query: Record<string, unknown>): UserFilter {
  const text = (name: string, most: number) =>
    cut((typeof query[name] === 'string' ? query[name] : '').replaceAll('\0', ' ').trim(), most);
  const words = readWords(text('q', longestSearch + 1));
  const understood = words.filter(isUnderstood);
  const values = filterNames.map((name) => {
    const said = understood.filter((word) => word.name === name).map(inAddress);
    return [name, joined([text(name, longestValue), ...said])];
  });
  const left = words.filter((word) => !isUnderstood(word));
  return { q: writeWords(left), ...Object.fromEntries(values.filter(([, value]) => value)) };
}

/** As the address has it: small letters, nothing twice. */
function joined(values: string[]): string {
  const words = values.flatMap((value) => value.toLowerCase().split(',')).map((word) => word.trim());
  return [...new Set(words.filter(Boolean))].join(',');
}

/** A filter word as the address has it: what is excluded with `!` in front. */
function inAddress({ value, isExcluded }: FilterWord): string {
  const words = joined([value]).split(',').filter(Boolean);
  return (isExcluded ? words.map((word) => (word.startsWith('!') ? word.slice(1) : `!${word}`)) : words).join(',');
}

const isUnderstood = (word: Word): word is FilterWord =>
  word.kind === 'filter' && inAddress(word) !== '' && conditionsOf(word.name, inAddress(word)) !== null;

/** The conditions of a filter's value; null when something in it is not understood. */
function conditionsOf(name: FilterName, value: string): Condition[] | null {
  const words = value.split(',').filter(Boolean);
  const wanted = words.filter((word) => !word.startsWith('!'));
  const excluded = words.filter((word) => word.startsWith('!')).map((word) => word.slice(1));
  const { read } = filters[name];
  const conditions = [wanted.length > 0 ? [read(wanted, false)] : [], excluded.length > 0 ? [read(excluded, true)] : []].flat();
  const understood = conditions.filter((one) => one !== null);
  return understood.length < conditions.length ? null : understood;
}

/** The filter words in the search box that are not understood. */
export const wrongWords = ({ q }: Pick<UserFilter, 'q'>) =>
  readWords(q).filter((word): word is FilterWord => word.kind === 'filter');

/** True when nothing narrows the list: a word that is not understood does not. */
export const isUnfiltered = ({ q, ...rest }: UserFilter) =>
  Object.keys(rest).length === 0 && readWords(q).every(({ kind }) => kind === 'filter');

/**
 * Narrows a query of live users. What a filter does not understand narrows nothing and is named in the answer. What is known to
 * be `common` changes where the database looks, never whom it finds.
 */
export function applyFilter(
  query: Knex.QueryBuilder,
  { q, ...rest }: UserFilter,
  common: Common = noneCommon,
): Record<string, string> {
  const problems: Record<string, string> = {};
  for (const [name, value] of Object.entries(rest) as [FilterName, string][]) {
    const conditions = conditionsOf(name, value);
    for (const { sql, bindings } of conditions ?? []) query.whereRaw(sql, [...bindings]);
    if (!conditions) problems[name] = sayPossible(name, value);
  }
  const sentences = [...new Set(wrongWords({ q }).map((word) => sayPossible(word.name, word.value)))];
  if (q.length > longestSearch) sentences.push(`Search takes ${longestSearch} characters at most.`);
  else for (const word of readWords(q)) if (word.kind === 'text') byText(query, word, common);
  if (sentences.length > 0) problems.q = sentences.join(' ');
  return problems;
}

/** What a filter may hold, for whoever wrote something else. */
export function sayPossible(name: FilterName, value: string): string {
  const { label, choices, isMeasure } = filters[name];
  const possible = isMeasure ? `for example ${choices.join(' or ')}` : `one or several of ${choices.join(', ')}`;
  return value ? `${label} does not know “${value}”; it may hold ${possible}.` : `${label} may hold ${possible}.`;
}

/**
 * Three characters or more match any part, one or two the beginning of a field; a sign such as % is only a sign.
 * It is fast at any size because there is one column to look into, folded when it is written, with a trigram index: what few
 * have is found there, what many have is met soon in the order of the list.
 */
function byText(query: Knex.QueryBuilder, { text, isExcluded }: TextWord, common: Common): void {
  const folded = text.normalize('NFKD');
  const parts = isExcluded ? null : rareParts(text, common);
  if (parts) {
    for (const part of parts) query.whereRaw(`users.search like '%' || ? || '%'`, [part]);
    query.whereRaw('strpos(users.search, fold(?)) > 0', [folded]);
    return;
  }
  const isShort = [...text].length < 3;
  const field = (isShort ? /[\p{L}\p{N}]/u : trigram).test(folded) ? 'users.search' : `(users.search || '')`;
  const sql = findsWord(field, text, ['\\n']);
  query.whereRaw(isExcluded ? `not (${sql})` : sql, { pattern: patternOf(text) });
}

/**
 * What the index on `search` can look up: three letters or digits in a row, or fewer at the edge of a word. For signs alone it
 * would read all of itself, slower than reading the table: they are hidden from it.
 */
const trigram = /[\p{L}\p{N}]{3}|[^\p{L}\p{N}][\p{L}\p{N}]|[\p{L}\p{N}]{2}[^\p{L}\p{N}]/u;
