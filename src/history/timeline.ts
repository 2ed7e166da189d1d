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
};

export type HistoryFilter = { userId?: number; actor?: string; user?: string; act?: string };

/** The newest acts first, `limit` of them, older than `before` when given. */
export async function readHistory(
  db: Db,
  filter: HistoryFilter,
  { before, limit }: { before?: number | null; limit: number },
): Promise<Happening[]> {
  const rows = await db('history')
    .joinRaw(`left join history_words a on a.history_id = history.id and a.part = 'actor'`)
    .joinRaw(`left join history_words u on u.history_id = history.id and u.part = 'user'`)
    .modify((query) => {
      if (filter.userId) query.where('history.user_id', filter.userId);
      if (filter.act) query.where('history.act', filter.act);
      if (filter.actor) query.where('history.actor_id', db('users').where({ username: filter.actor }).select('id'));
      if (filter.user) query.where('history.user_id', db('users').where({ username: filter.user }).select('id'));
      if (before) query.where('history.id', '<', before);
    })
    .orderBy('history.id', 'desc')
    .limit(limit)
    .select(facts.map((name) => `history.${name}`))
    .select('a.words as actorWords', 'u.words as userWords');
  return rows.map(happening);
}

const facts = ['id', 'at', 'act', 'outcome', 'actorId', 'userId', 'requestId'] as const;

function happening({
  actorWords,
  userWords,
  ...row
}: { actorWords: Words; userWords: Words } & Pick<Happening, (typeof facts)[number]>): Happening {
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
