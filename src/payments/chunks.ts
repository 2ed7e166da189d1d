import { setTimeout } from 'node:timers/promises';
import type { Db, Trx } from '../ground/database.ts';
import { type Due, type Reason, takeDue } from './due.ts';

/** Between two chunks, so that whoever waits for one of their users gets it. */
const breathMs = 5;

export type Work = (trx: Trx, due: Due[]) => Promise<void>;

/**
 * Does what is due for a reason, for some users at a time, until nothing is; each chunk ends what it was due for, so that it is not
 * found again. Where one fails its users are tried one by one, and who fails alone is left out for this time: a fault with one keeps
 * nobody else waiting. Says what failed.
 */
export async function inChunks(db: Db, reason: Reason, work: Work): Promise<unknown[]> {
  const failures = new Map<number, unknown>();
  for (;;) {
    const { userIds, failure } = await attempt(db, reason, work, { among: null, without: [...failures.keys()] });
    if (userIds.length === 0) return [...failures.values()];
    for (const userId of failure ? userIds : []) {
      const alone = await attempt(db, reason, work, { among: [userId], without: [] });
      if (alone.failure) failures.set(userId, alone.failure);
    }
    await setTimeout(breathMs);
  }
}

type Whom = { among: number[] | null; without: number[] };

/** One chunk in one transaction: of which users, and what went wrong. Throws what fails before anybody is held: then it is the database. */
async function attempt(db: Db, reason: Reason, work: Work, whom: Whom): Promise<{ userIds: number[]; failure?: unknown }> {
  let userIds: number[] = [];
  try {
    await db.transaction(async (trx) => {
      const due = await takeDue(trx, reason, whom);
      userIds = [...new Set(due.map(({ userId }) => userId))];
      if (due.length > 0) await work(trx, due);
    });
    return { userIds };
  } catch (failure) {
    if (userIds.length === 0) throw failure;
    return { userIds, failure };
  }
}
