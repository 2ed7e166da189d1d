import type { Actor } from '../access/actor.ts';
import { byteOrderMark, writeCsv } from '../ground/csv.ts';
import type { Db } from '../ground/database.ts';
import { exportUsers } from '../users/export.ts';
import { type Bulk, listRows } from './bulk.ts';

const batchRows = 2000;

/** What came of each user, and last the names of a pasted list that are nobody's, as CSV. */
export async function* reportRows(db: Db, { id, unknownNames }: Bulk): AsyncGenerator<string> {
  yield byteOrderMark + writeCsv([['verdict', 'reason', 'username', 'email', 'name']]);
  for (let after: number | null = 0; after !== null; ) {
    const rows = await listRows(db, id, { verdict: null, after, before: null, size: batchRows });
    if (rows.length > 0)
      yield writeCsv(
        rows.map(({ verdict, reason, username, email, name }) => [verdict, reason, username ?? '', email ?? '', name ?? '']),
      );
    after = rows.at(-1)?.userId ?? null;
  }
  for (let at = 0; at < unknownNames.length; at += batchRows)
    yield writeCsv(unknownNames.slice(at, at + batchRows).map((name) => ['not found', '', name, '', '']));
}

/** Gives out the users who were selected for it, as the list's export does. */
export function exportSelected(db: Db, by: Actor, { id }: Bulk): Promise<AsyncGenerator<string>> {
  const selected = db('bulkRows').where({ bulkId: id, verdict: 'ready' }).select('userId');
  return exportUsers(db, by, (query) => query.whereIn('users.id', selected.clone()), ['selection']);
}
