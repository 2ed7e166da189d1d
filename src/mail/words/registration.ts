import type { Template } from './template.ts';

type Words = Readonly<Record<string, string>>;

const untilDecided = ({ waits }: Words) =>
  waits ? ['Your request has come in: an administrator looks at it, and you get a mail when it is decided.'] : [];

/** Coming in by registration, and proving that an address is one’s own. */
export const registrationLetters = {
  registered: {
    subject: () => 'Verify your address',
    says: (data) => [
      `You have registered as ${data.username}. Verify your address, so that your account can be used.`,
      ...untilDecided(data),
    ],
    button: 'Verify my address',
    why: () =>
      'You get this because somebody registered with this address. If this was not you, do not press the button: without it the account can do nothing.',
  },
  'registered-already': {
    leads: '/account',
    tells: () => 'Somebody tried to register with your address',
    subject: () => 'You have an account already',
    says: ({ username }) => [
      `Somebody has just tried to register with this address. There is an account with it already: ${username}.`,
      'If this was you, sign in with that account. If you do not remember its password, choose “Forgot password” on the sign-in page.',
    ],
    why: () =>
      'You get this because this address was entered in the registration form. If this was not you, do nothing: nothing has changed.',
  },
  'sign-up-listed': {
    subject: () => 'Finish your account',
    says: ({ username }) => [
      `You asked to sign up. An administrator has prepared an account for you: ${username}. Choose its password to use it.`,
    ],
    button: 'Activate my account',
    why: () =>
      'You get this because this address was entered in the registration form. If this was not you, do nothing: nothing has changed.',
  },
  'registration-requested': {
    leads: '/users?state=requested',
    subject: ({ username }) => `${username} asks for an account`,
    says: ({ username, name, email }) => [
      `${name} (${username}, ${email}) has registered and waits for an administrator to approve or reject the account.`,
      'All who wait are listed in the console, under Users, Requests.',
    ],
    why: () =>
      'You get this because you are an administrator; at most one such mail comes in an hour, whoever else asks meanwhile.',
    preference: 'requests',
  },
  verification: {
    subject: () => 'Verify your address',
    says: ({ username, email }) => [`Verify that ${email} is the address of your account ${username}.`],
    button: 'Verify my address',
    why: ({ by }) =>
      `You get this because ${by ? 'an administrator of the console' : 'you'} asked for it. If you do not know this account, do nothing.`,
  },
  'email-change': {
    subject: () => 'Verify your new address',
    says: ({ username }) => [
      `You asked to use this address for your account ${username}. Verify it; until then the old one counts.`,
    ],
    button: 'Verify my address',
    why: () =>
      'You get this because this address was entered as the new one of an account. If this was not you, do nothing: nothing changes.',
  },
  'email-change-taken': {
    leads: '/account',
    subject: () => 'Your address was entered for another account',
    says: ({ username }) => [
      `Somebody has entered this address as the new one of another account. It belongs to your account ${username}, so nothing has changed.`,
    ],
    why: () =>
      'You get this because this is the address of your account. If it was you, and this account is no longer needed, delete it first.',
  },
  'email-change-asked': {
    leads: '/account',
    subject: () => 'Another address has been asked for',
    says: ({ username, email }) => [
      `Whoever is signed in to your account ${username} asked to change its address to ${email}. It changes when that address has been verified.`,
    ],
    why: () =>
      'You get this because this is the address of the account. If this was not you, sign in, take it back under My account, and change your password.',
  },
  'email-changed': {
    leads: '/account',
    subject: () => 'The address of your account has changed',
    says: ({ username, email }) => [
      `Your account ${username} has the address ${email} from now on; it has been verified. No more mails come to this one.`,
    ],
    why: () =>
      'You get this because this was the address of the account. If this was not you, tell an administrator at once: whoever holds the new address can get in.',
  },
  'email-changed-by-administrator': {
    leads: '/account',
    subject: () => 'The address of your account has changed',
    says: ({ username, email }) => [
      `An administrator has given your account ${username} the address ${email}. No more mails come to this one.`,
    ],
    why: () => 'You get this because this was the address of the account. If you did not expect it, ask an administrator.',
  },
} satisfies Record<string, Template>;
