import type { Request } from 'express';
import { decimalsOf, plainMoney } from '../ground/money.ts';
import { contextOf } from './context.ts';

const whole = new Intl.NumberFormat('en');
type Currency = { format: Intl.NumberFormat; decimals: number };
const currencies = new Map<string, Currency>();

/** A count as people read it: 12,345. */
export const figure = (count: number): string => whole.format(count);

/** A count that is not worth more than two digits: 7, 99, 99+. */
export const few = (count: number): string => (count > 99 ? '99+' : String(count));

/** Money as people of this console's currency (ISO 4217) read it; from minor units (cents), exactly. */
export function money(minor: number, currency: string): string {
  const { format, decimals } = currencies.get(currency) ?? remember(currency);
  return format.format(plainMoney(minor, decimals) as `${number}`);
}

/** The same in the currency of this console, for its pages. */
export function moneyFor(req: Request): (minor: number) => string {
  const { currency } = contextOf(req).config;
  return (minor) => money(minor, currency);
}

/** Making a format costs a hundred times what using it does. */
function remember(currency: string): Currency {
  const format = new Intl.NumberFormat('en', { style: 'currency', currency });
  const made = { format, decimals: decimalsOf(currency) };
  currencies.set(currency, made);
  return made;
}
