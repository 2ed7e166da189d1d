import { decimalsOf, plainMoney } from '../ground/money.ts';
import type { User } from '../users/user.ts';
import { money } from '../web/figures.ts';
import { tariffTypeNames, tariffTypes } from './fields.ts';
import { periodNames, periods } from './period.ts';
import type { Present } from './present.ts';
import type { Tariff } from './tariff.ts';

/** “€12.00 a month”. */
export const sayPrice =
  (currency: string) =>
  ({ priceMinor, period }: Pick<Tariff, 'priceMinor' | 'period'>) =>
    `${money(priceMinor, currency)} ${periodNames[period]}`;

/** How many things may be owned with a tariff. */
export const sayThings = ({ mostThings }: Pick<Tariff, 'mostThings'>) =>
  mostThings === null ? 'any number' : mostThings.toLocaleString('en');

/** What is said of how long a balance lasts: until when, since when it is `short`, or that it is `long`; null where nothing renews itself. */
export function lastingOf({ lastsUntil }: Pick<User, 'lastsUntil'>, present: readonly Pick<Present, 'renews'>[]) {
  if (lastsUntil) return { says: lastsUntil > new Date() ? 'until' : 'short', at: lastsUntil };
  return present.some(({ renews }) => renews) ? { says: 'long', at: null } : null;
}

/** What the pages of tariffs are drawn with. */
export const tariffLocals = (currency: string) => ({
  currency,
  money: (minor: number) => money(minor, currency),
  sayThings,
  typeNames: tariffTypeNames,
  periodChoices: periods.map((value) => ({ value, label: `By the ${value}` })),
  typeChoices: tariffTypes.map((value) => ({ value, label: tariffTypeNames[value] })),
});

/** A tariff as its form has it; amounts as they are typed. */
export function typedOf(tariff: Tariff, currency: string) {
  const { name, description, priceMinor, period, forType, mostThings, version } = tariff;
  return {
    name,
    description,
    price: plainMoney(priceMinor, decimalsOf(currency)),
    period,
    for_type: forType,
    most_things: mostThings ?? '',
    version: String(version),
  };
}
