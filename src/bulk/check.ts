import type { Actor } from '../access/actor.ts';
import type { Trx } from '../ground/database.ts';
import { actUponMany, type Outcome, refusalsOf } from '../users/act.ts';
import { applyFilter } from '../users/filter.ts';
import { type User, userColumns } from '../users/user.ts';
import { readForm } from '../web/form.ts';
import type { BulkAct } from './acts.ts';
import { askedFirst } from './begin.ts';
import type { Bulk, Verdict } from './bulk.ts';

const chunkUsers = 500;
/** Beyond so many administrators it is only found in the end that one of them would be the last. */
const mostRehearsed = 100;

export const gone = 'There is no such user any more.';

/** A verdict upon a user of an act upon many. */
export type Judged = { userId: number; verdict: Verdict; reason?: string; historyId?: number };

/** Gives some more of the users their verdict, those of a filter as they are taken in. True while there are more. */
export async function checkSome(trx: Trx, bulk: Bulk, by: Actor, act: BulkAct): Promise<boolean> {
  const isGathered = bulk.gatheredTo === null;
  const ids = isGathered ? await unchecked(trx, bulk.id) : await nextOfFilter(trx, bulk);
  const users: User[] = await trx('users').whereRaw('id = any(?)', [ids]).select(userColumns(trx));
  await writeVerdicts(trx, bulk.id, await judge(trx, bulk, by, act, ids, users));
  if (!isGathered)
    await trx('bulks')
      .where({ id: bulk.id })
      .update({ gatheredTo: ids.at(-1) ?? null });
  if (ids.length > 0) return true;
  if (!isGathered) return true;
  await rehearse(trx, bulk, by, act);
  await trx('bulks').where({ id: bulk.id }).update({ state: 'ready' });
  return false;
}

const unchecked = (trx: Trx, bulkId: number): Promise<number[]> =>
  trx('bulkRows').where({ bulkId, verdict: null }).orderBy('userId').limit(chunkUsers).pluck('user_id');

async function nextOfFilter(trx: Trx, { filter, gatheredTo, upon }: Bulk): Promise<number[]> {
  const query = trx('users').where('users.id', '>', gatheredTo ?? 0);
  if (upon === 'live') query.where({ 'users.deletedAt': null });
  else query.whereNotNull('users.deletedAt');
  if (filter) applyFilter(query, filter);
  return query.orderBy('users.id').limit(chunkUsers).pluck('users.id');
}

async function judge(trx: Trx, bulk: Bulk, by: Actor, { many }: BulkAct, ids: number[], users: User[]): Promise<Judged[]> {
  const found = new Set(users.map(({ id }) => id));
  // Who does it proves who it is when it is done.
  const refusals = many
    ? await refusalsOf(trx, { ...by, isConfirmed: true }, many, users, checkedInput(bulk, many.shape))
    : new Map();
  return ids.map((userId) => {
    const reason = found.has(userId) ? refusals.get(userId)?.message : gone;
    return reason === undefined ? { userId, verdict: 'ready' } : { userId, verdict: 'refused', reason };
  });
}

const checkedInput = ({ input }: Bulk, shape: Parameters<typeof askedFirst>[0]) => readForm(input, askedFirst(shape));

/** Writes verdicts upon users, in one statement; those who were not in it are put in. */
export async function writeVerdicts(trx: Trx, bulkId: number, judged: Judged[]): Promise<void> {
  await trx.raw(
    `insert into bulk_rows (bulk_id, user_id, verdict, reason, history_id)
     select ?::bigint, "userId", verdict, coalesce(reason, ''), "historyId"
     from jsonb_to_recordset(?::jsonb) as judged ("userId" bigint, verdict text, reason text, "historyId" bigint)
     on conflict (bulk_id, user_id) do update set verdict = excluded.verdict, reason = excluded.reason, history_id = excluded.history_id`,
    [bulkId, JSON.stringify(judged)],
  );
}

/** Each administrator may be possible by itself, and one of them still be the last who is able: so it is tried, and taken back. */
async function rehearse(trx: Trx, bulk: Bulk, by: Actor, { many }: BulkAct): Promise<void> {
  const ids = many?.mayEndAdministrators ? await readyAdministrators(trx, bulk.id) : [];
  if (!many || ids.length === 0) return;
  const trial = await trx.transaction();
  const outcomes = await actUponMany(trial, by, many, ids, { reason: '', ...checkedInput(bulk, many.shape) }).finally(() =>
    trial.rollback(),
  );
  await writeVerdicts(
    trx,
    bulk.id,
    outcomes.map(judgedBy).filter(({ verdict }) => verdict === 'refused'),
  );
}

function readyAdministrators(trx: Trx, bulkId: number): Promise<number[]> {
  const ready = trx('bulkRows').join('users', 'users.id', 'bulkRows.userId').where({ bulkId, verdict: 'ready' });
  return ready.where({ profile: 'administrator' }).orderBy('userId').limit(mostRehearsed).pluck('user_id');
}

/** What an act came to, as a verdict. */
export const judgedBy = (outcome: Outcome): Judged =>
  'refusal' in outcome
    ? { userId: outcome.userId, verdict: 'refused', reason: outcome.refusal }
    : { userId: outcome.userId, verdict: 'done', historyId: outcome.historyId };
