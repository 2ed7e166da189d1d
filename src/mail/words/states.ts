import { profileNames } from '../../access/profiles.ts';
import type { State } from '../../access/standing.ts';
import type { Data, Reader, Template } from './template.ts';

const because = ({ reason }: Data) => (reason ? [`Reason: ${reason}`] : []);
const why = () =>
  'You get this because an administrator changed the state of your account. If you did not expect it, ask an administrator.';
const preference = 'state';

const isIn =
  (...states: State[]) =>
  ({ state, isDeleted }: Reader) =>
    !isDeleted && states.includes(state);
const isWorking = isIn('STATE_APPROVED', 'STATE_FLAGGED');

/** What an administrator did to the state of an account. `reason` may be ''. */
export const stateLetters = {
  activated: {
    leads: '/account',
    subject: () => 'Your account is active',
    says: (data) => ['Your account has been activated: you can sign in.', ...because(data)],
    why,
    preference,
    stillHolds: isWorking,
  },
  approved: {
    leads: '/account',
    subject: () => 'Your account has been approved',
    says: (data) => ['An administrator has approved your account: you can use everything that comes with it.', ...because(data)],
    why,
    stillHolds: isWorking,
  },
  rejected: {
    leads: '/account',
    subject: () => 'Your account has not been approved',
    says: (data) => ['An administrator has looked at your request and rejected it.', ...because(data)],
    why,
    stillHolds: isIn('STATE_REJECTED'),
  },
  deactivated: {
    leads: '/account',
    subject: () => 'Your account has been deactivated',
    says: (data) => ['Your account has been deactivated: you can no longer sign in.', ...because(data)],
    why,
    preference,
    stillHolds: isIn('STATE_INACTIVE'),
  },
  suspended: {
    leads: '/account',
    subject: () => 'Your account has been suspended',
    says: (data) => ['Your account has been suspended: when you sign in you see your own profile only.', ...because(data)],
    why,
    preference,
    stillHolds: isIn('STATE_SUSPENDED'),
  },
  unlocked: {
    leads: '/account/sessions',
    subject: () => 'Your account is no longer locked',
    says: () => ['An administrator has lifted the lock that failed sign-ins had put on your account: you can sign in again.'],
    why,
    preference,
    stillHolds: ({ isLocked, isDeleted }) => !isLocked && !isDeleted,
  },
  deleted: {
    leads: '/account',
    subject: () => 'Your account has been deleted',
    says: () => [
      'Your account has been deleted: you can no longer sign in.',
      'For a while an administrator can still restore it as it was; after that it is erased for good.',
    ],
    why: () => 'You get this because an administrator deleted your account. If you still need it, tell an administrator soon.',
    preference,
    isForDeleted: true,
    stillHolds: ({ isDeleted }) => isDeleted,
  },
  restored: {
    leads: '/account',
    subject: () => 'Your account has been restored',
    says: () => ['Your account was deleted and has been restored as it was before.'],
    why,
    preference,
    stillHolds: ({ isDeleted }) => !isDeleted,
  },
  /** `day` such as 2027-05-31, or '' for never. */
  'expiry-set': {
    leads: '/account',
    subject: ({ day }) => (day ? 'The last day of your account has been set' : 'Your account does not expire any more'),
    says: ({ day }) => [expiryWords(day)],
    why: () => 'You get this because an administrator set for how long your account works.',
    preference,
    stillHolds: ({ expiresAt, isDeleted }, { day }) => !isDeleted && dayOf(expiresAt) === day,
  },
  /** `profile` is the new one; `day` as above where it was set too, else absent. */
  'profile-set': {
    leads: '/account',
    tells: ({ profile }) => `Your profile is now: ${nameOf(profile)}`,
    subject: () => 'What you may do has changed',
    says: ({ profile, day }) => [
      `An administrator has given your account another profile: ${nameOf(profile)}.`,
      ...(day === undefined ? [] : [expiryWords(day)]),
    ],
    why: () => 'You get this because the rights of your account have changed. If you did not expect it, tell an administrator.',
    stillHolds: ({ profile, isDeleted }, data) => !isDeleted && profile === data.profile,
  },
  /** `back`: what the account is again, as one of the words below. */
  undone: {
    leads: '/account',
    subject: () => 'Your account is as it was before',
    says: ({ back = '' }) => [
      'What we wrote to you last about your account has been taken back.',
      ...(Object.hasOwn(backWords, back) ? [backWords[back as Back]] : []),
    ],
    why,
    preference,
    stillHolds: ({ isDeleted }) => !isDeleted,
  },
} satisfies Record<string, Template>;

const backWords = {
  requested: 'It waits for the approval of an administrator again; until then you see your own profile only.',
  invited: 'It waits again for you to finish setting it up, by the link in the mail that brought it.',
  locked: 'It is locked again after too many failed sign-ins: choose “Forgot password”, or ask an administrator.',
};

export type Back = keyof typeof backWords;

/** The day of a moment, UTC, as letters carry it. */
export const dayOf = (at: Date | null) => at?.toISOString().slice(0, 10) ?? '';

const longDay = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' });

const expiryWords = (day = '') =>
  day
    ? `Your account works until ${longDay.format(new Date(day))}, that day included.`
    : 'There is no day any more on which your account ends.';

const nameOf = (profile = '') =>
  Object.hasOwn(profileNames, profile) ? profileNames[profile as keyof typeof profileNames] : profile;
