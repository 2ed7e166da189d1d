import type { Template } from './template.ts';

const sinceNobody = 'You get this because nobody has signed in to your account for long.';
const keep = 'If you still need it, sign in once before then: nothing else is needed, and nothing changes.';

/** Accounts that come to an end, by their day of expiry or because nobody uses them. `on` is a day such as 31 May 2027. */
export const dormancyLetters = {
  'expires-soon': {
    leads: '/account',
    subject: ({ on }) => `Your account ends on ${on}`,
    says: ({ on }) => [
      `Your account works until the end of ${on} (UTC). After that you can no longer sign in; nothing in it is deleted.`,
      'If you need it for longer, ask an administrator to set another day.',
    ],
    why: () => 'You get this because your account has a day of expiry.',
    preference: 'reminders',
  },
  expired: {
    leads: '/account',
    subject: () => 'Your account has ended',
    says: ({ on }) => [
      `Your account worked until ${on} (UTC), as had been set. You can no longer sign in; nothing in it has been deleted.`,
      'If you still need it, ask an administrator to set another day.',
    ],
    why: () => 'You get this because your account had a day of expiry.',
  },
  'dormant-warned': {
    leads: '/account',
    subject: ({ on }) => (on ? `Sign in before ${on} to keep your account` : 'Nobody has signed in to your account for long'),
    says: ({ on, days }) => [
      `Nobody has signed in to your account for ${days} days.`,
      ...(on ? [`On ${on} your account will be deactivated: then you can no longer sign in.`, keep] : []),
    ],
    why: () => sinceNobody,
    preference: 'reminders',
  },
  'dormant-deactivated': {
    leads: '/account',
    subject: () => 'Your account has been deactivated',
    says: ({ days, on }) => [
      `Nobody has signed in to your account for ${days} days, so it has been deactivated: you can no longer sign in.`,
      'If you still need it, ask an administrator to activate it.',
      ...(on ? [`If nobody does, it will be deleted on ${on}.`] : []),
    ],
    why: () => sinceNobody,
  },
  'dormant-deletion-set': {
    leads: '/account',
    subject: ({ on }) => `Your account will be deleted on ${on}`,
    says: ({ on }) => [
      `Your account was deactivated because nobody had signed in to it for long. It will be deleted on ${on}.`,
      'If you still need it, ask an administrator to activate it before then.',
    ],
    why: () => sinceNobody,
  },
  'dormant-deleted': {
    leads: '/account',
    subject: () => 'Your account has been deleted',
    says: ({ restoreDays }) => [
      'Your account was deactivated because nobody had signed in to it for long. Now it has been deleted.',
      `An administrator can bring it back for ${restoreDays} days, and not after that.`,
    ],
    why: () => sinceNobody,
    isForDeleted: true,
    stillHolds: ({ isDeleted }) => isDeleted,
  },
} satisfies Record<string, Template>;
