import { z } from 'zod';
import { line, oneOf, text, tick } from '../ground/fields.ts';
import { decimalsOf, readMoney } from '../ground/money.ts';

export const periods = ['day', 'week', 'month', 'year'] as const;
export type Period = (typeof periods)[number];

export const periodNames: Record<Period, string> = { day: 'a day', week: 'a week', month: 'a month', year: 'a year' };

export const tariffTypes = ['everybody', 'individual', 'legal_entity'] as const;
export const tariffTypeNames: Record<(typeof tariffTypes)[number], string> = {
  everybody: 'Everybody',
  individual: 'Individuals',
  legal_entity: 'Legal entities',
};

/** More things than anybody has. */
const mostThings = 1_000_000;

/** The fields of a tariff's form; the price is in minor units of the currency. */
export const tariffShape = (currency: string) => ({
  name: line(100).refine((value) => value !== '', 'A name is needed.'),
  description: text(2000),
  price: z
    .string()
    .default('')
    .transform((typed, context) => {
      const minor = readMoney(typed, currency);
      if (minor) return minor;
      const message = minor === 0 ? 'More than zero, please.' : `Digits only, with at most ${decimalsOf(currency)} decimals.`;
      context.addIssue({ code: 'custom', message });
      return z.NEVER;
    }),
  period: oneOf(periods, 'Choose a period.'),
  forType: z.preprocess((value) => value || 'everybody', oneOf(tariffTypes, 'Choose who it is for.')),
  mostThings: z
    .string()
    .default('')
    .refine(
      (value) => value === '' || (/^[1-9]\d{0,6}$/.test(value) && Number(value) <= mostThings),
      'A whole number from 1, or nothing.',
    )
    .transform((value) => (value === '' ? null : Number(value))),
  isActive: tick,
});
