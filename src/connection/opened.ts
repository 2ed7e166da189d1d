import type { Db } from '../ground/database.ts';

/** So many pages of one visit are kept; of the rest only how many there were. */
export const mostPages = 500;

/** A page that was opened in a visit: its path alone, as what stands behind the ? is typed and may be private. */
export type Opened = { id: number; at: Date; path: string };

/**
 * Keeps that a page was opened on a user's behalf; with `isPart` only when none of this path is kept, as a part of a page that is open
 * opens nothing. Beyond the first 500 of a visit it is only counted.
 */
export async function keepOpened(db: Db, connectionId: number, path: string, { isPart = false } = {}): Promise<void> {
  await db.raw(insertPage, { connectionId, path: path.slice(0, 300), isPart, mostPages });
}

const insertPage = `
  with counted as (
    update connections set pages = pages + 1
    where id = :connectionId
      and not (:isPart and exists (select from connection_pages where connection_id = :connectionId and path = :path))
    returning pages)
  insert into connection_pages (connection_id, path)
  select :connectionId::bigint, :path from counted where pages <= :mostPages`;

/** The pages of a visit in the order in which they were opened. */
export const listOpened = (db: Db, connectionId: number): Promise<Opened[]> =>
  db('connectionPages').where({ connectionId }).orderBy('id').select('id', 'at', 'path');
