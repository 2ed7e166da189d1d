import type { Actor } from '../access/actor.ts';
import type { Db, Trx } from '../ground/database.ts';
import { type Person, record } from './record.ts';

type Denial = { method: string; path: string; why: string };

/** Denials of one actor that are kept of an hour: more say nothing new, and would let anybody fill the history. */
const mostInAnHour = 20;
/** How far back an actor's rows are counted: as much as an index gives at once, however long its history is. */
const rowsLookedAt = 200;

/**
 * Notes that somebody tried what it may not do: upon the account that the address names, when there is one, so that its
 * purge erases the address too. Beyond twenty in an hour nothing is noted.
 */
export async function recordDenial(db: Db, by: Actor, { method, path, why }: Denial): Promise<void> {
  await db.transaction(async (trx) => {
    if ((await countRecent(trx, by)) >= mostInAnHour) return;
    const facts = { method, path: path.slice(0, 200), why };
    await record(trx, by, 'access.denied', await findNamed(trx, path), { outcome: 'refused', facts });
  });
}

async function countRecent(trx: Trx, by: Actor): Promise<number> {
  const newest = trx('history').where({ actorId: by.id }).orderBy('id', 'desc').limit(rowsLookedAt).select('act', 'at');
  const row = await trx
    .from(newest.as('newest'))
    .where({ act: 'access.denied' })
    .whereRaw(`at > now() - interval '1 hour'`)
    .count({ count: '*' })
    .first();
  return Number(row?.count);
}

/** The one thing that this room knows of addresses: where a username stands in them. */
async function findNamed(trx: Trx, path: string): Promise<Person | null> {
  const username = /^\/users\/([a-z0-9-]+)/.exec(path)?.[1];
  return username ? ((await trx('users').where({ username }).first('id', 'username')) ?? null) : null;
}
