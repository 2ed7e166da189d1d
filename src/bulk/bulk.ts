import type { Profile } from '../access/profiles.ts';
import type { Db } from '../ground/database.ts';
import { NotFound } from '../ground/errors.ts';
import type { Outcome } from '../users/act.ts';
import type { UserFilter } from '../users/filter.ts';
import type { Runner } from '../users/runner.ts';

/** Whether users who live are selected, or deleted ones. */
export type Upon = 'live' | 'deleted';

/** A row of `bulks`: an act upon many users; without act it is only a selection. */
export type Bulk = {
  id: number;
  madeBy: number | null;
  madeAt: Date;
  act: string | null;
  upon: Upon;
  /** Everybody who matches, where nobody was named. */
  filter: UserFilter | null;
  /** How many they are, once all are checked. */
  users: number;
  /** The last user of the filter who is taken in; null when all are. */
  gatheredTo: number | null;
  /** The last user who was acted upon; 0 before the first. */
  doneTo: number;
  /** What of a pasted list is nobody's name or address. */
  unknownNames: string[];
  /** The list where they were selected, as an address. */
  returnTo: string;
  /** What the forms of the act were filled in with, as it was typed. */
  input: Record<string, string>;
  /** What goes with the users who can be acted upon. */
  consequences: Sum[];
  /** Whether the users are told by mail, once it can no longer be undone. */
  mailsUsers: boolean;
  state: 'selecting' | 'asking' | 'checking' | 'ready' | 'running' | 'stopped' | 'done';
  runBy: Runner | null;
  endedAt: Date | null;
  undoes: number | null;
};

export const verdicts = ['refused', 'ready', 'done'] as const;
export type Verdict = (typeof verdicts)[number];
export type Counts = Record<Verdict, number>;

/** One of the users as the page and the report show it; who was purged has no name any more. */
export type ShownRow = {
  userId: number;
  username: string | null;
  name: string | null;
  email: string | null;
  profile: Profile | null;
  verdict: Verdict;
  reason: string;
};

export const daysKept = 7;

/** How much of one kind goes with the users; the noun for one and for many. */
export type Sum = { noun: [one: string, many: string]; count: number };

/** A verdict upon one of the users. */
export type Judged = { userId: number; verdict: Verdict; reason?: string; historyId?: number };

/** What an act came to, as a verdict. */
export const judgedBy = (outcome: Outcome): Judged =>
  'refusal' in outcome
    ? { userId: outcome.userId, verdict: 'refused', reason: outcome.refusal }
    : { userId: outcome.userId, verdict: 'done', historyId: outcome.historyId };

/** An act upon many users, also one that somebody else has begun. Throws NotFound; a selection is none yet. */
export async function findBulk(db: Db, id: number | null): Promise<Bulk & { act: string }> {
  const found = id === null ? undefined : await db('bulks').where({ id }).whereNotNull('act').first();
  if (!found) throw new NotFound('There is no such act upon many users. Their reports are erased after a week.');
  return found;
}

/** The latest ones that an administrator has begun. */
export async function listBulks(db: Db, madeBy: number): Promise<(Bulk & { act: string })[]> {
  return db('bulks').where({ madeBy }).whereNotNull('act').orderBy('id', 'desc').limit(10);
}

/** How many have each verdict; an undoing has those before it whom the act that it undoes has reached and it has not yet. */
export async function countVerdicts(db: Db, { id, undoes }: Pick<Bulk, 'id' | 'undoes'>): Promise<Counts> {
  const counts = await countRows(db, id);
  if (undoes === null) return counts;
  const { done } = await countRows(db, undoes);
  return { ...counts, ready: Math.max(0, done - counts.done - counts.refused) };
}

async function countRows(db: Db, bulkId: number): Promise<Counts> {
  const counted = await db('bulkRows')
    .where({ bulkId })
    .whereNotNull('verdict')
    .groupBy('verdict')
    .select('verdict', db.raw('count(*) as users'));
  return { refused: 0, ready: 0, done: 0, ...Object.fromEntries(counted.map(({ verdict, users }) => [verdict, users])) };
}

export type RowQuery = { verdict: Verdict | null; after: number | null; before: number | null; size: number };

/** A page of the users in the order of their registration, after one or before another; one verdict's or all. */
export async function listRows(db: Db, bulkId: number, { verdict, after, before, size }: RowQuery): Promise<ShownRow[]> {
  const query = db('bulkRows')
    .leftJoin('users', 'users.id', 'bulkRows.userId')
    .where({ bulkId })
    .whereNotNull('verdict')
    .limit(size)
    .select('userId', 'username', 'name', 'email', 'profile', 'verdict', 'reason');
  if (verdict) query.where({ verdict });
  if (before) return (await query.where('userId', '<', before).orderBy('userId', 'desc')).reverse();
  return query.where('userId', '>', after ?? 0).orderBy('userId');
}
