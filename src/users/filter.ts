import type { Knex } from 'knex';
import { profileNames, profiles } from '../access/profiles.ts';
import { stateNames, states } from '../access/standing.ts';
import { condition, type MomentName, readMoment } from './moments.ts';

/** What a list of users is narrowed to; each entry is as it stands in the address. */
export type UserFilter = { q: string } & Partial<Record<FilterName, string>>;
export type FilterName = 'state' | 'profile' | 'verified' | 'type' | 'last' | 'registered' | 'expires' | 'balance';

/** Words of `state` beside the states themselves. */
const conditions: Record<string, string> = {
  locked: 'users.locked_at is not null',
  unverified: 'users.email_verified_at is null',
  expired: 'users.expires_at <= now()',
  federated: `users.identity_source = 'federated'`,
};

const stateWords = Object.fromEntries(states.map((state) => [stateNames[state].toLowerCase(), state]));
export const stateChoices = [...Object.keys(stateWords), ...Object.keys(conditions)];

type Query = Knex.QueryBuilder;
type Reader = {
  label: string;
  possible: string;
  apply: (query: Query, value: string) => boolean;
  show?: (value: string) => string;
};

/** Every filter: its label, what it may hold, and what it does; `apply` says false to a value that it does not know. */
export const filters: Record<FilterName, Reader> = {
  state: { label: 'Status', possible: stateChoices.join(', '), apply: byState, show: titled },
  profile: {
    label: 'Profile',
    possible: profiles.join(', '),
    apply: byProfile,
    show: (value) => list(value).map(profileName).join(', '),
  },
  verified: { label: 'Mail verified', possible: 'yes or no', apply: byVerified },
  type: {
    label: 'User type',
    possible: 'individual, legal',
    apply: byType,
    show: (value) => (value.startsWith('l') ? 'Legal entity' : 'Individual'),
  },
  last: { label: 'Last sign-in', possible: momentsPossible('never'), apply: byMoment('last') },
  registered: { label: 'Registered', possible: momentsPossible(), apply: byMoment('registered') },
  expires: { label: 'Expires', possible: momentsPossible('never'), apply: byMoment('expires') },
  balance: { label: 'Balance', possible: '<0, >0, 0 or an amount in minor units such as <500', apply: byBalance },
};

/** Reads the filters of an address; what is empty is left out. Words such as `state:locked` in the search box filter too. */
export function readFilter(query: Record<string, unknown>): UserFilter {
  const text = (name: string) => (typeof query[name] === 'string' ? query[name].trim().slice(0, 200) : '');
  const words = text('q').split(/\s+/).filter(Boolean);
  const entries = [...Object.keys(filters).map((name) => [name, text(name)]), ...words.filter(isFilter).map(filterOf)];
  const sought = words.filter((word) => !isFilter(word)).join(' ');
  return { q: sought, ...Object.fromEntries(entries.filter(([, value]) => value)) };
}

const filterOf = (word: string) => [word.slice(0, word.indexOf(':')), word.slice(word.indexOf(':') + 1)];
const isFilter = (word: string) => Object.hasOwn(filters, filterOf(word)[0] ?? '') && word.includes(':') && !word.endsWith(':');

export const isUnfiltered = ({ q, ...rest }: UserFilter) => q === '' && Object.keys(rest).length === 0;

/** Narrows a query of live users. What a filter does not understand narrows nothing and is named in the answer. */
export function applyFilter(query: Query, { q, ...rest }: UserFilter): Record<string, string> {
  const problems: Record<string, string> = {};
  for (const [name, value] of Object.entries(rest) as [FilterName, string][]) {
    const { label, possible, apply } = filters[name];
    if (!apply(query, value)) problems[name] = `${label} does not know “${value}”; it may hold ${possible}.`;
  }
  for (const word of q.split(' ').filter(Boolean)) byWord(query, word);
  return problems;
}

/** Three characters or more match any part, one or two the beginning of a field; a sign such as % is only a sign. */
function byWord(query: Query, word: string): void {
  const pattern = word.normalize('NFKD').replace(/[\\%_]/g, '\\$&'); // Folded first: a wide ％ becomes a plain one.
  if ([...word].length >= 3) query.whereRaw(`users.search like '%' || fold(?) || '%'`, [pattern]);
  else query.whereRaw(`(users.search like fold(?) || '%' or users.search like E'%\\n' || fold(?) || '%')`, [pattern, pattern]);
}

function byState(query: Query, value: string): boolean {
  const words = list(value);
  if (words.length === 0 || !words.every((word) => stateChoices.includes(word))) return false;
  const plain = words.map((word) => stateWords[word]).filter((state) => state !== undefined);
  query.where((either) => {
    if (plain.length > 0) either.whereIn('users.state', plain);
    for (const word of words) if (conditions[word]) either.orWhereRaw(conditions[word]);
  });
  return true;
}

function byProfile(query: Query, value: string): boolean {
  const words = list(value);
  if (words.length === 0 || !words.every((word) => (profiles as readonly string[]).includes(word))) return false;
  query.whereIn('users.profile', words);
  return true;
}

function byVerified(query: Query, value: string): boolean {
  if (value === 'yes') query.whereNotNull('users.email_verified_at');
  else if (value === 'no') query.whereNull('users.email_verified_at');
  return value === 'yes' || value === 'no';
}

function byType(query: Query, value: string): boolean {
  const isLegal = value === 'legal' || value === 'legal_entity';
  if (!isLegal && value !== 'individual') return false;
  query.where('users.userType', isLegal ? 'legal_entity' : 'individual');
  return true;
}

function byBalance(query: Query, value: string): boolean {
  const [, sign = '', digits] = /^([<>]?)(-?\d{1,15})$/.exec(value) ?? [];
  if (!digits) return false;
  query.where('users.balanceMinor', sign || '=', Number(digits));
  return true;
}

function byMoment(name: MomentName) {
  return (query: Query, value: string): boolean => {
    const moment = readMoment(value);
    if (!moment) return false;
    const { sql, bindings } = condition(name, moment);
    query.whereRaw(sql, bindings);
    return true;
  };
}

function list(value: string): string[] {
  return value.toLowerCase().split(',').filter(Boolean);
}

function titled(value: string): string {
  return list(value)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join(', ');
}

function profileName(word: string): string {
  return profileNames[word as keyof typeof profileNames] ?? word;
}

function momentsPossible(...words: string[]): string {
  return ['>90d (more than 90 days away)', '<7d', '<2026-01-01', '>2026-01-01', '2026-01-01', ...words].join(', ');
}
