import type { Db } from '../ground/database.ts';
import type { Changes } from './record.ts';

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
  reason: string | null;
  changes: Changes;
  facts: Record<string, unknown>;
  /** Whether the minutes are not over yet in which an act can be undone. */
  isRecent: boolean;
  isUndone: boolean;
};

/** For how long an act can be undone. */
export const undoMinutes = 10;

export type HistoryFilter = { userId?: number; actor?: string; user?: string; act?: string };

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

const facts = ['id', 'at', 'act', 'outcome', 'actorId', 'userId', 'requestId'] as const;

const inWords = (db: Db, askedAt: Date | null = null) =>
  db('history')
    .joinRaw(`left join history_words a on a.history_id = history.id and a.part = 'actor'`)
    .joinRaw(`left join history_words u on u.history_id = history.id and u.part = 'user'`)
    // Joined, it is looked up for the rows of a page; asked for with `exists`, Postgres reads all undoings of the history first.
    .joinRaw('left join history later on later.undoes = history.id')
    .select(facts.map((name) => `history.${name}`))
    .select('a.words as actorWords', 'u.words as userWords')
    .select(
      db.raw('history.at > coalesce(?::timestamptz, now()) - make_interval(mins => ?) as is_recent', [askedAt, undoMinutes]),
    )
    .select(db.raw('later.id is not null as is_undone'));

function happening({
  actorWords,
  userWords,
  ...row
}: { actorWords: Words; userWords: Words } & Pick<Happening, (typeof facts)[number] | 'isRecent' | 'isUndone'>): Happening {
  const { changes = {}, facts = {}, reason = null, username = null } = userWords ?? {};
  return {
    ...row,
    actor: actorWords?.username ?? null,
    address: actorWords?.address ?? null,
    user: username,
    reason,
    changes,
    facts,
  };
}

type Words = { username?: string; address?: string; reason?: string; changes?: Changes; facts?: Record<string, unknown> } | null;
