import { z } from 'zod';
import { amount, line, oneOf, text, tick, versionField } from '../ground/fields.ts';
import { periods } from './period.ts';

export const tariffTypes = ['everybody', 'individual', 'legal_entity'] as const;
export const tariffTypeNames: Record<(typeof tariffTypes)[number], string> = {
  everybody: 'Everybody',
  individual: 'Individuals',
  legal_entity: 'Legal entities',
};

/** More things than anybody has. */
const mostThings = 1_000_000;

/** What a tariff's form says of the tariff itself; the price is in minor units of the currency. */
export const tariffShape = (currency: string) => ({
  name: line(100).refine((value) => value !== '', 'A name is needed.'),
  description: text(2000),
  price: amount(currency),
  period: oneOf(periods, 'Choose a period.'),
  forType: z.preprocess((value) => value || 'everybody', oneOf(tariffTypes, 'Choose who it is for.')),
  mostThings: z
    .string()
    .default('')
    .refine(
      (value) => value === '' || (/^[1-9]\d{0,6}$/.test(value) && Number(value) <= mostThings),
      'A whole number from 1 to 1,000,000, or nothing for any number.',
    )
    .transform((value) => (value === '' ? null : Number(value))),
});

/** Only a new tariff's form asks it: later it is switched on and off. */
export const isActiveField = { isActive: tick };

/** The number of saves that a form was opened after. */
export const tariffVersion = versionField('Open the form again: it does not say which version of the tariff it is about.');
