import type { Actor } from '../access/actor.ts';
import { assertCan } from '../access/can.ts';
import { countRows, type Db } from '../ground/database.ts';
import { NotFound } from '../ground/errors.ts';
import { type Cursor, type Page, readPage } from '../ground/keyset.ts';

/** A notification as its user sees it. */
export type Notification = {
  id: number;
  kind: string;
  says: string;
  /** A path of this console; '' where there is nothing more to see. */
  leads: string;
  at: Date;
  readAt: Date | null;
  /** The whole text of an announcement; null for what says everything in its sentence. */
  text: string | null;
};

/** Those that are not read come first, then the newest. */
export const unreadFirst = { expression: '(n.read_at is null)::int', type: 'bigint' } as const;

type Span = { limit: number; after: Cursor | null; before: Cursor | null };

/** One page of a user's notifications, or of those only that it has not read. */
export function listNotifications(
  db: Db,
  userId: number,
  { isUnread, ...span }: Span & { isUnread: boolean },
): Promise<Page<Notification & { sortKey: string }>> {
  const query = shownTo(db, userId);
  if (isUnread) query.whereNull('n.readAt');
  return readPage(db, query, { ...span, order: unreadFirst, isDescending: true, id: 'n.id' }, columns(db));
}

/** One notification of a user. Throws NotFound, also for what is withdrawn, and for somebody else's. */
export async function findNotification(db: Db, userId: number, id: number | null): Promise<Notification> {
  const found = id && (await shownTo(db, userId).where('n.id', id).first(columns(db)));
  if (!found) throw new NotFound('There is no such notification (any more).');
  return found;
}

/** How many a user has not read, and the number of the newest of them. */
export async function countUnread(db: Db, userId: number): Promise<{ unread: number; newest: number }> {
  const columns = db.raw('count(*)::int as unread, coalesce(max(n.id), 0) as newest');
  return shownTo(db, userId).whereNull('n.readAt').first(columns);
}

/** How many notifications these users have. */
export const countNotifications = (db: Db, userIds: number[]): Promise<number> =>
  countRows(db('notifications').whereRaw('user_id = any(?)', [userIds]));

/** Marks one of the actor's own as read; twice is as once. Reading changes nothing for anybody else, so no history tells of it. */
export async function markRead(db: Db, actor: Actor, id: number | null): Promise<Notification> {
  assertCan(actor, 'see notifications');
  const found = await findNotification(db, actor.id, id);
  await unread(db, actor)
    .where({ id: found.id })
    .update({ readAt: db.raw('now()') });
  return found;
}

/** Marks all of the actor's own as read, up to the newest that it was shown. */
export async function markAllRead(db: Db, actor: Actor, newest: number): Promise<number> {
  assertCan(actor, 'see notifications');
  return unread(db, actor)
    .where('id', '<=', newest)
    .whereRaw('due_at <= now()')
    .update({ readAt: db.raw('now()') });
}

const unread = (db: Db, { id }: Actor) => db('notifications').where({ userId: id, readAt: null });

const shownTo = (db: Db, userId: number) =>
  db('notifications as n')
    .leftJoin('shared_texts as t', 't.id', 'n.textId')
    .where('n.userId', userId)
    .whereRaw('n.due_at <= now() and t.withdrawn_at is null');

const columns = (db: Db) => [
  'n.id',
  'n.kind',
  db.raw('coalesce(t.title, n.says) as says'),
  'n.leads',
  'n.dueAt as at',
  'n.readAt',
  't.text',
];

/** The newest text that stands above the pages of user `alias`: not read, and not over. */
export const bannerOf = (alias: string) => `(select json_build_object('id', n.id, 'title', t.title)
  from notifications n join shared_texts t on t.id = n.text_id
  where n.user_id = ${alias}.id and n.read_at is null and n.due_at <= now() and t.banner_until > now() and t.withdrawn_at is null
  order by n.id desc limit 1)`;

/** The bell says how many up to this, and beyond it that there are more. */
export const countedAtMost = 99;

/** How many user `alias` has not read, one more than the bell says at most: an index holds those alone. */
export const unreadOf = (alias: string) => `(select count(*)::int from (
  select from notifications n where n.user_id = ${alias}.id and n.read_at is null and n.due_at <= now()
    and not exists (select from shared_texts t where t.id = n.text_id and t.withdrawn_at is not null)
  limit ${countedAtMost + 1}) few)`;
