import type { Template } from './template.ts';

const forgotten = 'You get this because your account was named under “Forgot password”.';

/** Coming in for the first time, again, and with a new password. */
export const recoveryLetters = {
  activation: {
    subject: () => 'Activate your account',
    says: ({ username }) => [
      `An account has been made for you: ${username}.`,
      'Choose its password and activate it by the link. It works once, within 7 days.',
    ],
    button: 'Activate my account',
    why: () =>
      'You get this because an account was made with this address. If you do not expect one, do nothing: the account then stays as it is, unused.',
  },
  reactivation: {
    subject: () => 'Activate your account again',
    says: ({ username }) => [
      `Your account ${username} is not active at present. You can activate it again by the link, which works once, within 7 days.`,
      'Your password is the one that you had.',
    ],
    button: 'Activate my account',
    why: () =>
      'You get this because an administrator lets you back in. If you do not need the account any more, do nothing: it then stays as it is.',
  },
  reset: {
    subject: () => 'Choose a new password',
    says: ({ username }) => [
      `A new password has been asked for, for your account ${username}. Choose it by the link, which works once, within one hour.`,
      'Until then the old password stays.',
    ],
    button: 'Choose a new password',
    why: () => `${forgotten} If this was not you, do nothing: nothing has changed.`,
  },
  'reset-by-administrator': {
    subject: () => 'Choose a new password',
    says: ({ username, isStopped }) => [
      `An administrator asks you to choose a new password for your account ${username}, by the link, which works once, within one hour.`,
      isStopped ? 'The old password does not work any more.' : 'Until then the old password stays.',
      'If the hour is over, choose “Forgot password” on the sign-in page to get another link.',
    ],
    button: 'Choose a new password',
    why: () =>
      'You get this because an administrator pressed “Reset user password”. If you did not expect it, ask an administrator before you press the button.',
  },
  'forgotten-not-active': {
    leads: '/account',
    tells: () => 'A new password was asked for, for your account',
    subject: () => 'Your account is not active',
    says: ({ username }) => [
      `A new password has been asked for, for your account ${username}, which is not active: no password lets you in.`,
      'Ask an administrator to activate it.',
    ],
    why: () => `${forgotten} If this was not you, do nothing: nothing has changed.`,
  },
  'forgotten-elsewhere': {
    leads: '/account',
    tells: () => 'A new password was asked for, for your account',
    subject: () => 'Your account has no password here',
    says: ({ username }) => [
      `A new password has been asked for, for your account ${username}. You sign in to it at your identity provider, which alone can give you a new password.`,
    ],
    why: () => `${forgotten} If this was not you, do nothing: nothing has changed.`,
  },
} satisfies Record<string, Template>;
