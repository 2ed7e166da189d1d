import { money } from '../web/figures.ts';
import { userTypeNames } from './fields.ts';
import type { User } from './user.ts';

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
