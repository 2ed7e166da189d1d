import type { Actor } from '../access/actor.ts';
import type { Act } from '../access/acts.ts';
import { can } from '../access/can.ts';

type Group = { label: string | null; entries: Entry[]; isConnected?: boolean };
type Entry = { key: string; href: string; label: string; icon: string; act: Act; count?: number };

const groups: { label: string | null; entries: Entry[] }[] = [
  { label: null, entries: [{ key: 'overview', href: '/', label: 'Overview', icon: 'gauge', act: 'see overview' }] },
  {
    label: 'Accounts',
    entries: [
      { key: 'users', href: '/users', label: 'Users', icon: 'users', act: 'see users' },
      { key: 'invitations', href: '/invitations', label: 'Invitations', icon: 'user-plus', act: 'see invitations' },
      { key: 'groups', href: '/groups', label: 'Groups', icon: 'layers', act: 'see groups' },
    ],
  },
  {
    label: 'Things',
    entries: [
      { key: 'object', href: '/objects', label: 'Objects', icon: 'truck', act: 'see things' },
      { key: 'tracker', href: '/trackers', label: 'Trackers', icon: 'radio', act: 'see things' },
      { key: 'camera', href: '/cameras', label: 'Cameras', icon: 'video', act: 'see things' },
      { key: 'thing', href: '/things', label: 'Other things', icon: 'box', act: 'see things' },
    ],
  },
  {
    label: 'Money',
    entries: [
      { key: 'tariffs', href: '/tariffs', label: 'Tariffs', icon: 'tag', act: 'manage tariffs' },
      { key: 'payments', href: '/payments', label: 'Payments', icon: 'receipt', act: 'see payments' },
    ],
  },
  {
    label: 'Contact',
    entries: [
      { key: 'notifications', href: '/notifications', label: 'Notifications', icon: 'bell', act: 'see notifications' },
      { key: 'feedback', href: '/feedback', label: 'Feedback', icon: 'message-square', act: 'see feedback' },
      { key: 'announcements', href: '/announcements', label: 'Announcements', icon: 'megaphone', act: 'see announcements' },
    ],
  },
  {
    label: 'System',
    entries: [
      { key: 'history', href: '/history', label: 'History', icon: 'scroll-text', act: 'see history' },
      { key: 'mail', href: '/mail', label: 'Mail', icon: 'mail', act: 'see mail' },
      { key: 'settings', href: '/settings', label: 'Settings', icon: 'settings', act: 'see settings' },
    ],
  },
  {
    label: 'You',
    entries: [{ key: 'account', href: '/account', label: 'My account', icon: 'user-round', act: 'see own account' }],
  },
];

/** The pages of the own account, each a tab. */
const ownPages: Omit<Entry, 'icon'>[] = [
  { key: 'profile', href: '/account', label: 'Profile', act: 'see own account' },
  { key: 'preferences', href: '/account/preferences', label: 'Preferences', act: 'change own preferences' },
  { key: 'password', href: '/account/password', label: 'Password', act: 'change own password' },
  { key: 'two-factor', href: '/account/two-factor', label: 'Two-factor', act: 'change own two-factor' },
  { key: 'passkeys', href: '/account/passkeys', label: 'Passkeys', act: 'change own passkeys' },
  { key: 'sessions', href: '/account/sessions', label: 'Sessions', act: 'end own sessions' },
  { key: 'mail', href: '/account/mail', label: 'Mail', act: 'choose own letters' },
];

/** The tabs of the own account: only what this actor may open. */
export const ownTabsFor = (actor: Actor | null) => ownPages.filter(({ act }) => can(actor, act));

/** The sections of the subject: of an administrator who is connected they stand below its own menu, under the user's name. */
const ownSections: Entry[] = [
  { key: 'my', href: '/my', label: 'Start', icon: 'house', act: 'see own sections' },
  { key: 'my-balance', href: '/my/balance', label: 'Balance', icon: 'wallet', act: 'see own balance' },
  { key: 'my-payments', href: '/my/payments', label: 'Payments', icon: 'receipt', act: 'see own tariffs' },
  { key: 'my-tariffs', href: '/my/tariffs', label: 'Tariffs', icon: 'tag', act: 'see own tariffs' },
  { key: 'my-object', href: '/my/objects', label: 'Objects', icon: 'truck', act: 'see own things' },
  { key: 'my-tracker', href: '/my/trackers', label: 'Trackers', icon: 'radio', act: 'see own things' },
  { key: 'my-camera', href: '/my/cameras', label: 'Cameras', icon: 'video', act: 'see own things' },
  { key: 'my-thing', href: '/my/things', label: 'Other things', icon: 'box', act: 'see own things' },
  { key: 'my-shared', href: '/my/shared', label: 'Shared with me', icon: 'share-2', act: 'see own things' },
  { key: 'my-notifications', href: '/my/notifications', label: 'Notifications', icon: 'bell', act: 'see own notifications' },
  { key: 'my-feedback', href: '/my/feedback', label: 'Feedback', icon: 'message-square', act: 'see own feedback' },
  { key: 'my-visits', href: '/my/visits', label: 'Visits', icon: 'plug', act: 'see own visits' },
];

/** Where somebody has its own notifications: a customer among its sections, everybody else beside the administration. */
export const notificationsPath = ({ profile }: Actor) => (profile === 'customer' ? '/my/notifications' : '/notifications');

/** How many notifications the actor has not read, and the subject. */
export type Unread = { own: number; subject: number };

/** The sidebar: only what this actor may open. While connected the user's sections come last. */
export function menuFor(actor: Actor | null, unread: Unread): Group[] {
  if (!actor) return [];
  const isOpen = (entry: Entry) => can(actor, entry.act) && !isTwice(actor, entry);
  const open: Group[] = groups.map(({ label, entries }) => ({ label, entries: entries.filter(isOpen).map(counted(unread)) }));
  const own = { label: actor.connection?.user.name ?? null, entries: ownSections.filter(isOpen).map(counted(unread)) };
  const all = actor.connection ? [...open, { ...own, isConnected: true }] : [own, ...open];
  return all.filter(({ entries }) => entries.length > 0);
}

/** Nobody has the own notifications in two places; whoever sees the things of others too finds its own among them. */
function isTwice(actor: Actor, { href, act }: Entry): boolean {
  if (href === '/notifications') return notificationsPath(actor) !== href;
  if (actor.connection) return false;
  return act === 'see own things' ? can(actor, 'see things') : href === '/my/notifications' && notificationsPath(actor) !== href;
}

const counted =
  ({ own, subject }: Unread) =>
  (entry: Entry): Entry => {
    if (entry.key === 'notifications') return { ...entry, count: own };
    return entry.key === 'my-notifications' ? { ...entry, count: subject } : entry;
  };
