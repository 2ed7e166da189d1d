import { z } from 'zod';
import { Invalid } from './errors.ts';
import { decimalsOf, readMoney } from './money.ts';

/** What no text of ours may hold: NUL and other control characters (tab and line break aside), half characters. */
const unkeepable = /[\p{Cc}\p{Cs}]/u;

const isKeepable = (text: string) => !unkeepable.test(text.replace(/[\t\n]/g, ''));

/** A text of at most `max` characters; absent is ''. Blanks around it go, line breaks become \n. */
export const text = (max: number) =>
  z
    .string()
    .default('')
    .transform((value) => value.replace(/\r\n?/g, '\n').trim())
    .refine((value) => value.length <= max, {
      error: ({ input }) => `${max} characters at most; these are ${String(input).length}.`,
    })
    .refine(isKeepable, 'Holds a character that cannot be kept.');

/** Whether there is anything to read in a text: blanks and characters that nobody sees say nothing. */
export const saysSomething = (value: string): boolean => /[\p{L}\p{N}\p{P}\p{S}]/u.test(value);

/** An amount of more than nothing, in minor units of the currency. */
export const amount = (currency: string) =>
  z
    .string()
    .default('')
    .transform((typed, context) => {
      const minor = readMoney(typed, currency);
      if (minor) return minor;
      context.addIssue({ code: 'custom', message: minor === 0 ? 'More than zero, please.' : sayAmount(currency) });
      return z.NEVER;
    });

function sayAmount(currency: string): string {
  const decimals = decimalsOf(currency);
  const sample = decimals > 0 ? `120.${'50'.padEnd(decimals, '0').slice(0, decimals)}` : '120';
  return `Digits only, such as ${sample}: ${decimals > 0 ? `at most nine of them and ${decimals} decimals` : 'at most nine, no decimals'}.`;
}

/** Any UUID; a form brings its own along. */
export const idempotencyKey = z
  .string()
  .default('')
  .refine(
    (value) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value),
    'This form is not complete. Open it again, then send it.',
  );

/** The number of saves that a form was opened after; `message` where it does not say it. */
export const versionField = (message: string) =>
  z
    .string()
    .default('')
    .refine((value) => /^\d{1,9}$/.test(value), message)
    .transform(Number);

/** A text of one line. */
export const line = (max: number) => text(max).refine((value) => !value.includes('\n'), 'One line only.');

const bareAddress =
  /^[a-z0-9.!#$%&'*+/=?^_`{|}~-]+@[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)+$/i;

/** One bare address of printable ASCII: nothing that a mail server could read as two, or as a header. */
export const isBareAddress = (value: string) => value.length <= 254 && bareAddress.test(value);

/** An email address. */
export const email = line(254)
  .refine((value) => value !== '', 'An email address is needed.')
  .refine((value) => value === '' || isBareAddress(value), 'One address such as ines@example.com, in plain letters.');

/** A password as typed. What is longer than one can be is not looked at: it could only be there to keep us busy. */
export const passwordField = z.string().max(1000, 'This is longer than a password can be.').default('');

/** A new password and its repetition, as `layout/_newpassword` sends them; `assertSame` compares them. */
export const newPasswordFields = {
  password: passwordField.refine((value) => value !== '', 'A password is needed.'),
  passwordConfirmation: passwordField,
};

/** A code as typed, blanks and hyphens too. */
export const codeField = z.string().max(100, 'This is longer than a code can be.').default('');

/** Throws Invalid when a new password and its repetition differ. */
export function assertSame({ password, passwordConfirmation }: { password: string; passwordConfirmation: string }): void {
  if (password !== passwordConfirmation) throw new Invalid({ password_confirmation: 'The two passwords differ.' });
}

/** A box that is ticked or not: browsers leave an empty one out. */
export const tick = z
  .string()
  .optional()
  .transform((value) => value !== undefined && value !== '' && value !== 'off' && value !== 'false');

/** One of a few words. */
export const oneOf = <const Words extends readonly [string, ...string[]]>(words: Words, message: string) =>
  z.enum(words, { error: message });

/** True for a day of the calendar such as 2026-05-31. */
export function isDay(text: string): boolean {
  const moment = new Date(`${text}T00:00:00Z`);
  return /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(moment.getTime()) && moment.toISOString().startsWith(text);
}

/** A day such as 2026-05-31, or nothing: the moment when that day ends, UTC. */
export const endOfDay = z
  .string()
  .default('')
  .transform((value, context) => {
    if (value === '') return null;
    if (isDay(value)) return new Date(`${value}T23:59:59Z`);
    context.addIssue({ code: 'custom', message: 'A day such as 2027-05-31, please.' });
    return z.NEVER;
  });

/** Both end with the same day, UTC, at whatever hour; or neither ever does. */
export const isSameDay = (a: Date | null, b: Date | null) => a?.toISOString().slice(0, 10) === b?.toISOString().slice(0, 10);

/** A positive whole number that fits in a database id; anything else is simply not found. */
export const idOrNull = (value: unknown): number | null => {
  const text = String(value);
  return /^[1-9]\d{0,15}$/.test(text) && Number.isSafeInteger(Number(text)) ? Number(text) : null;
};

/** Those of the values that are such numbers: a browser sends each box that is ticked under the same name. */
export const idsIn = (values: unknown): number[] => [values ?? []].flat().flatMap((value: unknown) => idOrNull(value) ?? []);

/** What an address says under a name, as one line of at most `max` characters; '' where it says no text. */
export const lineIn = (value: unknown, max: number): string =>
  typeof value === 'string'
    ? value
        .replace(/\p{Cc}/gu, ' ')
        .trim()
        .slice(0, max)
    : '';
