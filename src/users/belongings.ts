import type { Db, Trx } from '../ground/database.ts';
import { countLinks, purposes, voidLinks } from '../links/links.ts';
import { countLetters, eraseLettersTo } from '../mail/erase.ts';
import { countNotifications } from '../notifications/list.ts';
import { countSessions, endSessions } from '../sessions/sessions.ts';
import { countBrowsers } from './browsers.ts';
import { idsOf, type User } from './user.ts';
import { countOwnViews, eraseFromViews } from './views.ts';

/** One kind of what goes with a user: this room and those below provide theirs, the table of routes composes them. */
export type Belonging = {
  /** “2 trackers” is made of both forms. */
  noun: [one: string, many: string];
  count(db: Db, users: User[]): Promise<number>;
  /** True for what somebody has made: who has any of it types the own username to delete the own account. */
  isMade?: true;
  /** What becomes of it when the users are deleted; nothing, if it only waits for the purge. */
  end?(trx: Trx, users: User[]): Promise<unknown>;
  /** Brings it back with its restored users; nothing, if it does not come back. */
  bringBack?(trx: Trx, users: User[]): Promise<unknown>;
  /** Erases it for good, with the owning role; nothing, if it goes with the rows of the users. */
  erase?(trx: Trx, users: User[]): Promise<unknown>;
};

const sessions: Belonging = {
  noun: ['open session', 'open sessions'],
  count: (db, users) => countSessions(db, idsOf(users)),
  end: (trx, users) => endSessions(trx, idsOf(users)),
};

const links: Belonging = {
  noun: ['open mailed link', 'open mailed links'],
  count: (db, users) => countLinks(db, idsOf(users)),
  end: (trx, users) => voidLinks(trx, idsOf(users), purposes),
};

const browsers: Belonging = {
  noun: ['remembered browser', 'remembered browsers'],
  count: (db, users) => countBrowsers(db, idsOf(users)),
};

const views: Belonging = {
  isMade: true,
  noun: ['saved view', 'saved views'],
  count: (db, users) => countOwnViews(db, idsOf(users)),
  erase: eraseFromViews,
};

const letters: Belonging = {
  noun: ['letter', 'letters'],
  count: (db, users) => countLetters(db, idsOf(users)),
  erase: (trx, users) =>
    eraseLettersTo(
      trx,
      users.map(({ email }) => email),
    ),
};

const notifications: Belonging = {
  noun: ['notification', 'notifications'],
  count: (db, users) => countNotifications(db, idsOf(users)),
};

/** What belongs to a user in this room and those above. */
export const ownBelongings: readonly Belonging[] = [sessions, links, browsers, views, letters, notifications];

export type Consequence = { noun: string; count: number; isMade: boolean };

/** What goes with users, in exact counts; what there is none of is left out. */
export async function consequencesOf(db: Db, users: User[], belongings: readonly Belonging[]): Promise<Consequence[]> {
  const consequences: Consequence[] = [];
  for (const { noun, count, isMade = false } of belongings) {
    const found = await count(db, users);
    if (found > 0) consequences.push({ noun: found === 1 ? noun[0] : noun[1], count: found, isMade });
  }
  return consequences;
}
