import type { Db } from '../ground/database.ts';

const batchRows = 2000;

/** Erases notifications after the days that the settings say, read or not, the oldest first, a batch at a time. */
export async function eraseOldNotifications(db: Db): Promise<void> {
  while ((await eraseSome(db)) === batchRows);
}

/** Numbers grow with time: of the lowest, those that are old; where one is not, the rest is not either. */
async function eraseSome(db: Db): Promise<number> {
  const { rows } = await db.raw(
    `with lowest as (select id from notifications order by id limit :batchRows),
     gone as (
       delete from notifications n using lowest, settings
       where n.id = lowest.id and n.due_at < now() - make_interval(days => settings.notification_days)
       returning n.text_id, n.read_at
     ),
     counted as (
       update shared_texts t set readers = t.readers + c.readers
       from (select text_id, count(*)::int as readers from gone where read_at is not null group by text_id) c
       where t.id = c.text_id
     )
     select count(*)::int as gone from gone`,
    { batchRows },
  );
  return rows[0].gone;
}
