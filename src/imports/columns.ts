import { Invalid } from '../ground/errors.ts';
import { snake } from '../ground/names.ts';
import { importFields } from './fields.ts';

/** For each column of a file the name of ours that it holds, or null when it is left out. */
export type Columns = (string | null)[];

/** Every column that an import can fill, in the order of the form. */
export const ourColumns: readonly string[] = Object.keys(importFields).map(snake);

const labels: Record<string, string> = { unp: 'UNP', additional_info: 'Additional information' };

/** `first_name` is shown as “First name”. */
export const labelOf = (column: string) =>
  labels[column] ?? `${column.charAt(0).toUpperCase()}${column.slice(1).replaceAll('_', ' ')}`;

/** What else people write over a column, in small letters without blanks and marks. */
const synonyms: Record<string, readonly string[]> = {
  username: ['login', 'loginname', 'user', 'userid', 'userlogin', 'accountname', 'account', 'handle'],
  email: ['mail', 'emailaddress', 'mailaddress', 'primaryemailaddress', 'primaryemail'],
  name: ['fullname', 'displayname'],
  first_name: ['forename', 'givenname'],
  last_name: ['surname', 'familyname'],
  organization: ['organisation', 'org', 'company', 'companyname', 'employer', 'firm'],
  phone: ['tel', 'telephone', 'phonenumber', 'telephonenumber', 'mobile', 'mobilephone', 'cell', 'cellphone'],
  user_type: ['type', 'accounttype', 'customertype'],
  unp: ['taxid', 'taxnumber', 'vat', 'vatnumber', 'payeraccountnumber', 'payersaccountnumber'],
  legal_address: ['registeredaddress'],
  postal_address: ['address', 'mailingaddress', 'postaddress'],
  bank: ['bankname'],
  bank_account: ['iban', 'accountnumber', 'bankaccountnumber'],
  additional_info: ['additionalinformation', 'notes', 'note', 'comment', 'comments', 'remarks'],
  preferred_map: ['map'],
  profile: ['role'],
  state: ['status', 'accountstate', 'accountstatus'],
  email_verified: ['verified', 'mailverified', 'emailconfirmed'],
  expires_at: ['expires', 'expiry', 'expirydate', 'expirationdate', 'accountexpiry', 'validuntil'],
};

const plain = (heading: string) =>
  heading
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');

const meanings = new Map(
  ourColumns.flatMap((column) => [plain(column), ...(synonyms[column] ?? [])].map((word) => [word, column] as const)),
);

/** What the headings seem to mean. Of two that mean the same the more exact counts, else the first. */
export function guessColumns(headings: readonly string[]): Columns {
  const isExact = (heading: string) => ourColumns.includes(heading.trim());
  const guesses = headings.map((heading) => meanings.get(plain(heading)) ?? null);
  const holders = new Map<string, number>();
  for (const [index, column] of guesses.entries()) {
    const holder = column === null ? undefined : holders.get(column);
    const isBetter = holder === undefined || (!isExact(headings[holder] ?? '') && isExact(headings[index] ?? ''));
    if (column !== null && isBetter) holders.set(column, index);
  }
  return guesses.map((column, index) => (column !== null && holders.get(column) === index ? column : null));
}

/** True when rows can be judged at all. */
export const isComplete = (columns: Columns) => columns.includes('username') && columns.includes('email');

/** Reads the choice of columns from a form with a `column_0`, `column_1` … for each heading. Throws Invalid. */
export function readColumns(body: Record<string, unknown>, headings: readonly string[]): Columns {
  const columns = headings.map((_, index) => {
    const chosen = body[`column_${index}`];
    return typeof chosen === 'string' && ourColumns.includes(chosen) ? chosen : null;
  });
  const problems: Record<string, string> = {};
  for (const [index, column] of columns.entries()) {
    if (column && columns.indexOf(column) < index) problems[`column_${index}`] = `Another column is ${labelOf(column)} already.`;
  }
  if (!isComplete(columns)) problems[''] = 'Say which column holds the username and which the email address.';
  if (Object.keys(problems).length > 0) throw new Invalid(problems);
  return columns;
}
