import { setTimeout } from 'node:timers/promises';
import type { Actor } from '../access/actor.ts';
import { assertCan, assertConfirmed } from '../access/can.ts';
import type { Db, Trx } from '../ground/database.ts';
import { Invalid, Refused } from '../ground/errors.ts';
import { tick } from '../ground/fields.ts';
import { record } from '../history/record.ts';
import type { Outcome } from '../users/act.ts';
import { actorAgain, runnerFor } from '../users/runner.ts';
import { readForm, type Typed } from '../web/form.ts';
import type { BulkAct, BulkActs, Row } from './acts.ts';
import { askedFirst, typedOf } from './begin.ts';
import { type Bulk, countVerdicts, judgedBy } from './bulk.ts';
import { checkSome, writeVerdicts } from './check.ts';

/** What acts upon many users work with: both roles' databases, and the acts there are. */
export type Works = { db: Db; owner: Db; acts: BulkActs };

/** Users per transaction: they, and where their number changes the account counter, are held no longer than one takes. */
const chunkUsers = 500;
/** Between two chunks, so that pages are never kept waiting by a long row of them. */
const breathMs = 5;
const waitMs = 500;

/**
 * Starts what has been checked, with what its form was filled in with; `runBulk` does the work. Throws Invalid when the form
 * needs mending, Refused when it runs already, is done, or needs a proof of identity that was not given.
 */
export async function startBulk(
  db: Db,
  by: Actor,
  bulk: Bulk,
  { act, many, does, typedWord }: BulkAct,
  typed: Typed,
): Promise<void> {
  assertCan(by, act);
  if (!does) throw new Refused('There is nothing to be done to these users.');
  const shape = many?.shape ?? {};
  const input = typedOf({ ...typed, ...typedOf(bulk.input, askedFirst(shape)) }, shape);
  if (typedWord && typed.typed_word !== typedWord) throw new Invalid({ typed_word: `Type ${typedWord} to confirm.` });
  if (bulk.undoes !== null || many?.needsProof?.(readForm(input, shape))) assertConfirmed(by);
  const mailsUsers = many?.letter !== undefined && !many.link && readForm(typed, { mailUsers: tick }).mailUsers;
  await db.transaction(async (trx) => {
    await trx('bulks').where({ id: bulk.id }).forUpdate().first('id'); // As undoing does: of the two the second sees the first.
    const started = await trx('bulks')
      .where({ id: bulk.id, act })
      .whereIn('state', ['ready', 'stopped'])
      .where('users', '>', 0) // A check that broke off says nothing of whoever it had not reached.
      .whereNotExists(trx('bulks as later').whereRaw('later.undoes = bulks.id'))
      .update({
        state: 'running',
        input: JSON.stringify(input),
        mailsUsers,
        runBy: JSON.stringify(runnerFor(by)),
        endedAt: null,
      });
    if (started === 0) throw new Refused('This runs already, is done, or has been undone.');
    const { ready } = await countVerdicts(trx, bulk);
    const facts = { bulkId: bulk.id, act, users: ready, ...(mailsUsers ? { mailsUsers } : {}) };
    await record(trx, by, 'bulk.started', null, { facts });
  });
}

/**
 * Checks the users of an act that was begun, or does it once it is started, chunk by chunk until none is left or it is stopped.
 * May be killed at any moment and called by several processes at once: a chunk is one transaction that holds the act, so nobody
 * is acted upon twice, and whoever finds it held leaves it to the other.
 */
export async function runBulk(works: Works, id: number): Promise<void> {
  while (await patiently(() => runSome(works, id))) await setTimeout(breathMs);
}

/** Somebody held one of the users for long, or crosswise: the chunk was taken back, and is tried again. */
export async function patiently(work: () => Promise<boolean>, tries = 3): Promise<boolean> {
  try {
    return await work();
  } catch (error) {
    const isPassing = /^(40|55P03)/.test((error as { code?: string }).code ?? '');
    if (!isPassing || tries === 1) throw error;
    await setTimeout(waitMs);
    return patiently(work, tries - 1);
  }
}

/** One chunk of it; true while there are more. */
export async function runSome({ db, owner, acts }: Works, id: number): Promise<boolean> {
  const act = acts.get((await db('bulks').where({ id }).first('act'))?.act);
  if (!act) return false;
  const role = act.many?.isForOwner ? owner : db;
  return role.transaction((trx) => runChunk(trx, id, act));
}

/** Stops it after the chunk that it is at; what is done stays done. */
export async function stopBulk(db: Db, by: Actor, { id, act }: Bulk): Promise<boolean> {
  return db.transaction(async (trx) => {
    const stopped = await trx('bulks').where({ id, state: 'running' }).update(ended(trx, 'stopped'));
    if (stopped > 0) await record(trx, by, 'bulk.stopped', null, { facts: { bulkId: id, act } });
    return stopped > 0;
  });
}

/** Takes up what no process is at any more, for the worker: call it every minute. One that breaks off holds up no other. */
export async function continueBulks(works: Works): Promise<void> {
  const left = await works.db('bulks').whereIn('state', ['checking', 'running']).orderBy('id').pluck('id');
  const failed: unknown[] = [];
  for (const id of left) await runBulk(works, id).catch((error) => failed.push(error));
  if (failed.length > 0) throw new AggregateError(failed, 'Some acts upon many users broke off.');
}

async function runChunk(trx: Trx, id: number, act: BulkAct): Promise<boolean> {
  const held: Bulk | undefined = await trx('bulks')
    .where({ id })
    .whereIn('state', ['checking', 'running'])
    .forUpdate()
    .skipLocked()
    .first();
  if (!held) return false;
  const by = await actorAgain(trx, held.runBy, act.act);
  if (!by) return end(trx, id, 'stopped');
  return held.state === 'checking' ? checkSome(trx, held, by, act) : doSome(trx, held, by, act);
}

async function doSome(trx: Trx, bulk: Bulk, by: Actor, { does }: BulkAct): Promise<boolean> {
  const rows = await nextReady(trx, bulk);
  if (!does || rows.length === 0) return end(trx, bulk.id, 'done');
  const outcomes = await actUponEach(trx, rows, (inner, some) => does(inner, by, bulk, some));
  await writeVerdicts(trx, bulk.id, outcomes.map(judgedBy));
  await trx('bulks')
    .where({ id: bulk.id })
    .update({ doneTo: rows.at(-1)?.userId });
  return true;
}

/** From where it is: whoever was reached is not passed over again, however many they are. */
const nextReady = (trx: Trx, { id, undoes, doneTo }: Bulk): Promise<Row[]> =>
  trx('bulkRows')
    .where(undoes === null ? { bulkId: id, verdict: 'ready' } : { bulkId: undoes, verdict: 'done' })
    .where('userId', '>', doneTo)
    .orderBy('userId')
    .limit(chunkUsers)
    .select('userId', 'historyId');

/** What Postgres refuses although no rule did: somebody was faster, with an address that is to be restored, say. */
const isAboutData = (error: unknown) => /^(22|23)/.test((error as { code?: string }).code ?? '');

/** A user whom the database refuses is found by halving, so that it cannot hold up the others. */
async function actUponEach(trx: Trx, rows: Row[], act: (trx: Trx, rows: Row[]) => Promise<Outcome[]>): Promise<Outcome[]> {
  try {
    return await trx.transaction((inner) => act(inner, rows));
  } catch (error) {
    if (!isAboutData(error)) throw error;
    if (rows.length === 1)
      return rows.map(({ userId }) => ({ userId, refusal: 'The database refuses it: somebody was faster.' }));
    const middle = Math.ceil(rows.length / 2);
    return [...(await actUponEach(trx, rows.slice(0, middle), act)), ...(await actUponEach(trx, rows.slice(middle), act))];
  }
}

async function end(trx: Trx, id: number, state: 'stopped' | 'done'): Promise<false> {
  await trx('bulks').where({ id }).update(ended(trx, state));
  return false;
}

const ended = (trx: Trx, state: 'stopped' | 'done') => ({ state, endedAt: trx.raw('now()') });
