import { createHash } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import type { Db, Trx } from '../ground/database.ts';

const sealingLock = 7_305_002;
/** As many as are hashed in a few milliseconds: nothing else runs meanwhile. */
const batchSize = 500;
/** How much longer than a batch the pause after it is: where others write, sealing takes a quarter of one core from them. */
const restShare = 3;
/** The other jobs want their turn; what is left is sealed when the minute comes again. */
const longestMs = 40_000;

/** Seals what waits, in batches with pauses between them, so that whoever writes meanwhile hardly notices. */
export async function sealAll(db: Db): Promise<void> {
  for (const until = performance.now() + longestMs; performance.now() < until; ) {
    const began = performance.now();
    if ((await sealHistory(db)) === 0) return;
    await setTimeout(restShare * (performance.now() - began));
  }
}

/**
 * Seals what was written since into the chain, oldest first, and says how many rows. One process seals at a time,
 * the others find nothing to do; writers never wait for it.
 */
export async function sealHistory(db: Db): Promise<number> {
  return db.transaction(async (trx) => {
    // Lost in a crash, a batch is sealed again: nothing waits for the disk.
    await trx.raw('set local synchronous_commit = off');
    const { rows } = await trx.raw('select pg_try_advisory_xact_lock(?) as mine', [sealingLock]);
    return rows[0].mine ? sealBatch(trx) : 0;
  });
}

async function sealBatch(trx: Trx): Promise<number> {
  const queue = await trx('historyUnsealed').orderBy('historyId').limit(batchSize).select('historyId');
  const waiting = queue.map(({ historyId }) => historyId);
  const rows: Fact[] = await trx('history').whereRaw('id = any(?)', [waiting]).orderBy('id').select(factNames);
  if (rows.length === 0) return 0;
  let last = await lastLink(trx);
  const links = rows.map((row) => (last = nextLink(last, row)));
  const ids = links.map(({ historyId }) => historyId);
  await trx.raw(keepLinks, [links.map(({ position }) => position), ids, links.map(({ hash }) => hash), ids]);
  return links.length;
}

/** What waits without its row stays in line: whoever took the row away is found out by the next check. */
const keepLinks = `
  with kept as (
    insert into history_chain (position, history_id, hash) select * from unnest(?::bigint[], ?::bigint[], ?::bytea[])
  )
  delete from history_unsealed where history_id = any(?)`;

export type Link = { position: number; historyId: number; hash: Buffer };
export type Fact = Record<string, unknown> & { id: number; at: Date; actorDigest: Buffer; userDigest: Buffer };

const factNames = [
  ...['id', 'at', 'act', 'outcome', 'actorId', 'subjectId', 'userId', 'sessionId', 'requestId'],
  ...['actorDigest', 'userDigest'],
];

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
