import type { Db, Trx } from '../ground/database.ts';
import { countSessions, endSessions } from '../sessions/sessions.ts';
import { countBrowsers } from './browsers.ts';
import { idsOf, type User } from './user.ts';
import { countOwnViews } from './views.ts';

/** One kind of what goes with a user: this room and those below provide theirs, the table of routes composes them. */
export type Belonging = {
  /** “2 trackers” is made of both forms. */
  noun: [one: string, many: string];
  count(db: Db, users: User[]): Promise<number>;
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

const browsers: Belonging = {
  noun: ['remembered browser', 'remembered browsers'],
  count: (db, users) => countBrowsers(db, idsOf(users)),
};

const views: Belonging = {
  noun: ['saved view', 'saved views'],
  count: (db, users) => countOwnViews(db, idsOf(users)),
};

/** What belongs to a user in this room and those above. */
export const ownBelongings: readonly Belonging[] = [sessions, browsers, views];

export type Consequence = { noun: string; count: number };

/** What goes with users, in exact counts. */
export async function consequencesOf(db: Db, users: User[], belongings: readonly Belonging[]): Promise<Consequence[]> {
  const consequences: Consequence[] = [];
  for (const { noun, count } of belongings) {
    const found = await count(db, users);
    consequences.push({ noun: found === 1 ? noun[0] : noun[1], count: found });
  }
  return consequences;
}
