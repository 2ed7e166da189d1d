import type { Trx } from '../ground/database.ts';
import { cut } from '../ground/short.ts';
import { type Data, type NoticeKind, noticeOf } from './words.ts';

/** What a user is told in the console: a sentence, and the page that it is about. */
export type NewNotification = {
  kind: string;
  userId: number;
  says: string;
  leads: string;
  /** Whose name stands in the sentence: when that account is erased, the notification goes with it. */
  aboutId?: number | undefined;
  /** A text that goes to many, in place of a sentence; nobody gets the same one twice. */
  textId?: number | undefined;
  /** The act that it tells of: undone, the notification is gone. */
  historyId?: number | null;
};

const longest = 300;

/**
 * Keeps notifications in the transaction of the act that they tell of. With `waitMinutes` they are shown only then. Letters do this
 * by themselves: see `enqueueLetters`.
 */
export async function notify(trx: Trx, notifications: NewNotification[], { waitMinutes = 0 } = {}): Promise<void> {
  if (notifications.length === 0) return;
  const rows = notifications.map((one) => ({ ...one, says: cut(one.says.replace(/[\s\p{Cc}]+/gu, ' '), longest) }));
  await trx.raw(
    `insert into notifications (user_id, kind, says, leads, about_id, text_id, history_id, due_at)
     select "userId", kind, says, leads, "aboutId", "textId", "historyId", now() + make_interval(mins => :waitMinutes)
     from json_to_recordset(:rows::json) as n
       ("userId" bigint, kind text, says text, leads text, "aboutId" bigint, "textId" bigint, "historyId" bigint)
     on conflict (text_id, user_id) where text_id is not null do nothing`,
    { rows: JSON.stringify(rows), waitMinutes },
  );
}

export type Notice = { kind: NoticeKind; data?: Data; aboutId?: number };

/** Tells one user something about which no letter is written. */
export const tell = (trx: Trx, userId: number, { kind, data = {}, aboutId }: Notice): Promise<void> =>
  notify(trx, [{ ...noticeOf(kind, data), userId, aboutId }]);

/** Tells it to every administrator who can read it. */
export async function tellAdministrators(trx: Trx, { kind, data = {}, aboutId }: Notice): Promise<void> {
  const ids: number[] = await trx('users')
    .where({ profile: 'administrator' })
    .whereRaw(readsNotifications('users'))
    .orderBy('id')
    .pluck('id');
  await notify(
    trx,
    ids.map((userId) => ({ ...noticeOf(kind, data), userId, aboutId })),
  );
}

/** Whether a user reaches the own notifications: nobody in restricted standing does, and a lock keeps nobody out for good. */
export const readsNotifications = (alias: string) => `(${alias}.deleted_at is null
  and ${alias}.state in ('STATE_APPROVED', 'STATE_FLAGGED') and ${alias}.email_verified_at is not null
  and coalesce(${alias}.expires_at > now(), true))`;

/** The acts have been undone: what told of them is gone. Says which of the acts somebody had read of. */
export async function forgetNotificationsOf(trx: Trx, historyIds: number[]): Promise<number[]> {
  const gone = await trx('notifications')
    .whereRaw('history_id = any(?)', [historyIds])
    .delete()
    .returning(['historyId', 'readAt']);
  return gone.filter(({ readAt }) => readAt !== null).map(({ historyId }) => historyId);
}
