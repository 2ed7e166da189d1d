import type { Profile } from './profiles.ts';

type Rule = {
  /** Which profiles; 'visitors' are people who are not signed in, who may do only what says so. */
  who: readonly (Profile | 'visitor')[];
  /** True for what a user in restricted standing may still do. */
  whileRestricted?: true;
  /** True for what must be possible before a single-use password is replaced. */
  beforeNewPassword?: true;
  /** True for what must be possible before a second factor that is required has been set up. */
  beforeSecondFactor?: true;
  /** What is said to a profile that may not, where the usual sentence does not help. */
  insteadSays?: string;
  /** True for what the subject's own profile decides: an administrator does it while connected, on the user's behalf. */
  ofSubject?: true;
  /** True for what changes something of the subject's: not while an administrator is connected to look only. */
  changesSubject?: true;
  /** True for what may be done to a user while connected to it: everything else waits until one has disconnected. */
  uponConnected?: true;
  /** For what nobody does to itself on the administration pages: the sentence that says so. */
  notUponSelf?: string;
};

const administrators = ['administrator'] as const;
const members = ['administrator', 'standard', 'group', 'monitor', 'api', 'customer'] as const;
/** Whose own sections stand under /my. */
const subjects = ['standard', 'group', 'monitor', 'customer'] as const;
const everybody = ['visitor', ...members] as const;
const always = { whileRestricted: true, beforeNewPassword: true, beforeSecondFactor: true } as const;

/** Every act there is, and who may do it. What stands in no row is not possible: routes without an act do not compile. */
export const acts = {
  'come in': { who: everybody, ...always },
  register: { who: everybody, ...always },
  'verify address': { who: everybody, ...always },
  'sign out': { who: everybody, ...always },
  'recover account': { who: everybody, ...always },
  'choose password': { who: everybody, ...always },
  'choose theme': { who: everybody, ...always },
  'see own start page': { who: members, whileRestricted: true },
  'see own account': { who: members, whileRestricted: true },
  'change own profile': { who: ['administrator', 'standard', 'group', 'api', 'customer'], whileRestricted: true },
  'verify own address': { who: members, whileRestricted: true },
  'change own password': { who: members, ...always },
  'change own preferences': { who: members },
  'change own two-factor': { who: members, beforeSecondFactor: true },
  'change own passkeys': { who: members, beforeSecondFactor: true },
  'delete own account': {
    who: ['standard', 'group', 'api', 'customer'],
    insteadSays: 'Only another administrator can delete the account of an administrator or of a monitor user.',
  },
  'end own sessions': { who: members, whileRestricted: true },
  'forget own browsers': { who: members, whileRestricted: true },
  'choose own letters': { who: members },
  'confirm own identity': { who: members, beforeSecondFactor: true },
  'see overview': { who: administrators },
  'see users': { who: administrators, uponConnected: true },
  'save views': { who: administrators },
  'choose columns': { who: administrators },
  'add user': { who: administrators },
  'edit user': { who: administrators },
  'send activation email': { who: administrators },
  'activate user': { who: administrators },
  'approve user': { who: administrators },
  'reject user': { who: administrators, notUponSelf: 'You cannot reject yourself; another administrator can.' },
  'flag user': { who: administrators },
  'deactivate user': { who: administrators, notUponSelf: 'You cannot deactivate yourself; another administrator can.' },
  'suspend user': { who: administrators, notUponSelf: 'You cannot suspend yourself; another administrator can.' },
  'resend verification': { who: administrators },
  'unlock user': { who: administrators },
  'check sign-in': { who: administrators, uponConnected: true },
  'clear tries': { who: administrators },
  'set profile': { who: administrators, notUponSelf: 'You cannot change your own profile; another administrator can.' },
  'set expiry': {
    who: administrators,
    notUponSelf: 'You cannot change the day on which your own account ends; another administrator can.',
  },
  'reset password': { who: administrators, notUponSelf: 'Change your own password under My account.' },
  'reset two-factor': { who: administrators, notUponSelf: 'Change your own two-factor under My account.' },
  'end sessions': { who: administrators },
  'forget browsers': { who: administrators },
  'delete user': { who: administrators, notUponSelf: 'You cannot delete your own user account.' },
  'restore user': { who: administrators },
  'purge user': { who: administrators, notUponSelf: 'You cannot purge your own user account.' },
  'see groups': { who: ['administrator', 'standard', 'group', 'monitor'], uponConnected: true },
  'manage groups': { who: administrators },
  'set groups': { who: administrators },
  'undo act': { who: administrators },
  'act in bulk': { who: administrators },
  'import users': { who: administrators },
  'export users': { who: administrators },
  'see invitations': { who: administrators },
  'invite user': { who: administrators },
  'resend invitation': { who: administrators },
  'revoke invitation': { who: administrators },
  'copy invitation link': { who: administrators },
  'see mail': { who: administrators, uponConnected: true },
  'resend mail': { who: administrators },
  'copy link': { who: administrators },
  'see history': { who: administrators, uponConnected: true },
  'connect user': { who: administrators, notUponSelf: 'You cannot connect to yourself.' },
  disconnect: { who: administrators, uponConnected: true },
  'see visits': { who: administrators, uponConnected: true },
  'see balance': { who: administrators, uponConnected: true },
  'refill balance': { who: administrators, uponConnected: true, changesSubject: true },
  'cancel transaction': { who: administrators, uponConnected: true, changesSubject: true },
  'manage tariffs': { who: administrators, uponConnected: true },
  'see payments': { who: administrators, uponConnected: true },
  'see own tariffs': { who: ['customer'], ofSubject: true },
  'pay tariffs': { who: ['customer'], ofSubject: true, changesSubject: true },
  'see own balance': { who: ['customer'], ofSubject: true },
  'see things': { who: ['administrator', 'standard', 'group', 'monitor'], uponConnected: true },
  'change things': { who: ['administrator', 'standard', 'group'], uponConnected: true },
  'give away things': { who: ['administrator', 'standard'], uponConnected: true },
  'transfer all things': { who: administrators },
  'see own things': { who: subjects, ofSubject: true },
  'change own things': { who: ['standard', 'group', 'customer'], ofSubject: true, changesSubject: true },
  'see own sections': { who: subjects, ofSubject: true },
  'see own visits': { who: subjects, ofSubject: true },
  'see own feedback': { who: subjects, ofSubject: true },
  'leave feedback': { who: subjects, ofSubject: true, changesSubject: true },
  'see feedback': { who: administrators, uponConnected: true },
  'answer feedback': { who: administrators, uponConnected: true, changesSubject: true },
  'note feedback': { who: administrators },
  'see notifications': { who: members },
  'see own notifications': { who: subjects, ofSubject: true },
  'see announcements': { who: administrators, uponConnected: true },
  'write announcement': { who: administrators },
  'send announcement': { who: administrators },
  'withdraw announcement': { who: administrators },
  'see settings': { who: administrators },
  'change settings': { who: administrators },
} as const satisfies Record<string, Rule>;

export type Act = keyof typeof acts;

/** Whether somebody has sections of its own under /my, in which an administrator can work on its behalf. */
export const hasSections = (profile: Profile): boolean => (subjects as readonly Profile[]).includes(profile);

export const ruleOf = (act: Act): Rule => acts[act];
