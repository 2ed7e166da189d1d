import { z } from 'zod';
import { line } from '../ground/fields.ts';
import { decimalsOf, readMoney } from '../ground/money.ts';

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

export const refillShape = (currency: string) => ({
  amount: amount(currency),
  note: line(200),
  reference: line(100),
  idempotencyKey,
});
