import type { Settings } from './settings.ts';

type Group = {
  label: string;
  /** What its settings are about, in a sentence or two. */
  says: string;
  /** What its values have to do with each other: a sentence beside each that does not fit, under its name. */
  agree?(settings: Settings): Partial<Record<keyof Settings, string>>;
};

/** The parts of the page, in its order; the key is the part's anchor: /settings#lockout. */
export const groups = {
  registration: { label: 'Registration', says: 'Who may make an account without an administrator.' },
  approval: { label: 'Approval', says: 'What becomes of somebody who has registered.' },
  accounts: { label: 'Accounts', says: 'How many accounts this console holds.' },
  lockout: {
    label: 'Lockout',
    says: 'An account is locked when somebody tries too often to sign in to it with a wrong password, from browsers that it does not know. “Unlock” or a new password lifts it. The last administrator is never locked, and waits instead.',
  },
  sessions: { label: 'Sessions', says: 'When people have to sign in again. It counts at once, for open sessions too.' },
  mail: { label: 'Mail', says: 'What this console sends: links for coming in, and word of what was done.' },
  'two-factor': { label: 'Two-factor', says: 'Who has to prove a second time who it is when signing in.' },
  dormancy: {
    label: 'Dormant accounts',
    says: 'What becomes of accounts to which nobody signs in. Days are counted from the last sign-in, or from when the account was registered, activated or restored since. Administrators and API users are left alone.',
    agree: dormancyAgrees,
  },
  connection: {
    label: 'Connect',
    says: 'How administrators act on the behalf of users. Each such visit is recorded, and its user can read what was done.',
  },
  groups: { label: 'Groups', says: 'Who sees which things.' },
  retention: { label: 'Retention', says: 'How long what was deleted can be brought back, and what was told is kept.' },
  currency: { label: 'Money', says: 'In which currency amounts are shown and entered, and what takes more care.' },
} satisfies Record<string, Group>;

export type GroupName = keyof typeof groups;

export const isGroup = (name: unknown): name is GroupName => typeof name === 'string' && Object.hasOwn(groups, name);

/** What is wrong with these settings as a whole, under the names of those that have to change. */
export const disagreements = (settings: Settings): Partial<Record<keyof Settings, string>> =>
  Object.assign({}, ...Object.values(groups as Record<string, Group>).map(({ agree }) => agree?.(settings)));

/** A warning comes before what it warns of, and only what was deactivated is deleted. */
function dormancyAgrees({ dormantWarnDays: warn, dormantDeactivateDays: deactivate, dormantDeleteDays: remove }: Settings) {
  const problems: Partial<Record<keyof Settings, string>> = {};
  if (deactivate > 0 && deactivate <= warn)
    problems.dormantDeactivateDays = `More than ${warn}, so that the warning comes at least a day before.`;
  if (remove > 0 && deactivate === 0)
    problems.dormantDeactivateDays = 'Needed for deleting: only accounts that have been deactivated so are deleted.';
  else if (remove > 0 && remove <= deactivate)
    problems.dormantDeleteDays = `More than ${deactivate}: accounts are deactivated first.`;
  return problems;
}
