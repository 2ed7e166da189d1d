import type { Template } from './template.ts';

/** What touches the safety of an account: these always come. */
export const securityLetters = {
  locked: {
    subject: () => 'Your account has been locked',
    says: () => [
      'Somebody tried too often to sign in to your account with a wrong password, so it has been locked.',
      'Browsers from which you have signed in before still let you in. Elsewhere choose “Forgot password” to set a new password: that lifts the lock. An administrator can lift it too.',
    ],
    why: () => 'You get this because your account was locked. If the tries were not yours, your password has kept them out.',
    stillHolds: ({ isLocked, isDeleted }) => isLocked && !isDeleted,
  },
  'password-changed': {
    subject: () => 'Your password has been changed',
    says: () => ['The password of your account has been changed, and every other session has ended.'],
    why: () =>
      'You get this because your password was changed. If this was not you, choose “Forgot password” and tell an administrator.',
  },
} satisfies Record<string, Template>;
