/** What becomes of a row, with a name for people and what they can do about it. Each row has exactly one. */
export const verdicts = {
  ready: { label: 'Ready', mend: 'These rows become accounts.' },
  created: { label: 'Created', mend: 'These rows have become accounts.' },
  needs_confirmation: {
    label: 'Administrators',
    mend: 'These rows make administrators. They are imported only when you have confirmed that it is you.',
  },
  over_limit: {
    label: 'Over the limit',
    mend: 'No place is left for these rows. Raise the account limit, then check again, or import the downloaded rows later.',
  },
  duplicate_username: {
    label: 'Username taken',
    mend: 'Give these rows other usernames, or leave them out: the accounts exist already.',
  },
  duplicate_email: { label: 'Email taken', mend: 'Give these rows other addresses: each belongs to one account.' },
  invalid_username: {
    label: 'Username unusable',
    mend: 'Usernames have 2 to 36 small letters and digits, with single hyphens between them.',
  },
  reserved_username: { label: 'Username reserved', mend: 'These words are kept for the console itself. Choose others.' },
  invalid_email: { label: 'Email unusable', mend: 'Each row needs one address such as ines@example.com, in plain letters.' },
  missing_name: { label: 'Name missing', mend: 'Fill in a name, a first or last name, or an organization.' },
  invalid_profile: {
    label: 'Profile unknown',
    mend: 'The profile is one of administrator, standard, group, monitor, api, customer, or empty.',
  },
  invalid_value: { label: 'Other value unusable', mend: 'The reason beside each row names the column and what it may hold.' },
} as const;

export type Verdict = keyof typeof verdicts;

export const isVerdict = (word: unknown): word is Verdict => typeof word === 'string' && Object.hasOwn(verdicts, word);

/** How many rows have each verdict. */
export type Counts = Partial<Record<Verdict, number>>;

/** Verdicts whose rows will not become accounts as they stand; administrators neither, once the import has ended. */
export const rejecting = (hasEnded: boolean): Verdict[] =>
  (Object.keys(verdicts) as Verdict[]).filter(
    (verdict) => verdict !== 'ready' && verdict !== 'created' && (hasEnded || verdict !== 'needs_confirmation'),
  );
