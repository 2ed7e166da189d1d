import type { Author } from '../access/actor.ts';
import type { Db } from '../ground/database.ts';
import { record } from './record.ts';

type Denial = { method: string; path: string; why: string };

/**
 * Notes that somebody tried what it may not do: upon the account that the address names, when there is one, so that its
 * purge erases the address too.
 */
export async function recordDenial(db: Db, by: Author, { method, path, why }: Denial): Promise<void> {
  const username = /^\/users\/([a-z0-9-]+)/.exec(path)?.[1];
  await db.transaction(async (trx) => {
    const user = username ? await trx('users').where({ username }).first('id', 'username') : undefined;
    const facts = { method, path: path.slice(0, 200), why };
    await record(trx, by, 'access.denied', user ?? null, { outcome: 'refused', facts });
  });
}
