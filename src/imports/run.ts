import type { Actor } from '../access/actor.ts';
import { assertCan, assertConfirmed } from '../access/can.ts';
import type { Db, Trx } from '../ground/database.ts';
import { Refused } from '../ground/errors.ts';
import { record } from '../history/record.ts';
import { readSettings } from '../settings/settings.ts';
import { freePlaces } from '../users/limit.ts';
import { actorAgain, runnerFor } from '../users/runner.ts';
import { createUsers, type ReadyRow } from './create.ts';
import type { Import } from './import.ts';
import type { Verdict } from './verdicts.ts';

/** Accounts per transaction: other requests wait for the account counter no longer than these take to write. */
const chunkRows = 1000;
/** Chunks at a time: while one writes its accounts, which only one may, the other prepares and writes its history. */
const hands = 2;
const refusedRows = 20_000;
const lease = `now() + interval '1 minute'`;

/**
 * Starts to run an import; `runImport` does the work. Throws Refused when it runs already or is done.
 * With `admitsAdministrators` its administrators are made too: the caller has made sure who the actor is. With `mailsActivation`
 * those who are Invited are sent their activation mails, where outgoing mail is on.
 */
export async function startImport(
  db: Db,
  by: Actor,
  id: number,
  { admitsAdministrators = false, mailsActivation = false } = {},
): Promise<void> {
  assertCan(by, 'import users');
  if (admitsAdministrators) assertConfirmed(by);
  const runBy = JSON.stringify(runnerFor(by));
  await db.transaction(async (trx) => {
    const started = await trx('imports')
      .where({ id })
      .whereIn('state', ['ready', 'stopped'])
      .update({ state: 'running', runBy, admitsAdministrators, mailsActivation, leaseUntil: trx.raw(lease), endedAt: null })
      .returning('filename');
    if (started.length === 0) throw new Refused('This import runs already, or is done.');
    await record(trx, by, 'import.started', null, {
      facts: { importId: id, filename: started[0].filename, admitsAdministrators, mailsActivation },
    });
  });
}

/**
 * Makes the accounts of a started import, chunk by chunk, until none is left or it is stopped. May be killed at any moment and
 * called by several processes at once: a chunk is one transaction that holds its rows, so no row becomes two accounts.
 */
export async function runImport(db: Db, id: number): Promise<void> {
  do {
    const ended = await Promise.allSettled(Array.from({ length: hands }, () => work(db, id)));
    for (const hand of ended) if (hand.status === 'rejected') throw hand.reason;
  } while (!(await db.transaction((trx) => finish(trx, id))));
}

/** Goes through the file once; rows that another hand is at are passed over. */
async function work(db: Db, id: number): Promise<void> {
  let last: number | null = 0;
  while (last !== null) {
    last = await db.transaction((trx) => runChunk(trx, id, last as number));
    // Not each time: a statement that changes nothing has no need to wait for the disk.
    await db('imports')
      .where({ id, state: 'running' })
      .whereRaw(`lease_until < now() + interval '45 seconds'`)
      .update({ leaseUntil: db.raw(lease) });
  }
}

/** Stops an import and waits for the chunks that it is at; what is created stays. False when it was not running. */
export async function stopImport(db: Db, by: Actor, id: number): Promise<boolean> {
  const hasStopped = await db.transaction(async (trx) => {
    const stopped = await trx('imports')
      .where({ id, state: 'running' })
      .update({ state: 'stopped', leaseUntil: null, endedAt: trx.raw('now()') });
    if (stopped > 0) await record(trx, by, 'import.stopped', null, { facts: { importId: id } });
    return stopped > 0;
  });
  await db('imports').where({ id }).forUpdate().first('id');
  return hasStopped;
}

/** Takes up the imports whose process has left them, for the worker: call it at the start and every minute. */
export async function continueImports(db: Db): Promise<void> {
  for (let id = await takeUp(db); id !== null; id = await takeUp(db)) await runImport(db, id);
}

async function takeUp(db: Db): Promise<number | null> {
  const left = db('imports')
    .where({ state: 'running' })
    .whereRaw('lease_until < now()')
    .orderBy('id')
    .limit(1)
    .forUpdate()
    .skipLocked()
    .select('id');
  const [taken] = await db('imports')
    .whereIn('id', left)
    .update({ leaseUntil: db.raw(lease) })
    .returning('id');
  return taken?.id ?? null;
}

/** The last line of the chunk, or null when there is none. The import is held as far as others may hold it too, its rows alone. */
async function runChunk(trx: Trx, id: number, after: number): Promise<number | null> {
  await trx.raw('set local synchronous_commit = off');
  const held: Import | undefined = await trx('imports').where({ id }).forKeyShare().first();
  if (held?.state !== 'running') return null;
  const by = await actorAgain(trx, held.runBy, 'import users');
  if (!by) return end(trx, id, 'stopped');
  const rows = await nextRows(trx, held, after, Math.min(chunkRows, await placesFor(trx)));
  if (rows.length === 0) return null;
  await createUsers(trx, by, held, rows);
  return rows.at(-1)?.line ?? null;
}

/** Where accounts are limited the counter is held from here on; where not, a chunk holds it only while it writes them. */
async function placesFor(trx: Trx): Promise<number> {
  const { accountLimit } = await readSettings(trx);
  return accountLimit === 0 ? Number.POSITIVE_INFINITY : freePlaces(trx);
}

/** True when the import has ended. Waits for the chunks under way; rows are left when a hand was broken off, or no place is. */
async function finish(trx: Trx, id: number): Promise<boolean> {
  const held: Import | undefined = await trx('imports').where({ id }).forUpdate().first();
  if (held?.state !== 'running') return true;
  const places = await freePlaces(trx);
  const left = await nextRows(trx, held, 0, 1);
  if (left.length > 0 && places <= 0) await refuseSome(trx, held);
  if (left.length > 0) return false;
  await end(trx, id, 'done');
  return true;
}

const wanted = ({ admitsAdministrators }: Pick<Import, 'admitsAdministrators'>): Verdict[] =>
  admitsAdministrators ? ['ready', 'needs_confirmation'] : ['ready'];

async function nextRows(trx: Trx, held: Import, after: number, most: number): Promise<ReadyRow[]> {
  if (most <= 0) return [];
  const rows = await trx('importRows')
    .where({ importId: held.id })
    .whereIn('verdict', wanted(held))
    .where('line', '>', after)
    .orderBy('line')
    .limit(most)
    .forUpdate()
    .skipLocked()
    .select('line', 'fields');
  return rows.map((row) => ({ ...row, verdict: null, problem: '' }));
}

/** Those for which no place is left can be many: in pieces, so that no statement takes long. */
async function refuseSome(trx: Trx, { id: importId, ...held }: Import): Promise<void> {
  const left = trx('importRows')
    .where({ importId })
    .whereIn('verdict', wanted(held))
    .orderBy('line')
    .limit(refusedRows)
    .select('line');
  const change = { verdict: 'over_limit', problem: 'All accounts of this console were in use when the import came to this row.' };
  await trx('importRows').where({ importId }).whereIn('line', left).update(change);
}

async function end(trx: Trx, id: number, state: 'stopped' | 'done'): Promise<null> {
  await trx('imports')
    .where({ id })
    .update({ state, leaseUntil: null, endedAt: trx.raw('now()') });
  return null;
}
