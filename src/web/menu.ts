import type { Actor } from '../access/actor.ts';
import type { Act } from '../access/acts.ts';
import { can } from '../access/can.ts';

type Entry = { key: string; href: string; label: string; icon: string; act: Act };

const groups: { label: string | null; entries: Entry[] }[] = [
  {
    label: 'Accounts',
    entries: [
      { key: 'users', href: '/users', label: 'Users', icon: 'users', act: 'see users' },
      { key: 'invitations', href: '/invitations', label: 'Invitations', icon: 'user-plus', act: 'see invitations' },
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

/** The sidebar: only what this actor may open. */
export function menuFor(actor: Actor | null) {
  if (!actor) return [];
  const open = groups.map(({ label, entries }) => ({ label, entries: entries.filter(({ act }) => can(actor, act)) }));
  return open.filter(({ entries }) => entries.length > 0);
}
