import { z } from 'zod';
import { type State, stateNames, states } from '../access/standing.ts';
import { endOfDay } from '../ground/fields.ts';
import { nameOf, userFields } from '../users/fields.ts';

const yes = ['true', 'yes', 'y', '1', 'on', 'verified'];
const no = ['', 'false', 'no', 'n', '0', 'off', 'unverified'];

/** In a file a word says yes or no. A column that is not there says yes: what an administrator enters counts as verified. */
const emailVerified = z
  .string()
  .default('yes')
  .transform((value) => value.trim().toLowerCase())
  .refine((value) => yes.includes(value) || no.includes(value), 'yes or no.')
  .transform((value) => yes.includes(value));

const stateWords = new Map<string, State>(
  states.flatMap((state) =>
    [state, state.replace('STATE_', ''), stateNames[state]].map((word) => [word.toLowerCase(), state] as const),
  ),
);

/** A state by any of its names; nothing is Invited. */
const state = z
  .string()
  .default('')
  .transform((value, context) => {
    const found = stateWords.get(value.trim().toLowerCase() || 'invited');
    if (found) return found;
    context.addIssue({ code: 'custom', message: `One of ${Object.values(stateNames).join(', ')}.` });
    return z.NEVER;
  });

const moment = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,3})?Z$/;

/** A day as in the form, or a moment as the export writes it. */
const expiresAt = z
  .string()
  .default('')
  .transform((value, context) => {
    const cell = value.trim();
    if (moment.test(cell) && !Number.isNaN(Date.parse(cell))) return new Date(cell);
    const day = endOfDay.safeParse(cell);
    if (day.success) return day.data;
    context.addIssue({ code: 'custom', message: 'A day such as 2027-05-31, please.' });
    return z.NEVER;
  });

/** What a row of a file may say: what the administrator's form may, and the state. Never a password. */
export const importFields = { ...userFields, emailVerified, expiresAt, state };

const shape = z.object(importFields);

export type ImportFields = z.output<typeof shape>;

/** The cells of a row under our names, read by the rules of the forms; blanks around username and email do not count. */
export const parseFields = (typed: Record<string, string>) =>
  shape.safeParse({ ...typed, username: typed.username?.trim(), email: typed.email?.trim() });

/** What of the fields is worth keeping until the import is run: all but the empty ones, with the name they come to. */
export function kept(fields: ImportFields): Partial<ImportFields> {
  const filled = Object.entries({ ...fields, name: nameOf(fields) }).filter(([, value]) => value !== '' && value !== null);
  return Object.fromEntries(filled);
}
