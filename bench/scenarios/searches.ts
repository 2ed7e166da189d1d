import type { Crowd, Word } from '../crowd.ts';
import { rows } from './lists.ts';
import { page, type Scenario } from './scenario.ts';

/** The list searched for parts of names, addresses, telephones and usernames, and the exact count of a search. */
export const searches = ({ words }: Crowd): Scenario[] => [...words.map(search), count(words)];

const search = ({ about, word, count }: Word): Scenario =>
  page(
    `search: ${about} “${word}” (${count.toLocaleString('en')})`,
    'list',
    [rows(matching(word))],
    [{ path: `/users?q=${encodeURIComponent(word)}` }],
  );

/** The widest of the searches is the one whose count takes longest. */
function count(words: Word[]): Scenario {
  const { word, count } = words.reduce((widest, one) => (one.count > widest.count ? one : widest));
  const sql = `select count(*) from users where deleted_at is null and ${matching(word)}`;
  const name = `exact count of “${word}” (${count.toLocaleString('en')})`;
  return page(name, 'count', [sql], [{ path: `/users/count?q=${encodeURIComponent(word)}` }]);
}

/** Each word anywhere in what is searched; one or two letters at the beginning of a field. */
export const matching = (words: string) =>
  words
    .split(' ')
    .map((word) =>
      word.length > 2
        ? `search like '%' || fold('${word}') || '%'`
        : `(search like fold('${word}') || '%' or search like E'%\\n' || fold('${word}') || '%')`,
    )
    .join(' and ');
