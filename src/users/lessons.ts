import { filters } from './filters.ts';
import { type FilterName, filterNames } from './words.ts';

/** What a filter word finds, said in passing beside its choices. */
const finds: Record<FilterName, string> = {
  state: 'in this state; several with commas between',
  profile: 'with this profile',
  group: 'in this group, or none; a name with blanks in quotes',
  verified: 'whose email address is verified, or not',
  type: 'of this type',
  last: 'by the last sign-in: longer ago than, within, before a day, or never',
  registered: 'by registration; two with a comma lie between: >2026-01-01,<2026-02-01',
  expires: 'by the day on which the account ends',
  balance: 'by balance, in cents: <500 is below 5.00; low as the settings have it',
  lasts: 'by how long the balance pays what renews itself: less than, longer than, or nothing renews',
};

/** Each with the list that it finds. */
const tried = (examples: readonly string[]) => examples.map((text) => ({ text, href: `/users?q=${encodeURIComponent(text)}` }));

/** What the search box understands: each lesson with examples to try. */
export const lessons = [
  { examples: tried(['ines smirnova']), says: 'both words, anywhere in names, username, organization, email, phone or UNP' },
  { examples: tried(['"city water"']), says: 'exactly this, with its blanks' },
  { examples: tried(['-example.org', '-"city water"', '-state:locked']), says: 'without what follows the minus' },
  ...filterNames.map((name) => ({
    examples: tried(filters[name].choices.map((choice) => `${name}:${choice}`)),
    says: finds[name],
  })),
];
