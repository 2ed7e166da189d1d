import { ZxcvbnFactory, type ZxcvbnResult } from '@zxcvbn-ts/core';
import { adjacencyGraphs, dictionary } from '@zxcvbn-ts/language-common';
import { passwordProblem } from './password.ts';

/** How strong a password is: from 0, guessed at once, to 4; in words, with what would make it better. */
export type Strength = { score: 0 | 1 | 2 | 3 | 4; word: string; says: string };

/** Time grows with the square of the length, and nobody needs to hear more of what is beyond so many characters. */
const bounds = { maxLength: 40, l33tMaxSubstitutions: 10 };

let meter: ZxcvbnFactory | undefined;

/** Measures a password whose owner has these names, which count as words to be guessed. Null for none. */
export function strengthOf(password: string, about: { username: string; email: string }): Strength | null {
  if (password === '') return null;
  const problem = passwordProblem(password, about);
  if (problem) return { score: 0, word: 'Not yet', says: problem };
  meter ??= new ZxcvbnFactory({ dictionary, graphs: adjacencyGraphs, ...bounds });
  const { score, feedback } = meter.check(password, [about.username, about.email, about.email.split('@')[0] ?? '']);
  return { score, word: words[score], says: saidOf(feedback) };
}

const words = { 0: 'Very weak', 1: 'Weak', 2: 'Fair', 3: 'Good', 4: 'Strong' } as const;

const saidOf = ({ warning, suggestions }: ZxcvbnResult['feedback']) =>
  [warnings[warning ?? ''], ...suggestions.slice(0, 2).map((key) => advice[key])].filter(Boolean).join(' ');

/** What makes a password easy to guess, by the library's names for it. */
const warnings: Record<string, string | undefined> = {
  straightRow: 'Keys in a row are easy to guess.',
  keyPattern: 'Short patterns on the keyboard are easy to guess.',
  simpleRepeat: 'Repeated characters are easy to guess.',
  extendedRepeat: 'Repeated parts are easy to guess.',
  sequences: 'Sequences such as abc or 123 are easy to guess.',
  recentYears: 'Years are easy to guess.',
  dates: 'Dates are easy to guess.',
  topTen: 'This is used by very many people.',
  topHundred: 'This is used by very many people.',
  common: 'This is used by many people.',
  similarToCommon: 'This is close to what many people use.',
  wordByItself: 'A single word is easy to guess.',
  namesByThemselves: 'Names are easy to guess.',
  commonNames: 'Names are easy to guess.',
  userInputs: 'What others know of you is easy to guess.',
};

const advice: Record<string, string | undefined> = {
  l33t: 'Digits and signs in place of letters help little.',
  reverseWords: 'Words spelt backwards help little.',
  allUppercase: 'Capital letters throughout help little.',
  capitalization: 'More capital letters than the first help.',
  dates: 'Leave out dates and years that are about you.',
  recentYears: 'Leave out recent years.',
  associatedYears: 'Leave out years that are about you.',
  sequences: 'Leave out sequences.',
  repeated: 'Leave out repeated words and characters.',
  longerKeyboardPattern: 'Turn more often when you follow the keyboard.',
  anotherWord: 'Add a word or two that are less common.',
  useWords: 'Use several words that do not belong together.',
};
