import type { Template } from './template.ts';

const notYou =
  'If this was not you, sign in, look at what is set up under My account, change your password, and tell an administrator.';

/** What somebody has to show beside the password, and from where it was shown: the first always come. */
export const twoFactorLetters = {
  'two-factor-on': {
    leads: '/account/two-factor',
    subject: () => 'Two-factor is on',
    says: () => [
      'An authenticator app has been set up for your account. From now on signing in asks for its code after your password, and every other session has ended.',
      'Keep the recovery codes that were shown to you where you find them without your telephone.',
    ],
    why: () => `You get this because two-factor was turned on for your account. ${notYou}`,
  },
  'two-factor-off': {
    leads: '/account/two-factor',
    subject: () => 'Two-factor is off',
    says: () => ['Two-factor has been turned off for your account: your password alone lets in from now on.'],
    why: () => `You get this because two-factor was turned off for your account. ${notYou}`,
  },
  'two-factor-reset': {
    leads: '/account/two-factor',
    subject: () => 'Your second factor has been reset',
    says: () => [
      'An administrator has taken away what was set up as your second factor: authenticator app, passkeys and recovery codes. Your password alone lets in from now on, and every session has ended.',
      'Sign in and set up two-factor again under My account.',
    ],
    why: () =>
      'You get this because an administrator reset your second factor. If you have not asked for that, tell another administrator.',
  },
  'app-changed': {
    leads: '/account/two-factor',
    subject: () => 'Your authenticator app has been changed',
    says: () => ['An authenticator app has been set up for your account, or taken away. Two-factor stays on.'],
    why: () => `You get this because the authenticator app of your account was changed. ${notYou}`,
  },
  'recovery-codes-made': {
    leads: '/account/two-factor',
    subject: () => 'You have new recovery codes',
    says: () => ['New recovery codes have been made for your account. The old ones work no more.'],
    why: () => `You get this because recovery codes were made for your account. ${notYou}`,
  },
  'recovery-code-used': {
    leads: '/account/two-factor',
    subject: () => 'A recovery code has been used',
    says: ({ left }) => [
      'Somebody has signed in to your account with your password and one of your recovery codes.',
      `Each works once: ${left === '0' ? 'none is' : left === '1' ? '1 is' : `${left} are`} left. You can make new ones under My account.`,
    ],
    why: () => `You get this because one of your recovery codes was used. ${notYou}`,
  },
  'passkey-added': {
    leads: '/account/passkeys',
    subject: () => 'A passkey has been added to your account',
    says: ({ name, isFirst }) => [
      `The passkey “${name}” has been added to your account: it lets you sign in without your password.`,
      ...(isFirst
        ? ['From now on signing in with your password asks for a second step too, and every other session has ended.']
        : []),
    ],
    why: () => `You get this because a passkey was added to your account. ${notYou}`,
  },
  'passkey-removed': {
    leads: '/account/passkeys',
    subject: () => 'A passkey has been removed from your account',
    says: ({ name, isLast }) => [
      `The passkey “${name}” has been removed from your account and no longer lets anybody in.`,
      ...(isLast ? ['It was your last second factor: two-factor is off, your password alone lets in from now on.'] : []),
    ],
    why: () => `You get this because a passkey was removed from your account. ${notYou}`,
  },
  'new-browser': {
    leads: '/account/sessions',
    tells: ({ device }) => `Somebody signed in to your account from a new browser: ${device}`,
    subject: () => 'Somebody signed in to your account from a new browser',
    says: ({ device, address, at }) => [
      'Your account was signed in to from a browser that had not been used for it before.',
      `Browser: ${device}`,
      `Network address: ${address}`,
      `Time: ${at}`,
    ],
    why: () =>
      'You get this because that browser was new, once for each. If this was not you, end that session under My account, change your password, and tell an administrator.',
    preference: 'signIn',
  },
} satisfies Record<string, Template>;
