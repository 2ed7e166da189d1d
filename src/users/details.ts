import { userTypeNames } from './fields.ts';
import type { User } from './user.ts';

/** Money as people of this console's currency read it; from minor units (cents), exactly. */
export function money(minor: number, currency: string): string {
  const format = new Intl.NumberFormat('en', { style: 'currency', currency });
  const decimals = format.resolvedOptions().maximumFractionDigits ?? 2;
  const digits = String(Math.abs(minor)).padStart(decimals + 1, '0');
  const whole = digits.slice(0, digits.length - decimals);
  const text = `${minor < 0 ? '-' : ''}${whole}${decimals ? `.${digits.slice(-decimals)}` : ''}`;
  return format.format(text as unknown as number);
}

/** The fourteen lines that the + of a row opens. */
export function detailsOf(user: User, { currency, moment }: { currency: string; moment: (at: Date) => string }) {
  return [
    { label: 'Name', value: user.name },
    { label: 'Mail Verified', value: user.emailVerifiedAt ? `Yes, ${moment(user.emailVerifiedAt)}` : 'No' },
    { label: 'Balance', value: money(user.balanceMinor, currency) },
    { label: 'UNP', value: user.unp },
    { label: 'Registered', value: moment(user.registeredAt) },
    { label: 'User Type', value: userTypeNames[user.userType] },
    { label: 'Phone', value: user.phone },
    { label: 'Legal Address', value: user.legalAddress },
    { label: 'Bank Account', value: user.bankAccount },
    { label: 'Email', value: user.email },
    { label: 'Additional Information', value: user.additionalInfo },
    { label: 'Postal Address', value: user.postalAddress },
    { label: 'Bank', value: user.bank },
    { label: 'Preferred map', value: user.preferredMap },
  ];
}
