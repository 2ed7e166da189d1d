import type { Author } from '../access/actor.ts';
import { byteOrderMark, writeCsv } from '../ground/csv.ts';
import type { Db } from '../ground/database.ts';
import { snake } from '../ground/names.ts';
import { record } from './record.ts';
import { type Happening, type HistoryFilter, readHistory } from './timeline.ts';

const batchSize = 1000;

const columns: Record<string, (one: Happening) => string> = {
  id: ({ id }) => String(id),
  at: ({ at }) => at.toISOString(),
  act: ({ act }) => act,
  outcome: ({ outcome }) => outcome,
  actorId: ({ actorId }) => String(actorId ?? ''),
  actor: ({ actor }) => actor ?? '',
  subjectId: ({ subjectId }) => String(subjectId ?? ''),
  subject: ({ subject }) => subject ?? '',
  connectionId: ({ connectionId }) => String(connectionId ?? ''),
  userId: ({ userId }) => String(userId ?? ''),
  user: ({ user }) => user ?? '',
  address: ({ address }) => address ?? '',
  requestId: ({ requestId }) => requestId ?? '',
  reason: ({ reason }) => reason ?? '',
  changes: ({ changes }) => JSON.stringify(changes),
  facts: ({ facts }) => JSON.stringify(facts),
};

/** The history as CSV, newest first, in pieces of a thousand acts: however long it is, little of it is in memory. */
export async function* exportHistory(db: Db, by: Author, { userId: _, ...filter }: HistoryFilter): AsyncGenerator<string> {
  // Names that it was narrowed to are not kept: a purge could not find them here.
  await db.transaction((trx) =>
    record(trx, by, 'history.exported', null, { facts: { narrowedBy: Object.keys(filter).join(', ') } }),
  );
  yield byteOrderMark + writeCsv([Object.keys(columns).map(snake)]);
  for (let before: number | null = null; ; ) {
    const some: Happening[] = await readHistory(db, filter, { before, limit: batchSize });
    if (some.length > 0) yield writeCsv(some.map((one) => Object.values(columns).map((cell) => cell(one))));
    if (some.length < batchSize) return;
    before = some.at(-1)?.id ?? null;
  }
}
