import type { Knex } from 'knex';
import type { Db } from '../ground/database.ts';
import type { Changes } from './record.ts';
import { whoWords } from './words.ts';

/** One act as the pages show it; what a purge has erased is null. */
export type Happening = {
  id: number;
  at: Date;
  act: string;
  outcome: 'done' | 'refused' | 'failed';
  actorId: number | null;
  actor: string | null;
  address: string | null;
  userId: number | null;
  user: string | null;
  requestId: string | null;
  /** On whose behalf it was done: the actor itself, or whom an administrator was connected to. */
  subjectId: number | null;
  /** Username of the subject; null once it is erased. */
  subject: string | null;
  connectionId: number | null;
  reason: string | null;
  changes: Changes;
  facts: Record<string, unknown>;
  /** Whether the minutes are not over yet in which an act can be undone. */
  isRecent: boolean;
  isUndone: boolean;
};

/** For how long an act can be undone. */
export const undoMinutes = 10;

export type HistoryFilter = { userId?: number; actor?: string; user?: string; act?: string; visit?: VisitFilter };

/** The acts of one connection: those that concern its user, its money aside unless `withMoney`, or those that do not. */
export type VisitFilter = { connectionId: number; concerning: 'subject' | 'others'; withMoney?: true };

/** The newest acts first, `limit` of them, older than `before` when given. */
export async function readHistory(
  db: Db,
  filter: HistoryFilter,
  { before, limit }: { before?: number | null; limit: number },
): Promise<Happening[]> {
  const rows = await inWords(db)
    .modify((query) => {
      if (filter.userId) query.where('history.user_id', filter.userId);
      if (filter.act) query.where('history.act', filter.act);
      if (filter.actor) query.where('history.actor_id', db('users').where({ username: filter.actor }).select('id'));
      if (filter.user) query.where('history.user_id', db('users').where({ username: filter.user }).select('id'));
      if (filter.visit) inVisit(query, filter.visit);
      if (before) query.where('history.id', '<', before);
    })
    .orderBy('history.id', 'desc')
    .limit(limit);
  return rows.map(happening);
}

/** The acts of these numbers, in no order; recent is what was so at the moment `askedAt`, or is so now. */
export async function findHappenings(db: Db, ids: number[], askedAt: Date | null = null): Promise<Happening[]> {
  const rows = await inWords(db, askedAt).whereRaw('history.id = any(?)', [ids]);
  return rows.map(happening);
}

/** What was done upon these users after the act of this number, newest first. */
export async function readLater(db: Db, userIds: number[], after: number): Promise<Happening[]> {
  const rows = await inWords(db)
    .whereRaw('history.user_id = any(?)', [userIds])
    .where('history.id', '>', after)
    .where('history.outcome', 'done')
    .orderBy('history.id', 'desc');
  return rows.map(happening);
}

/** Those of these acts that have been undone. */
export async function undoneAmong(db: Db, ids: number[]): Promise<Set<number>> {
  return new Set(await db('history').whereRaw('undoes = any(?)', [ids]).pluck('undoes'));
}

function inVisit(query: Knex.QueryBuilder, { connectionId, concerning, withMoney }: VisitFilter): void {
  query.where('history.connection_id', connectionId).whereRaw(`history.act not like 'connection.%'`);
  if (concerning === 'others') query.whereRaw(`not ${concernsSubject}`);
  else query.whereRaw(`${mayConcernSubject} and ${concernsSubject}`);
  if (!withMoney && concerning === 'subject') query.whereRaw(`history.act not like 'balance.%' and history.act <> 'tariff.paid'`);
}

/** What the row alone says: it spares to read the words of all that an act in bulk did to others in the same connection. */
export const mayConcernSubject = `(history.user_id = history.subject_id or history.act like 'thing.%')`;

/**
 * Whether an act of a connection concerns the user on whose behalf it was done: upon it, upon whom it shares a thing with, or upon a
 * thing that is shared with it. Over `history` and its words `u`.
 */
export const concernsSubject = `coalesce(history.user_id = history.subject_id or case when history.act like 'thing.%' then
  history.subject_id = (u.words #>> '{facts,owner,account}')::bigint
  or exists (select from shares where shares.user_id = history.subject_id
    and shares.thing_id = (u.words #>> '{facts,thing}')::bigint) end, false)`;

const facts = ['id', 'at', 'act', 'outcome', 'actorId', 'userId', 'requestId', 'subjectId', 'connectionId'] as const;

/** Facts that are another account, kept by its number: words are its user's own, and a purge of the other must leave no name in them. */
const accountFacts = ['owner', 'from', 'to'] as const;

/** How the one that is among the facts is called at present; null once it is erased. */
const otherNamed = `(select o.username from users o where o.id = coalesce(
  ${accountFacts.map((name) => `u.words #>> '{facts,${name},account}'`).join(', ')})::bigint)`;

const inWords = (db: Db, askedAt: Date | null = null) =>
  db('history')
    .joinRaw(`left join history_words a on a.history_id = history.id and a.part = 'actor'`)
    .joinRaw(`left join history_words u on u.history_id = history.id and u.part = 'user'`)
    // Joined, it is looked up for the rows of a page; asked for with `exists`, Postgres reads all undoings of the history first.
    .joinRaw('left join history later on later.undoes = history.id')
    .leftJoin('users as subjects', 'subjects.id', 'history.subjectId')
    .select('subjects.username as subject')
    .select(facts.map((name) => `history.${name}`))
    .select('a.words as actorWords', 'u.words as userWords', db.raw(`${otherNamed} as other`))
    .select(
      db.raw('history.at > coalesce(?::timestamptz, now()) - make_interval(mins => ?) as is_recent', [askedAt, undoMinutes]),
    )
    .select(db.raw('later.id is not null as is_undone'));

function happening({
  actorWords,
  userWords,
  other,
  ...row
}: { actorWords: Words; userWords: Words; other: string | null } & Pick<
  Happening,
  (typeof facts)[number] | 'subject' | 'isRecent' | 'isUndone'
>): Happening {
  const { changes = {}, facts = {}, reason = null, username = null } = userWords ?? {};
  return {
    ...row,
    actor: actorWords?.username ?? null,
    address: actorWords?.address ?? null,
    user: username,
    reason,
    changes,
    facts: named(facts, other),
  };
}

function named(facts: Record<string, unknown>, other: string | null): Record<string, unknown> {
  const accounts = accountFacts.flatMap((name) => {
    const { account } = (facts[name] ?? {}) as { account?: number };
    return account === undefined ? [] : [[name, whoWords(other, account)]];
  });
  return { ...facts, ...Object.fromEntries(accounts) };
}

type Words = { username?: string; address?: string; reason?: string; changes?: Changes; facts?: Record<string, unknown> } | null;
