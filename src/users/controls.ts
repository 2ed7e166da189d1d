import { addressOf, fromStart, type View } from './address.ts';
import { chipsOf, sayValue, wrongWordsOf } from './chips.ts';
import { longestSearch } from './filter.ts';
import { filters, titled } from './filters.ts';
import { lessons } from './lessons.ts';
import { type FilterName, filterNames, readWords } from './words.ts';

/** The filter form above a list: a control for each filter, what is in force as chips, and what was not understood. */
export function controlsOf(view: View, currency: string) {
  const chips = chipsOf(view, currency);
  const controls = filterNames.map((name) => controlOf(name, view.filter[name] ?? '', currency));
  return {
    chips,
    clearHref: chips.length > 1 ? addressOf(view, { ...fromStart, savedView: null, filter: { q: '' } }) : null,
    wrongWords: wrongWordsOf(view),
    controls: controls.slice(0, 2),
    moreControls: controls.slice(2),
    longestSearch,
    advice: adviceOn(view),
    lessons,
    kept: [...new URLSearchParams(addressOf({ ...view, ...fromStart, filter: { q: '' } }).split('?')[1])],
  };
}

/** What to try when nobody matches. */
function adviceOn({ filter: { q } }: View): string {
  const isShort = readWords(q).some((word) => word.kind === 'text' && [...word.text].length < 3);
  return isShort
    ? 'One or two characters match only the beginning of a name, username, email or number. A third makes search look everywhere.'
    : 'Search looks at usernames, names, organizations, emails, phones and UNP. Try fewer letters or fewer filters.';
}

/** A list to choose from; or a field with examples, for what is measured. Whatever else is in force can be chosen too. */
function controlOf(name: FilterName, value: string, currency: string) {
  const { label, choices, isMeasure, show } = filters[name];
  const control = { name, value, label: name === 'balance' ? `${label}, in cents` : label, hint: null };
  if (isMeasure) return { ...control, type: 'text', placeholder: choices.slice(0, 3).join(', ') };
  const options = choices.map((choice) => ({ value: choice, label: titled(show(choice, currency)) }));
  if (value && !choices.includes(value)) options.push({ value, label: titled(sayValue(name, value, currency)) });
  return {
    ...control,
    type: 'select',
    options: [{ value: '', label: choices.length > 2 ? `Any ${label.toLowerCase()}` : 'Either' }, ...options],
  };
}
