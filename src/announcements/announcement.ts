import type { Db, Trx } from '../ground/database.ts';
import { NotFound } from '../ground/errors.ts';
import { type Cursor, type Page, readPage } from '../ground/keyset.ts';
import { readersOf } from '../notifications/texts.ts';
import type { UserFilter } from '../users/filter.ts';
import type { Runner } from '../users/runner.ts';

/** A row of `announcements`, with the names of whoever wrote it and sent it: null once they are erased. */
export type Announcement = {
  id: number;
  title: string;
  text: string;
  /** To whom, as it was typed; '' for everybody. */
  words: string;
  /** The same as the list of users reads it. */
  filter: UserFilter;
  /** Whether it goes by mail too. */
  mails: boolean;
  /** Until when it stands above the pages of who has not read it; null where it does not. */
  bannerUntil: Date | null;
  version: number;
  state: 'draft' | 'sending' | 'stopped' | 'sent' | 'withdrawn';
  madeBy: number | null;
  madeAt: Date;
  textId: number | null;
  runBy: Runner | null;
  /** The last account that there was when it was sent, and the last one that it has been given to. */
  upTo: number;
  doneTo: number;
  /** How many were to get it when it was sent, and how many have. */
  expected: number;
  receivers: number;
  sentAt: Date | null;
  endedAt: Date | null;
  withdrawnAt: Date | null;
  author: string | null;
  sender: string | null;
  /** How many have read it. */
  readers: number;
};

/** The announcement of this number. Throws NotFound. */
export async function findAnnouncement(db: Db, id: number | null): Promise<Announcement> {
  const found = id === null ? undefined : await all(db).where('a.id', id).first(columns(db));
  return found ?? unknown();
}

/** The same, locked until the transaction ends. Throws NotFound. */
export async function holdAnnouncement(trx: Trx, id: number): Promise<Announcement> {
  const held = await trx('announcements').where({ id }).forUpdate().first('id');
  return held ? findAnnouncement(trx, id) : unknown();
}

export const byNumber = { expression: 'a.id', type: 'bigint' } as const;

/** One page of the announcements, the newest first. */
export const listAnnouncements = (
  db: Db,
  span: { limit: number; after: Cursor | null; before: Cursor | null },
): Promise<Page<Announcement & { sortKey: string }>> =>
  readPage(db, all(db), { ...span, order: byNumber, isDescending: true, id: 'a.id' }, columns(db));

const all = (db: Db) =>
  db('announcements as a').leftJoin('users as m', 'm.id', 'a.madeBy').leftJoin('users as s', 's.id', 'a.sentBy');

const columns = (db: Db) => [
  'a.*',
  'm.name as author',
  's.name as sender',
  db.raw(`case when a.text_id is null then 0 else ${readersOf('a.text_id')} end as readers`),
];

function unknown(): never {
  throw new NotFound('There is no such announcement.');
}
