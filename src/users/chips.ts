import { addressOf, fromStart, type View } from './address.ts';
import { readFilter, wrongWords } from './filter.ts';
import { filters } from './filters.ts';
import { type FilterName, filterNames, readWords, type TextWord, type Word, writeWord, writeWords } from './words.ts';

/** What is in force, each with the address of the list without it. */
export function chipsOf(view: View, currency: string): { label: string; href: string }[] {
  const { filter } = view;
  const words = readWords(filter.q);
  const texts = words.filter((word) => word.kind === 'text');
  const active = filterNames.filter((name) => filter[name]);
  return [
    ...texts.map((word) => ({ label: sayText(word), href: withWords(view, without(words, word)) })),
    ...active.map((name) => ({
      label: `${filters[name].label}: ${sayValue(name, filter[name] as string, currency)}`,
      href: addressOf(view, { ...fromStart, filter: { ...filter, [name]: '' } }),
    })),
  ];
}

function sayText({ text, isPhrase, isExcluded }: TextWord): string {
  return `${isExcluded ? 'Without ' : ''}${isPhrase ? 'exactly ' : ''}“${text}”`.replace(/^e/, 'E');
}

/** A filter's value as people read it: “Locked, not Flagged”; what is not understood as it stands. */
export function sayValue(name: FilterName, value: string, currency: string): string {
  const { show, read, isMeasure } = filters[name];
  const said = value.split(',').map((word) => {
    const plain = word.replace(/^!/, '');
    return `${plain === word ? '' : 'not '}${read([plain], false) ? show(plain, currency) : plain}`;
  });
  return said.join(isMeasure ? ' and ' : ', ');
}

/** The filter words that are not understood: what they may hold, each choice with the address of the list that has it. */
export function wrongWordsOf(view: View) {
  const words = readWords(view.filter.q);
  return wrongWords(view.filter).map((wrong) => ({
    label: filters[wrong.name].label,
    value: wrong.value,
    isMeasure: filters[wrong.name].isMeasure,
    choices: filters[wrong.name].choices.map((choice) => ({
      text: choice,
      href: withWords(view, [...words.filter((word) => writeWord(word) !== writeWord(wrong)), { ...wrong, value: choice }]),
    })),
  }));
}

const without = (words: Word[], one: Word) => words.filter((word) => word !== one);

/** The address of a view with other words in its search box. */
const withWords = (view: View, words: Word[]) =>
  addressOf(view, { ...fromStart, filter: readFilter({ ...view.filter, q: writeWords(words) }) });
