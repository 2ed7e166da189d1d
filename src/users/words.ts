/** What the search box can say beside plain text: `state:locked`. Each has its meaning in filters.ts. */
export const filterNames = [
  'state',
  'profile',
  'group',
  'verified',
  'type',
  'last',
  'registered',
  'expires',
  'balance',
  'lasts',
] as const;
export type FilterName = (typeof filterNames)[number];

/** One thing that stands in the search box; a phrase is text that keeps its blanks. A minus in front excludes. */
export type Word = TextWord | FilterWord;
export type TextWord = { kind: 'text'; text: string; isPhrase: boolean; isExcluded: boolean };
export type FilterWord = { kind: 'filter'; name: FilterName; value: string; isExcluded: boolean };

/** Quotes as keyboards and telephones make them, each with what closes it. */
const quoted = ['"([^"]*)"?', '“([^”]*)”?', '„([^“”]*)[“”]?', '«([^»]*)»?'];
const pattern = new RegExp(`(-?)(?:(${filterNames.join('|')}):)?(?:${quoted.join('|')}|(\\S*))`, 'gi');

/**
 * Reads what stands in the search box. It never fails: a name that is no filter is plain text (`AA:BB`), a quote that nobody
 * closed ends with the box, a quote within a word is only a sign, a lone minus and empty quotes say nothing.
 */
export function readWords(typed: string): Word[] {
  const words: Word[] = [];
  for (const [, minus, name, ...texts] of typed.matchAll(pattern)) {
    const at = texts.findIndex((text) => text !== undefined);
    const text = (texts[at] ?? '').replace(/\s+/g, ' ').trim();
    const isExcluded = minus === '-';
    if (name) words.push({ kind: 'filter', name: name.toLowerCase() as FilterName, value: text, isExcluded });
    else if (text) words.push({ kind: 'text', text, isPhrase: at < quoted.length, isExcluded });
  }
  return words;
}

/** Words as the search box shows them; read again they are the same words. What is said twice is written once. */
export const writeWords = (words: Word[]): string => [...new Set(words.map(writeWord))].join(' ');

export function writeWord(word: Word): string {
  const minus = word.isExcluded ? '-' : '';
  if (word.kind === 'text') return minus + (word.isPhrase ? inQuotes(word.text) : word.text);
  const isPlain = /^([^\s"“„«]\S*)?$/.test(word.value);
  return `${minus}${word.name}:${isPlain ? word.value : inQuotes(word.value)}`;
}

/** In the first quotes that do not close within the text: whatever it was quoted in does not. */
function inQuotes(text: string): string {
  if (!text.includes('"')) return `"${text}"`;
  return text.includes('”') ? `«${text}»` : `“${text}”`;
}

/** Stands where somebody was named who is erased: it finds nobody, whoever may get that username next. */
const erased = '(erased)';

type Named = { username: string; email: string; name: string };

/** The words of a box without those that name one of these users by username, address or whole name; null where none does. */
export function withoutNamesOrNull(typed: string, users: readonly Named[]): string | null {
  const names = new Set(users.flatMap(({ username, email, name }) => [username, email, name].map((one) => one.toLowerCase())));
  const isName = (word: Word) => word.kind === 'text' && names.has(word.text.toLowerCase());
  const words = readWords(typed);
  if (!words.some(isName)) return null;
  return writeWords(words.map((word) => (isName(word) ? { ...(word as TextWord), text: erased } : word)));
}
