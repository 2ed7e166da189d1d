import type { Data, Template } from './template.ts';

const whoever = ({ inviter }: Data) => inviter || 'An administrator';
const daysOf = ({ days }: Data) => (days === '1' ? 'one day' : `${days} days`);

/** Asking somebody in, and telling whoever asked that it was accepted. `note` may be '', and `inviter`, when that account is erased. */
export const invitationLetters = {
  invitation: {
    subject: (data) => `${whoever(data)} invites you to Roster`,
    says: (data) => [
      `${whoever(data)} invites you to an account in Roster: ${data.profile}.`,
      ...(data.note ? [`${whoever(data)} writes: ${data.note}`] : []),
      `Choose a username and a password, and you are in. The link works once, within ${daysOf(data)}.`,
    ],
    button: 'Sign Up',
    why: () =>
      'You get this because somebody entered your address to invite you. If you did not expect it, do nothing: no account is made without you.',
  },
  'invitation-accepted': {
    leads: ({ username }) => `/users/${username}`,
    tells: ({ name }) => `${name} has accepted your invitation`,
    subject: () => 'Your invitation has been accepted',
    says: ({ name, username, email }) => [`${name} has signed up as ${username}, with the address ${email} that you invited.`],
    why: () => 'You get this because you sent the invitation.',
    preference: 'invitations',
  },
} satisfies Record<string, Template>;
