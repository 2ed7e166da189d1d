import type { Template } from './template.ts';

const because = ({ reason }: Readonly<Record<string, string>>) => (reason ? [`Reason: ${reason}`] : []);
const why = () => 'You get this because an administrator changed the state of your account.';
const preference = 'state';

/** What an administrator did to the state of an account. `reason` may be ''. */
export const stateLetters = {
  activated: {
    subject: () => 'Your account is active',
    says: (data) => ['Your account has been activated: you can sign in.', ...because(data)],
    why,
    preference,
  },
  approved: {
    subject: () => 'Your account has been approved',
    says: (data) => ['An administrator has approved your account: you can use everything that comes with it.', ...because(data)],
    why,
  },
  rejected: {
    subject: () => 'Your account has not been approved',
    says: (data) => ['An administrator has looked at your request and rejected it.', ...because(data)],
    why,
  },
  deactivated: {
    subject: () => 'Your account has been deactivated',
    says: (data) => ['Your account has been deactivated: you can no longer sign in.', ...because(data)],
    why,
    preference,
  },
  suspended: {
    subject: () => 'Your account has been suspended',
    says: (data) => ['Your account has been suspended: when you sign in you see your own profile only.', ...because(data)],
    why,
    preference,
  },
} satisfies Record<string, Template>;
