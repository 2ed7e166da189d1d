import { createHash } from 'node:crypto';
import type { Db, Trx } from '../ground/database.ts';

const sealingLock = 7_305_002;
const batchSize = 2000;

/**
 * Seals what was written since into the chain, oldest first, and says how many rows. One process seals at a time,
 * the others find nothing to do; writers never wait for it.
 */
export async function sealHistory(db: Db): Promise<number> {
  return db.transaction(async (trx) => {
    const { rows } = await trx.raw('select pg_try_advisory_xact_lock(?) as mine', [sealingLock]);
    return rows[0].mine ? sealBatch(trx) : 0;
  });
}

async function sealBatch(trx: Trx): Promise<number> {
  const queue = await trx('historyUnsealed').orderBy('historyId').limit(batchSize).select('historyId');
  const waiting = queue.map(({ historyId }) => historyId);
  if (waiting.length === 0) return 0;
  const rows = await trx('history').whereIn('id', waiting).orderBy('id');
  let last = await lastLink(trx);
  const links = rows.map((row) => (last = nextLink(last, row)));
  if (links.length > 0) await trx('historyChain').insert(links);
  // What waits without its row stays in line: whoever took the row away is found out by the next check.
  await trx('historyUnsealed')
    .whereIn(
      'historyId',
      links.map(({ historyId }) => historyId),
    )
    .delete();
  return links.length;
}

export type Link = { position: number; historyId: number; hash: Buffer };
export type Fact = Record<string, unknown> & { id: number; at: Date; actorDigest: Buffer; userDigest: Buffer };

/** What the first link is chained to. */
export const start: Link = { position: 0, historyId: 0, hash: Buffer.alloc(32) };

async function lastLink(trx: Trx): Promise<Link> {
  return (await trx('historyChain').orderBy('position', 'desc').first()) ?? start;
}

/** The link that follows `last` for this row: its hash covers the row's facts and everything before. */
export function nextLink(last: Link, row: Fact): Link {
  return {
    position: last.position + 1,
    historyId: row.id,
    hash: createHash('sha256').update(last.hash).update(facts(row)).digest(),
  };
}

/** The facts of a row in one fixed form. */
function facts(row: Fact): string {
  const digests = [row.actorDigest.toString('hex'), row.userDigest.toString('hex')];
  const { id, at, act, outcome, actorId, subjectId, userId, sessionId, requestId, connectionId } = row;
  const onBehalf = connectionId ? [{ connectionId }] : []; // Left out otherwise: older rows were sealed without it.
  return JSON.stringify([
    id,
    at.toISOString(),
    act,
    outcome,
    actorId,
    subjectId,
    userId,
    sessionId,
    requestId,
    ...digests,
    ...onBehalf,
  ]);
}
