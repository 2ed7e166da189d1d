import type { Actor } from '../access/actor.ts';
import type { Trx } from '../ground/database.ts';
import { actUponMany, type ManyAct } from '../users/act.ts';
import { noPlaceLeft, readPlaces } from '../users/limit.ts';
import type { Bulk, Judged } from './bulk.ts';
import { judgedBy } from './bulk.ts';

type Asked = { bulk: Bulk; by: Actor; many: ManyAct; input: unknown };

/** Who of those that could be acted upon by themselves is refused because of the others. */
export type Foresee = (trx: Trx, asked: Asked) => Promise<Judged[]>;

/** Beyond so many administrators it is only found when it is done that one of them would be the last. */
const mostTried = 100;

/** Of several administrators one may be the last who is able. Which one, only doing it says: so it is tried, and taken back. */
export const foreseeLastAdministrator: Foresee = async (trx, { bulk, by, many, input }) => {
  const ids = await ready(trx, bulk.id).where({ profile: 'administrator' }).orderBy('userId').limit(mostTried).pluck('user_id');
  if (ids.length === 0) return [];
  const trial = await trx.transaction();
  const outcomes = await actUponMany(trial, { ...by, isConfirmed: true }, many, ids, input).finally(() => trial.rollback());
  return outcomes.map(judgedBy).filter(({ verdict }) => verdict === 'refused');
};

/** Of two who had an address in turn one comes back, and of all as many as there are places. */
export const foreseeRestoring: Foresee = async (trx, { bulk }) => {
  const namesakes = await namesakesIn(trx, bulk.id);
  const { limit, used, url } = await readPlaces(trx);
  const rest = ready(trx, bulk.id).whereRaw('user_id <> all(?)', [namesakes]).orderBy('userId');
  const surplus = limit > 0 ? await rest.offset(Math.max(limit - used, 0)).pluck('user_id') : [];
  return [
    ...refused(namesakes, 'Another of these users has the same address, and comes first.'),
    ...refused(surplus, noPlaceLeft({ limit, url }).message),
  ];
};

async function namesakesIn(trx: Trx, bulkId: number): Promise<number[]> {
  const nth = trx.raw('row_number() over (partition by lower(email collate "C") order by user_id) as nth');
  return trx.from(ready(trx, bulkId).select('userId', nth).as('numbered')).where('nth', '>', 1).pluck('user_id');
}

const ready = (trx: Trx, bulkId: number) =>
  trx('bulkRows').join('users', 'users.id', 'bulkRows.userId').where({ bulkId, verdict: 'ready' });

const refused = (ids: number[], reason: string): Judged[] => ids.map((userId) => ({ userId, verdict: 'refused', reason }));
