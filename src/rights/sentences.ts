import { type Act, acts } from '../access/acts.ts';

/** What people read in place of acts: everything in one sentence is allowed to the same profiles. */
export type Sentence = { area: string; says: string; acts: readonly Act[] };

const told: readonly Sentence[] = [
  { area: 'Users', says: 'See users, their states and their sessions', acts: ['see users'] },
  { area: 'Users', says: 'Add and edit users', acts: ['add user', 'edit user'] },
  {
    area: 'Users',
    says: 'Let users in and shut them out: activate, approve, reject, flag, suspend, deactivate, unlock',
    acts: ['activate user', 'approve user', 'reject user', 'flag user', 'suspend user', 'deactivate user', 'unlock user'],
  },
  {
    area: 'Users',
    says: 'Set profiles, groups and the day on which an account ends',
    acts: ['set profile', 'set groups', 'set expiry'],
  },
  {
    area: 'Users',
    says: 'Reset passwords, end sessions, see why somebody cannot sign in',
    acts: ['reset password', 'end sessions', 'check sign-in', 'clear tries'],
  },
  { area: 'Users', says: 'Delete, restore and purge users', acts: ['delete user', 'restore user', 'purge user'] },
  {
    area: 'Users',
    says: 'Act upon many users at once, import and export them',
    acts: ['act in bulk', 'import users', 'export users'],
  },
  { area: 'Users', says: 'Give everything that a user owns to another', acts: ['transfer all things'] },
  { area: 'Users', says: 'Connect to users and act on their behalf', acts: ['connect user', 'disconnect', 'see visits'] },
  { area: 'Users', says: 'Save views of the list and choose its columns', acts: ['save views', 'choose columns'] },
  { area: 'Users', says: 'See who was invited, and invite people', acts: ['see invitations', 'invite user'] },
  {
    area: 'Users',
    says: 'Send invitations again, copy their links, revoke them',
    acts: ['resend invitation', 'copy invitation link', 'revoke invitation'],
  },
  {
    area: 'Users',
    says: 'Send activation mails and ask users again to verify their addresses',
    acts: ['send activation email', 'resend verification'],
  },
  { area: 'Users', says: 'Reset two-factor and forget browsers', acts: ['reset two-factor', 'forget browsers'] },
  { area: 'Groups', says: 'See groups', acts: ['see groups'] },
  { area: 'Groups', says: 'Create, change and delete groups', acts: ['manage groups'] },
  { area: 'Money', says: 'See balances and transactions of users', acts: ['see balance'] },
  { area: 'Money', says: 'Refill balances and cancel transactions', acts: ['refill balance', 'cancel transaction'] },
  { area: 'Money', says: 'Define tariffs and their prices', acts: ['manage tariffs'] },
  { area: 'Money', says: 'See what users have paid', acts: ['see payments'] },
  { area: 'Money', says: 'See the tariffs that are open to oneself, and own payments', acts: ['see own tariffs'] },
  { area: 'Money', says: 'See the own balance and transactions', acts: ['see own balance'] },
  { area: 'Money', says: 'Pay tariffs from the own balance', acts: ['pay tariffs'] },
  { area: 'Mail', says: 'See every letter and what became of it', acts: ['see mail'] },
  { area: 'Mail', says: 'Send letters again and copy their links', acts: ['resend mail', 'copy link'] },
  { area: 'Contact', says: 'Leave feedback and read the answers', acts: ['see own feedback', 'leave feedback'] },
  {
    area: 'Contact',
    says: 'Read feedback of all users and answer it',
    acts: ['see feedback', 'answer feedback', 'note feedback'],
  },
  { area: 'Users', says: 'See the Overview: what needs attention, who came, what was moved', acts: ['see overview'] },
  { area: 'Contact', says: 'See announcements, who got and who read them', acts: ['see announcements'] },
  {
    area: 'Contact',
    says: 'Write, send and withdraw announcements',
    acts: ['write announcement', 'send announcement', 'withdraw announcement'],
  },
  { area: 'Settings', says: 'See and change the settings', acts: ['see settings', 'change settings'] },
  { area: 'History', says: 'See what everybody did', acts: ['see history'] },
  { area: 'History', says: 'Undo what was done in the last ten minutes', acts: ['undo act'] },
  { area: 'Own account', says: 'See the own account and choose a password', acts: ['see own account', 'change own password'] },
  { area: 'Own account', says: 'Change the own profile', acts: ['change own profile'] },
  { area: 'Own account', says: 'Ask again to verify the own address', acts: ['verify own address'] },
  { area: 'Own account', says: 'Choose the own time zone and theme', acts: ['change own preferences'] },
  { area: 'Own account', says: 'Set up a second factor and passkeys', acts: ['change own two-factor', 'change own passkeys'] },
  { area: 'Own account', says: 'Choose which letters come', acts: ['choose own letters'] },
  { area: 'Own account', says: 'Forget browsers that have signed in', acts: ['forget own browsers'] },
  { area: 'Own account', says: 'Delete the own account', acts: ['delete own account'] },
  { area: 'Own account', says: 'See and end the own sessions', acts: ['end own sessions'] },
  { area: 'Own account', says: 'See the own notifications', acts: ['see notifications'] },
  { area: 'Own account', says: 'See who connected to the account and what they did', acts: ['see own visits'] },
];

/** What everybody may, and what the rows about things say already. */
const untold: readonly Act[] = [
  'come in',
  'register',
  'verify address',
  'recover account',
  'choose password',
  'sign out',
  'choose theme',
  'see own start page',
  'see own notifications',
  'confirm own identity',
  'see own sections',
  'see things',
  'change things',
  'give away things',
  'see own things',
  'change own things',
];

/** Every act has its sentence: what is told nowhere else stands in its own words. */
export const sentences: readonly Sentence[] = [
  ...told,
  ...(Object.keys(acts) as Act[])
    .filter((act) => !untold.includes(act) && !told.some((sentence) => sentence.acts.includes(act)))
    .map((act) => ({ area: 'Also', says: act.charAt(0).toUpperCase() + act.slice(1), acts: [act] })),
];
