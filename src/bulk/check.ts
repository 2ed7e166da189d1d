import type { Actor } from '../access/actor.ts';
import type { Trx } from '../ground/database.ts';
import { type ManyAct, refusalsOf } from '../users/act.ts';
import { applyFilter } from '../users/filter.ts';
import { type User, userColumns } from '../users/user.ts';
import { readForm } from '../web/form.ts';
import type { BulkAct } from './acts.ts';
import { askedFirst } from './begin.ts';
import { type Bulk, countVerdicts, type Judged, type Sum } from './bulk.ts';

const chunkUsers = 500;

export const gone = 'There is no such user any more.';

/** Gives some more of the users their verdict, those of a filter as they are taken in. True while there are more. */
export async function checkSome(trx: Trx, bulk: Bulk, by: Actor, act: BulkAct): Promise<boolean> {
  const isGathered = bulk.gatheredTo === null;
  const ids = isGathered ? await unchecked(trx, bulk.id) : await nextOfFilter(trx, bulk);
  if (isGathered && ids.length === 0) return finish(trx, bulk, by, act);
  const users: User[] = await trx('users').whereRaw('id = any(?)', [ids]).orderBy('id').select(userColumns(trx));
  const judged = await judge(trx, bulk, by, act, ids, users);
  await writeVerdicts(trx, bulk.id, judged);
  const ready = new Set(judged.filter(({ verdict }) => verdict === 'ready').map(({ userId }) => userId));
  const consequences = await addedUp(
    trx,
    bulk,
    act,
    users.filter(({ id }) => ready.has(id)),
  );
  const gatheredTo = isGathered ? null : (ids.at(-1) ?? null);
  await trx('bulks')
    .where({ id: bulk.id })
    .update({ gatheredTo, consequences: JSON.stringify(consequences) });
  return true;
}

/** Last comes what can only be said of all of them together. */
async function finish(trx: Trx, bulk: Bulk, by: Actor, { many, foresee }: BulkAct): Promise<false> {
  if (many && foresee) await writeVerdicts(trx, bulk.id, await foresee(trx, { bulk, by, many, input: checkedInput(bulk, many) }));
  const { ready, refused } = await countVerdicts(trx, bulk);
  await trx('bulks')
    .where({ id: bulk.id })
    .update({ state: 'ready', users: ready + refused });
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
  const refusals = many ? await refusalsOf(trx, { ...by, isConfirmed: true }, many, users, checkedInput(bulk, many)) : new Map();
  return ids.map((userId) => {
    const reason = found.has(userId) ? refusals.get(userId)?.message : gone;
    return reason === undefined ? { userId, verdict: 'ready' } : { userId, verdict: 'refused', reason };
  });
}

/** What the check depends on; the reason is given only when it is done. */
const checkedInput = ({ input }: Bulk, { shape }: ManyAct) => ({ reason: '', ...readForm(input, askedFirst(shape)) });

async function addedUp(trx: Trx, { consequences }: Bulk, { goesWith = [] }: BulkAct, users: User[]): Promise<Sum[]> {
  const counted: Sum[] = [];
  for (const [index, { noun, count }] of goesWith.entries())
    counted.push({ noun, count: (consequences[index]?.count ?? 0) + (users.length > 0 ? await count(trx, users) : 0) });
  return counted;
}

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
