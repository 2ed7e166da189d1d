import type { Actor } from '../access/actor.ts';
import { assertCan, assertConfirmed } from '../access/can.ts';
import type { Db, Trx } from '../ground/database.ts';
import { Refused } from '../ground/errors.ts';
import { record } from '../history/record.ts';
import { undoMinutes } from '../history/timeline.ts';
import type { Belonging } from '../users/belongings.ts';
import { runnerFor } from '../users/runner.ts';
import { undoMany } from '../users/undo.ts';
import type { BulkAct, Does } from './acts.ts';
import { type Bulk, countVerdicts } from './bulk.ts';

/** Whether an act upon many can be undone as a whole now, and the undoing where there is one. */
export type WayBack = { isOpen: boolean; undoneBy: number | null };

export async function findWayBack(db: Db, { id, state }: Bulk, { does, hasNoWayBack }: BulkAct): Promise<WayBack> {
  const { rows } = await db.raw(
    `select ended_at > now() - make_interval(mins => ?) as is_recent, (select id from bulks later where later.undoes = bulks.id) as undone_by,
       exists (select from bulk_rows where bulk_id = bulks.id and verdict = 'done') as is_anything_done
     from bulks where id = ?`,
    [undoMinutes, id],
  );
  const [{ isRecent, undoneBy, isAnythingDone }] = rows;
  const hasEnded = state === 'done' || state === 'stopped';
  return { isOpen: Boolean(does && !hasNoWayBack && hasEnded && isRecent && isAnythingDone && undoneBy === null), undoneBy };
}

/**
 * Starts to undo what an act upon many did, as an act upon the same users, and returns its number; `runBulk` does the work.
 * Twice is as once. Throws Refused when ten minutes are over since it ended, when it has no way back, or without the proof of
 * identity that making administrators again takes.
 */
export async function undoBulk(db: Db, by: Actor, bulk: Bulk, act: BulkAct): Promise<number> {
  assertCan(by, 'undo act');
  if (act.undoNeedsProof) assertConfirmed(by);
  return db.transaction(async (trx) => {
    const held: Bulk = await trx('bulks').where({ id: bulk.id }).forUpdate().first();
    const { isOpen, undoneBy } = await findWayBack(trx, held, act);
    if (undoneBy !== null) return undoneBy;
    if (!isOpen) throw new Refused(`This cannot be undone: ${undoMinutes} minutes are over, or nothing was done.`);
    return begin(trx, by, held);
  });
}

/** Its rows come as they are undone: until then those of the act that it undoes stand for them. */
async function begin(trx: Trx, by: Actor, { id, upon, returnTo }: Bulk): Promise<number> {
  const runBy = JSON.stringify(runnerFor(by));
  const { done: users } = await countVerdicts(trx, { id, undoes: null });
  const [made] = await trx('bulks')
    .insert({ madeBy: by.id, act: 'undo act', upon, returnTo, users, state: 'running', runBy, undoes: id })
    .returning('id');
  await record(trx, by, 'bulk.started', null, { facts: { bulkId: made.id, act: 'undo act', undoes: id } });
  return made.id;
}

/** Undoes the act that each of these users' rows names. What was asked for in time is done to the end, however long it takes. */
export const undoes =
  (belongings: readonly Belonging[]): Does =>
  async (trx, by, bulk, rows) => {
    const { madeAt } = await trx('bulks').where({ id: bulk.undoes }).first('madeAt');
    const acts = rows.map(({ historyId }) => historyId as number);
    const undone = await undoMany(trx, by, { acts, belongings, askedAt: madeAt });
    const userOf = new Map(rows.map(({ historyId, userId }) => [historyId, userId]));
    return undone.map(({ act, ...outcome }) => ({ userId: userOf.get(act) as number, ...outcome }));
  };
