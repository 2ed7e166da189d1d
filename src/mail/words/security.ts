import type { Template } from './template.ts';

/** What touches the safety of an account: these always come. */
export const securityLetters = {
  locked: {
    leads: '/account/sessions',
    subject: () => 'Your account has been locked',
    says: ({ at, tries, minutes, networks, more }) => [
      `Somebody tried ${tries} times within ${minutes} minutes to sign in to your account with a wrong password, the last time ${at}, from ${networks}${more ? ` and ${more} more networks` : ''}. So it has been locked.`,
      'Browsers from which you have signed in before still let you in. Elsewhere choose “Forgot password” to set a new password: that lifts the lock. An administrator can lift it too.',
    ],
    why: () => 'You get this because your account was locked. If the tries were not yours, your password has kept them out.',
    stillHolds: ({ isLocked, isDeleted }) => isLocked && !isDeleted,
  },
  'locked-at-second-step': {
    leads: '/account/password',
    subject: () => 'Your account has been locked: somebody knows your password',
    says: ({ at, networks, more }) => [
      `Somebody who typed your password came as far as the second step and failed there too often, the last time ${at}, from ${networks}${more ? ` and ${more} more networks` : ''}. So your account has been locked.`,
      'If this was not you, your password is known to somebody: choose “Forgot password” and set a new one at once, which lifts the lock too.',
    ],
    why: () => 'You get this because your account was locked. If the tries were yours, an administrator can lift the lock.',
    stillHolds: ({ isLocked, isDeleted }) => isLocked && !isDeleted,
  },
  'entered-after-lock': {
    leads: '/account/sessions',
    subject: () => 'Somebody signed in to your account after it had been locked',
    says: ({ at, device, network }) => [
      `Your account was locked after too many wrong passwords, and the lock has been lifted since. The first to sign in after that did so ${at}, with ${device} from ${network}.`,
      'If this was you, there is nothing to do.',
    ],
    why: () =>
      'You get this because your account had been locked. If this was not you, choose “Forgot password” at once and tell an administrator.',
  },
  'account-deleted': {
    leads: '/account',
    isForDeleted: true,
    stillHolds: ({ isDeleted }) => isDeleted,
    subject: () => 'Your account has been deleted',
    says: ({ at, username, restoreDays }) => [
      `You have deleted your account ${username} ${at}. Every session has ended, and nobody can sign in with it any more.`,
      `Administrators can restore it for ${restoreDays} days; ask one of them if you change your mind.`,
    ],
    why: () =>
      'You get this because your account was deleted with your password. If this was not you, tell an administrator at once.',
  },
  'password-changed': {
    leads: '/account/sessions',
    subject: () => 'Your password has been changed',
    says: () => ['The password of your account has been changed, and every other session has ended.'],
    why: () =>
      'You get this because your password was changed. If this was not you, choose “Forgot password” and tell an administrator.',
  },
} satisfies Record<string, Template>;
