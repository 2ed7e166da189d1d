import { z } from 'zod';
import { profiles } from '../access/profiles.ts';
import { email, endOfDay, line, oneOf, text, tick, versionField } from '../ground/fields.ts';
import { snake } from '../ground/names.ts';

export { email };

export const usernamePattern = /^[a-z0-9](?:-?[a-z0-9])*$/;

/** Words that are routes beside /users/:username: never a username. */
const routeWords = [
  'new',
  'count',
  'deleted',
  'import',
  'imports',
  'export',
  'bulk',
  'invitations',
  'search',
  'views',
  'columns',
  'edit',
  'undo',
  'me',
];
/** Words that mislead: only an administrator's form and /setup may give them, not registration or import. */
const misleadingWords = [
  'admin',
  'administrator',
  'root',
  'api',
  'www',
  'support',
  'system',
  'security',
  'help',
  'info',
  'mail',
  'postmaster',
  'webmaster',
  'hostmaster',
  'abuse',
  'roster',
  'staff',
  'null',
  'undefined',
];

export const isRouteWord = (username: string) => routeWords.includes(username);
export const isReserved = (username: string) => isRouteWord(username) || misleadingWords.includes(username);

const username = z
  .string()
  .trim()
  .default('')
  .refine((value) => value !== '', 'A username is needed.')
  .refine((value) => value.length >= 2 && value.length <= 36, '2 to 36 characters.')
  .refine(
    (value) => usernamePattern.test(value),
    'Small letters and digits, with single hyphens between them; for example ines-smirnova.',
  )
  .refine((value) => !isRouteWord(value), 'This word is reserved; choose another.');

const phone = line(40).refine(
  (value) => /^(\+?[\d ()./-]*)$/.test(value) && (value === '' || /\d{3}/.test(value)),
  'Digits, with + in front and blanks, dots, hyphens or brackets between.',
);

/** A UNP has nine digits or letters in its home country; other countries' payer numbers are longer. */
const unp = line(20).refine((value) => /^[\p{L}\d-]*$/u.test(value), 'Letters and digits only.');

const userTypes = ['individual', 'legal_entity'] as const;
export const userTypeNames: Record<string, string> = { individual: 'Individual', legal_entity: 'Legal entity' };
export const maps = ['', 'Google', 'OpenStreetMap', 'Yandex'];

/** What a person says about itself: registration, the own profile and the administrator's form share these. */
export const personFields = {
  email,
  name: line(201),
  firstName: line(100),
  lastName: line(100),
  organization: line(100),
  phone,
  userType: z.preprocess((value) => value || 'individual', oneOf(userTypes, 'Individual or legal entity.')),
  unp,
  legalAddress: text(300),
  postalAddress: text(300),
  bank: line(100),
  bankAccount: line(50),
  additionalInfo: text(2000),
  preferredMap: line(50),
};

/** What each field is called wherever it is shown, under its name in forms. */
export const fieldLabels: Record<string, string> = {
  username: 'Username',
  email: 'Email',
  name: 'Name',
  first_name: 'First name',
  last_name: 'Last name',
  organization: 'Organization',
  phone: 'Phone',
  user_type: 'User type',
  unp: 'UNP',
  legal_address: 'Legal address',
  postal_address: 'Postal address',
  bank: 'Bank',
  bank_account: 'Bank account',
  additional_info: 'Additional information',
  preferred_map: 'Preferred map',
  description: 'Description',
  profile: 'Profile',
  groups: 'Groups',
  expires_at: 'Expires',
  email_verified: 'Email verified',
};

/** What only administrators say about a user. */
export const administrativeFields = {
  description: text(2000),
  profile: z.preprocess((value) => value || 'customer', oneOf(profiles, `One of ${profiles.join(', ')}.`)),
  expiresAt: endOfDay,
  emailVerified: tick,
};

const stale = 'This form does not say which version of the user it changes. Reload the page and try again.';

/** The number of saves that a form was opened after. */
export const version = versionField(stale);

export const userFields = { username, ...personFields, ...administrativeFields };

export type PersonFields = z.output<z.ZodObject<typeof personFields>>;
export type UserFields = z.output<z.ZodObject<typeof userFields>>;

/** By these mails greet, and tell administrators of somebody. */
const namesInMail = ['name', 'firstName', 'lastName', 'organization'] as const;

/** A sentence for each name that somebody has chosen who is not known yet, and that would have us send a reader to a page of theirs. */
export function addressesAmongNames(typed: Pick<PersonFields, (typeof namesInMail)[number]>): Record<string, string> {
  const addresses = namesInMail.filter((name) => /:\/\/|www\./i.test(typed[name]));
  return Object.fromEntries(addresses.map((name) => [snake(name), 'A name, not the address of a page.']));
}

/** What is said where a name cannot be made of anything. */
export const nameNeeded = 'A name is needed: this one, a first or last name, or an organization.';

/** The name as given, else the organization, else first and last name together; '' when there is none of these. */
export const nameOf = (fields: { name: string; organization: string; firstName: string; lastName: string }): string =>
  fields.name || fields.organization || `${fields.firstName} ${fields.lastName}`.trim();

/** A person of whom nothing has been said. */
export const blankPerson: PersonFields = {
  email: '',
  name: '',
  firstName: '',
  lastName: '',
  organization: '',
  phone: '',
  userType: 'individual',
  unp: '',
  legalAddress: '',
  postalAddress: '',
  bank: '',
  bankAccount: '',
  additionalInfo: '',
  preferredMap: '',
};
