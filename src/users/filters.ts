import { profileNames, profiles } from '../access/profiles.ts';
import { money } from '../web/figures.ts';
import {
  byBalance,
  byGroup,
  byMoment,
  byProfile,
  byState,
  byType,
  byVerified,
  type ReadWords,
  readAmount,
  stateChoices,
  typeWords,
} from './conditions.ts';
import { type MomentName, sayMoment } from './moments.ts';
import type { FilterName } from './words.ts';

type Filter = {
  label: string;
  /** What may be chosen; of a measure, examples. */
  choices: readonly string[];
  isMeasure: boolean;
  read: ReadWords;
  /** A word as people read it; `currency` is the instance's. */
  show(word: string, currency: string): string;
};

/** Every filter by its name in the address and in the search box. */
export const filters: Record<FilterName, Filter> = {
  state: choice('Status', stateChoices, byState),
  profile: choice('Profile', profiles, byProfile, (word) => profileNames[word as keyof typeof profileNames]),
  group: {
    label: 'Group',
    choices: ['north', 'none'],
    isMeasure: true,
    read: byGroup,
    show: (word) => (word === 'none' ? 'none' : word),
  },
  verified: choice('Mail verified', ['yes', 'no'], byVerified, (word) => word),
  type: choice('User type', Object.keys(typeWords), byType, (word) => (word === 'legal' ? 'Legal entity' : 'Individual')),
  last: moment('Last sign-in', 'last', ['>90d', '<7d', '<2026-01-01', 'never']),
  registered: moment('Registered', 'registered', ['>90d', '<7d', '<2026-01-01', '2026-01-01']),
  expires: moment('Expires', 'expires', ['<7d', '>30d', '<2026-01-01', 'never']),
  balance: {
    label: 'Balance',
    choices: ['<0', '>0', '0', '<500', 'low'],
    isMeasure: true,
    read: byBalance,
    show: (word, currency) => {
      if (word === 'low') return 'low, as the settings say';
      const { sign, minor } = readAmount(word) ?? { sign: '=', minor: 0 };
      return { '<': 'below ', '>': 'above ', '=': '' }[sign] + money(minor, currency);
    },
  },
  lasts: moment('Balance lasts', 'lasts', ['<30d', '>90d', '<2027-01-01', 'never']),
};

function choice(label: string, choices: readonly string[], read: ReadWords, show: (word: string) => string = titled): Filter {
  return { label, choices, isMeasure: false, read, show };
}

function moment(label: string, name: MomentName, choices: readonly string[]): Filter {
  return { label, choices, isMeasure: true, read: byMoment(name), show: (word) => sayMoment(name, word) };
}

/** A word at the beginning of what is shown. */
export function titled(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
