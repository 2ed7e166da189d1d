/** What a letter is filled with beside the name of its reader: plain texts. */
export type Data = Readonly<Record<string, string>>;

/** One kind of letter. Written as text and as HTML from the same words. */
export type Template = {
  subject(data: Data): string;
  /** Its paragraphs. */
  says(data: Data): string[];
  /** For letters that bring a link: the word on its button. */
  button?: string;
  /** Why the reader gets it, and what to do if it was not expected. */
  why(data: Data): string;
  /** The choice under which its reader can turn it off; what has none always comes. */
  preference?: Preference;
};

/** What users can turn off for themselves, under the words of the choice. */
export const preferences = {
  state: 'My account was activated, deactivated, suspended or otherwise changed by an administrator',
  signIn: 'Somebody signed in to my account from a new browser',
  reminders: 'My account is about to expire, or has not been used for long',
  invitations: 'Somebody has accepted an invitation of mine',
} as const;

export type Preference = keyof typeof preferences;
