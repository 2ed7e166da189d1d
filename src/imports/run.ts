import { setImmediate } from 'node:timers/promises';
import type { Actor } from '../access/actor.ts';
import { assertCan, assertConfirmed, can } from '../access/can.ts';
import type { Db, Trx } from '../ground/database.ts';
import { Refused } from '../ground/errors.ts';
import { record } from '../history/record.ts';
import { freePlaces } from '../users/limit.ts';
import { accountOf, type User, userColumns } from '../users/user.ts';
import { createUsers, type ReadyRow } from './create.ts';
import type { Import, Runner } from './import.ts';
import type { Verdict } from './verdicts.ts';

/** Accounts per transaction: other requests wait for the account counter no longer than one takes. */
const chunkRows = 1000;
const refusedRows = 20_000;
const lease = `now() + interval '1 minute'`;

/**
 * Starts to run an import; `runImport` does the work. Throws Refused when it runs already or is done.
 * With `admitsAdministrators` its administrators are made too: the caller has made sure who the actor is.
 */
export async function startImport(db: Db, by: Actor, id: number, { admitsAdministrators = false } = {}): Promise<void> {
  assertCan(by, 'import users');
  if (admitsAdministrators) assertConfirmed(by);
  const runBy: Runner = { id: by.id, sessionId: by.sessionId, requestId: by.requestId, address: by.address };
  await db.transaction(async (trx) => {
    const started = await trx('imports')
      .where({ id })
      .whereIn('state', ['ready', 'stopped'])
      .update({ state: 'running', runBy: JSON.stringify(runBy), admitsAdministrators, leaseUntil: trx.raw(lease), endedAt: null })
      .returning('filename');
    if (started.length === 0) throw new Refused('This import runs already, or is done.');
    await record(trx, by, 'import.started', null, {
      facts: { importId: id, filename: started[0].filename, admitsAdministrators },
    });
  });
}

/**
 * Makes the accounts of a started import, chunk by chunk, until none is left or it is stopped. May be killed at any moment and
 * called by several processes at once: a chunk is one transaction and holds the import, so no row becomes two accounts.
 */
export async function runImport(db: Db, id: number): Promise<void> {
  while (await db.transaction((trx) => runChunk(trx, id))) await setImmediate();
}

/** Stops an import after the chunk that it is at; what is created stays. */
export async function stopImport(db: Db, by: Actor, id: number): Promise<boolean> {
  return db.transaction(async (trx) => {
    const stopped = await trx('imports')
      .where({ id, state: 'running' })
      .update({ state: 'stopped', leaseUntil: null, endedAt: trx.raw('now()') });
    if (stopped > 0) await record(trx, by, 'import.stopped', null, { facts: { importId: id } });
    return stopped > 0;
  });
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

/** True while there is more to do. The import is held first and the counter next, always in this order. */
async function runChunk(trx: Trx, id: number): Promise<boolean> {
  const held: Import | undefined = await trx('imports').where({ id }).forUpdate().first();
  if (held?.state !== 'running') return false;
  const by = await runnerOf(trx, held);
  if (!by) return end(trx, id, 'stopped');
  const free = await freePlaces(trx);
  const rows = await nextRows(trx, held, Math.min(chunkRows, free));
  if (rows.length === 0) return (await refuseSome(trx, held)) || end(trx, id, 'done');
  await createUsers(trx, by, id, rows);
  await trx('imports')
    .where({ id })
    .update({ leaseUntil: trx.raw(lease) });
  return true;
}

/** Whoever started it, as long as it still may. */
async function runnerOf(trx: Trx, { runBy }: Import): Promise<Actor | null> {
  const user: User | undefined = runBy ? await trx('users').where({ id: runBy.id }).first(userColumns(trx)) : undefined;
  if (!user || !runBy) return null;
  const actor = { ...accountOf(user), ...runBy, isConfirmed: false };
  return can(actor, 'import users') ? actor : null;
}

const wanted = ({ admitsAdministrators }: Pick<Import, 'admitsAdministrators'>): Verdict[] =>
  admitsAdministrators ? ['ready', 'needs_confirmation'] : ['ready'];

async function nextRows(trx: Trx, held: Import, most: number): Promise<ReadyRow[]> {
  if (most <= 0) return [];
  return trx('importRows')
    .where({ importId: held.id })
    .whereIn('verdict', wanted(held))
    .orderBy('line')
    .limit(most)
    .select('line', 'fields');
}

/** Rows are left only when no place is. They can be many: in pieces, so that no statement takes long. True while there are more. */
async function refuseSome(trx: Trx, { id: importId, ...held }: Import): Promise<boolean> {
  const left = trx('importRows')
    .where({ importId })
    .whereIn('verdict', wanted(held))
    .orderBy('line')
    .limit(refusedRows)
    .select('line');
  const change = { verdict: 'over_limit', problem: 'All accounts of this console were in use when the import came to this row.' };
  return (await trx('importRows').where({ importId }).whereIn('line', left).update(change)) > 0;
}

async function end(trx: Trx, id: number, state: 'stopped' | 'done'): Promise<false> {
  await trx('imports')
    .where({ id })
    .update({ state, leaseUntil: null, endedAt: trx.raw('now()') });
  return false;
}
