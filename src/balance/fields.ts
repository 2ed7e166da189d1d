import { amount, idempotencyKey, line } from '../ground/fields.ts';

/** What the form of a refill says; the amount in minor units of the currency. */
export const refillShape = (currency: string) => ({
  amount: amount(currency),
  note: line(200),
  reference: line(100),
  idempotencyKey,
});
