import { z } from 'zod';
import { line, oneOf, tick } from '../ground/fields.ts';

type Choice = { value: string; label: string; hint: string };

/** How a setting is typed: what reads it from a form, and what the form shows. */
export type Control = {
  field: z.ZodType;
  type: 'text' | 'checkbox' | 'radio';
  inputmode?: 'numeric';
  unit?: string;
  choices?: readonly Choice[];
};

/** A whole number between two bounds, in a unit. */
export function whole(min: number, max: number, unit: string): Control {
  const figure = (number: number) => number.toLocaleString('en');
  const field = z
    .string()
    .default('')
    .transform((value) => (/^\s*\d{1,10}\s*$/.test(value) ? Number(value) : Number.NaN))
    .refine((value) => value >= min && value <= max, `A whole number from ${figure(min)} to ${figure(max)}.`);
  return { field, type: 'text', inputmode: 'numeric', unit };
}

export const onOff: Control = { field: tick, type: 'checkbox' };

export const oneLine = (max: number): Control => ({ field: line(max), type: 'text' });

export function choice(choices: readonly [Choice, ...Choice[]]): Control {
  const [first, ...rest] = choices.map(({ value }) => value) as [string, ...string[]];
  return { field: oneOf([first, ...rest], 'Choose one of these.'), type: 'radio', choices };
}

/** No address that runs something, and none with a password in it. */
function isPlace(value: string): boolean {
  if (value === '') return true;
  if (!URL.canParse(value)) return false;
  const { protocol, username, password } = new URL(value);
  return /^(https?|mailto):$/.test(protocol) && username + password === '';
}

/** A link that administrators follow, and that the history keeps. */
export const place: Control = {
  field: line(500).refine(
    isPlace,
    'An address that begins with https://, http:// or mailto:, without a password in it; or nothing.',
  ),
  type: 'text',
};
