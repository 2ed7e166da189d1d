import { addressOf, readView } from '../users/address.ts';
import { chipsOf } from '../users/chips.ts';
import { isUnfiltered } from '../users/filter.ts';
import { figure } from '../web/figures.ts';
import type { Announcement } from './announcement.ts';
import type { Reach } from './receivers.ts';

/** What the pages of announcements show, made of what the database says. */

const badges = {
  draft: { tone: 'off', text: 'Draft' },
  sending: { tone: 'info', text: 'Being sent' },
  stopped: { tone: 'warn', text: 'Stopped' },
  sent: { tone: 'ok', text: 'Sent' },
  withdrawn: { tone: 'bad', text: 'Withdrawn' },
} as const;

export const pathOf = ({ id }: Pick<Announcement, 'id'>) => `/announcements/${id}`;

/** An announcement as a row of the list or its page shows it. */
export function shownOf(announcement: Announcement, currency: string) {
  const { state, filter, receivers, readers } = announcement;
  return {
    ...announcement,
    path: pathOf(announcement),
    badge: badges[state],
    to: toWords(announcement, currency),
    usersHref: isUnfiltered(filter) ? '/users' : addressOf({ ...readView({}), filter }),
    readWords: `${figure(readers)}${receivers > 0 ? ` (${Math.floor((100 * readers) / receivers)} %)` : ''}`,
  };
}

/** To whom it goes: the filters in the words of the list of users. */
function toWords({ filter }: Announcement, currency: string): string {
  if (isUnfiltered(filter)) return 'Everybody who can sign in';
  return chipsOf({ ...readView({}), filter }, currency)
    .map(({ label }) => label)
    .join(' · ');
}

export const users = (count: number) => (count === 1 ? '1 user' : `${figure(count)} users`);

/** Who gets it, in exact numbers, and why others who match do not. */
export function reachSays({ matching, receivers, mailed }: Reach, mails: boolean): string[] {
  const others = matching - receivers;
  return [
    receivers === 0 ? 'Nobody would get it.' : `${users(receivers)} ${receivers === 1 ? 'gets' : 'get'} it.`,
    ...(others > 0
      ? [
          `${users(others)} more ${others === 1 ? 'matches' : 'match'} but cannot read it: inactive, suspended, expired or not verified.`,
        ]
      : []),
    ...(mails && receivers > 0
      ? [`${users(mailed)} by mail too${mailed < receivers ? '; the others have turned such letters off' : ''}.`]
      : []),
  ];
}
