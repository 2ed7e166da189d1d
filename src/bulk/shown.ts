import type { ZodType } from 'zod';
import { profileNames } from '../access/profiles.ts';
import { snake } from '../ground/names.ts';
import { formChoices } from '../users/choices.ts';
import { figure } from '../web/figures.ts';
import type { BulkAct } from './acts.ts';
import { askedFirst } from './begin.ts';
import { type Bulk, type Counts, type RowQuery, type ShownRow, type Verdict, verdicts } from './bulk.ts';

/** What the page of an act upon many users shows, made of what the database says. */

export const pageRows = 50;
const longestShown = 120;
const namesShown = 100;

/** “1 user”, “2 users”. */
export const users = (number: number) => `${figure(number)} ${number === 1 ? 'user' : 'users'}`;

export const addressOf = ({ id }: Pick<Bulk, 'id'>) => `/users/bulk/${id}`;

const stateWords: Record<Bulk['state'], string> = {
  selecting: 'selected',
  asking: 'nothing done yet',
  checking: 'being checked',
  ready: 'nothing done yet',
  running: 'being done',
  stopped: 'stopped',
  done: 'done',
};

export const stateOf = ({ state }: Pick<Bulk, 'state'>) => stateWords[state];

const verdictWords: Record<Verdict, { label: string; says: string }> = {
  ready: { label: 'Possible', says: 'It can be done to these users.' },
  refused: { label: 'Refused', says: 'It cannot be done to these users; the reason stands beside each.' },
  done: { label: 'Done', says: 'It has been done to these users.' },
};

export const labelOf = (verdict: Verdict) => verdictWords[verdict].label;

/** What it is about, in exact numbers as soon as they are known. */
export function headingOf({ state }: Bulk, { verbs: [verb] }: BulkAct, { ready, refused, done }: Counts): string {
  if (state === 'asking' || state === 'checking') return `${verb} users`;
  if (state !== 'ready') return `${verb} ${users(ready + done)}`;
  return refused > 0 ? `${verb} ${figure(ready)} of ${users(ready + refused)}?` : `${verb} ${users(ready)}?`;
}

/** The verdicts that have rows to show, what is to be thought over first. */
export const verdictsOf = ({ undoes }: Bulk, counts: Counts): Verdict[] =>
  verdicts.filter((verdict) => counts[verdict] > 0 && !(undoes && verdict === 'ready'));

/** A tab for each verdict that somebody has. */
export const tabsOf = (bulk: Bulk, counts: Counts, current: Verdict | null) =>
  verdictsOf(bulk, counts).map((verdict) => ({
    href: `${addressOf(bulk)}?verdict=${verdict}`,
    label: labelOf(verdict),
    count: counts[verdict],
    current: verdict === current,
  }));

export const saysOf = (verdict: Verdict) => verdictWords[verdict].says;

/** Rows as the table shows them. */
export const linesOf = (rows: ShownRow[]) =>
  rows.map((row) => ({
    ...row,
    who: row.name ?? `account ${row.userId} (erased)`,
    profile: row.profile && profileNames[row.profile],
  }));

export function pagerOf(bulk: Bulk, { verdict, after, before }: RowQuery, rows: ShownRow[], hasMore: boolean) {
  const [first, last] = [rows[0]?.userId, rows.at(-1)?.userId];
  const href = (part: string) => `${addressOf(bulk)}?verdict=${verdict}${part}`;
  const isStart = before ? !hasMore : !after;
  const isEnd = before ? false : !hasMore;
  return {
    text: rows.length === 1 ? '1 user on this page' : `${rows.length} users on this page`,
    first: isStart ? null : href(''),
    previous: isStart || !first ? null : href(`&before=${first}`),
    next: isEnd || !last ? null : href(`&after=${last}`),
  };
}

/** The names of a pasted list that are nobody's: all in the report, the first of them on the page. */
export const unknownOf = ({ unknownNames }: Bulk) => ({
  count: unknownNames.length,
  names: unknownNames.slice(0, namesShown).map(short),
  more: Math.max(0, unknownNames.length - namesShown),
});

const short = (text: string) => (text.length > longestShown ? `${text.slice(0, longestShown)}…` : text);

type Field = { label: string; type: string; hint: string | null; [more: string]: unknown };

const fields: Record<string, Field> = {
  reason: { label: 'Reason', type: 'textarea', rows: 3, maxlength: 500, hint: 'The users are shown it.' },
  profile: { label: 'Profile', type: 'radio', options: formChoices.profileChoices, hint: null },
  group: { label: 'Group', type: 'select', hint: null },
  expires_at: {
    label: 'Expires',
    type: 'date',
    hint: 'The last day on which the accounts work. Left empty: never.',
  },
};

/** Beyond so many users a letter to each is more than one may want without saying so. */
const mostMailedUnasked = 100;

/** Whether the users are to be told: as chosen before, else as there are few of them; null where the act writes no letter. */
export function mailChoiceOf(
  { state, mailsUsers }: Bulk,
  { many }: BulkAct,
  { ready }: Counts,
  { typed, outgoingMail }: { typed: Record<string, unknown> | undefined; outgoingMail: boolean },
) {
  if (!many?.letter || many.link) return null;
  const isTicked = typed ? typed.mail_users !== undefined : state === 'stopped' ? mailsUsers : ready <= mostMailedUnasked;
  return {
    isTicked,
    label: outgoingMail ? 'Mail the users' : 'Notify the users',
    hint: outgoingMail
      ? 'A letter to each, unless they have turned such letters off, and a notification. Both come when the act can no longer be undone.'
      : 'In the console alone, as outgoing mail is off, when the act can no longer be undone.',
  };
}

const isNeeded = (type: ZodType) => !type.safeParse(undefined).success;
const optional: Record<string, Partial<Field>> = { reason: { hint: 'If you give one, the users are shown it.' } };

/** The fields of an act's form: those on which the check depends, or those beside the button. */
export function fieldsOf({ many }: BulkAct, when: 'first' | 'last', groups: string[]) {
  const first = Object.keys(askedFirst(many?.shape));
  const asked = Object.entries(many?.shape ?? {}).filter(([name]) => first.includes(name) === (when === 'first'));
  return asked.map(([name, type]) => ({
    name: snake(name),
    ...(fields[snake(name)] ?? { label: snake(name), type: 'text', hint: null }),
    ...(name === 'group'
      ? { options: [{ value: '', label: 'Choose' }, ...groups.map((value) => ({ value, label: value }))] }
      : {}),
    ...(isNeeded(type as ZodType) ? { required: true } : optional[name]),
  }));
}
