import type { Db, Trx } from '../ground/database.ts';

/** A text that many users get: it lies once, and each of them has its number. Until `bannerUntil` it stands above the pages of who has not read it. */
export type SharedText = { title: string; text: string; bannerUntil?: Date | null };

/** Keeps a text; says its number. */
export async function keepText(trx: Trx, { title, text, bannerUntil = null }: SharedText): Promise<number> {
  const [{ id }] = await trx('sharedTexts').insert({ title, text, bannerUntil }).returning('id');
  return id;
}

/** Takes a text back: nobody finds it any more, and letters with it that wait are not sent. */
export async function withdrawText(trx: Trx, id: number): Promise<void> {
  await trx('sharedTexts')
    .where({ id })
    .update({ withdrawnAt: trx.raw('now()') });
}

/** How many have read a text, those included whose notification has been erased since. Over a text of this number. */
export const readersOf = (textId: string) => `(coalesce((select t.readers from shared_texts t where t.id = ${textId}), 0)
  + (select count(*) from notifications n where n.text_id = ${textId} and n.read_at is not null))::int`;

const batchRows = 5000;

/** Takes some of the notifications of a text away; true while there are more. Who had read it stays counted. */
export async function clearSome(db: Db, textId: number): Promise<boolean> {
  const { rows } = await db.raw(
    `with gone as (
       delete from notifications where id in (select id from notifications where text_id = :textId limit :batchRows) returning read_at
     ),
     counted as (
       update shared_texts set readers = readers + (select count(*) from gone where read_at is not null) where id = :textId
     )
     select count(*)::int as gone from gone`,
    { textId, batchRows },
  );
  return rows[0].gone === batchRows;
}
