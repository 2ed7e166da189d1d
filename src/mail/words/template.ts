import type { Profile } from '../../access/profiles.ts';
import type { State } from '../../access/standing.ts';

/** What a letter is filled with beside the name of its reader: plain texts. */
export type Data = Readonly<Record<string, string>>;

/** The account of a letter's reader as it is now. */
export type Reader = {
  state: State;
  profile: Profile;
  identitySource: 'local' | 'federated';
  expiresAt: Date | null;
  isVerified: boolean;
  isLocked: boolean;
  isDeleted: boolean;
};

/** One kind of letter. Written as text and as HTML from the same words. */
export type Template = Words & (Telling | Bringing);

/** A letter that tells of something: its user is notified in the console, too, whether the letter is sent or not. */
type Telling = {
  /** The page that the notification leads to. Its sentence is the subject, or what `tells` says. */
  leads: string | ((data: Data) => string);
  tells?(data: Data): string;
  button?: undefined;
};

/** A letter that brings a link by which somebody comes in: no notification is made of it. */
type Bringing = {
  /** The word on its button. */
  button: string;
  leads?: undefined;
  tells?: undefined;
};

type Words = {
  subject(data: Data): string;
  /** Its paragraphs. */
  says(data: Data): string[];
  /** Why the reader gets it, and what to do if it was not expected. */
  why(data: Data): string;
  /** The choice under which its reader can turn it off; what has none always comes. */
  preference?: Preference;
  /** True for what is said to somebody whose account is deleted; any other letter is not sent any more then. */
  isForDeleted?: true;
  /** Whether what it says is still so; else it is not sent again. Nothing for what stays true. */
  stillHolds?(reader: Reader, data: Data): boolean;
};

/** What users can turn off for themselves, under the words of the choice. */
export const preferences = {
  state: 'My account was activated, deactivated, suspended or otherwise changed by an administrator',
  signIn: 'Somebody signed in to my account from a new browser',
  reminders: 'My account is about to expire, or has not been used for long',
  answers: 'My feedback was answered',
  money: 'My balance was refilled, or a transaction was cancelled',
  lowBalance: 'My balance is low',
  renewals: 'A tariff of mine renews itself soon, or has just done so',
  requests: 'For administrators: somebody asks for an account',
  invitations: 'Somebody has accepted an invitation of mine',
  feedback: 'For administrators: somebody has left feedback',
  announcements: 'Something is announced to users',
} as const;

export type Preference = keyof typeof preferences;

/** Letters that only customers get: nobody else has a balance and tariffs. */
export const forCustomers = ['money', 'lowBalance', 'renewals'] as const satisfies readonly Preference[];

/** Letters that only administrators get. */
export const forAdministrators = ['requests', 'invitations', 'feedback'] as const satisfies readonly Preference[];
