import type { Trx } from '../ground/database.ts';
import { undoMinutes } from '../history/timeline.ts';
import type { Link } from '../links/links.ts';
import { forgetNotificationsOf, type NewNotification, notify } from '../notifications/notify.ts';
import { type LetterKind, templateOf } from './catalogue.ts';
import type { Data } from './words/template.ts';

/** A letter to be written. What stands in it are data; a link is only named, its address is made when the letter leaves. */
export type NewLetter = {
  kind: LetterKind;
  /** Whose letter it is, and where it goes unless `address` says otherwise. Null: to somebody who has no account. */
  user: { id: number; email: string } | null;
  address?: string;
  data?: Data;
  link?: Pick<Link, 'id' | 'counter'>;
  /** Whose name stands in it, beside its reader's. */
  aboutId?: number | undefined;
  /** The text that it shares with others, in place of `data`. */
  textId?: number;
};

export type Posting = {
  /** The acts that caused them, one for each letter: undone before a letter has left, it is not sent. */
  historyIds?: number[];
  /** True to let them wait until their acts can no longer be undone. */
  afterUndo?: boolean;
  /** The letter that is sent once more. */
  resentOf?: number;
};

/** Writes one letter; see `enqueueLetters`. */
export const enqueueLetter = (trx: Trx, letter: NewLetter, posting: Posting = {}): Promise<number[]> =>
  enqueueLetters(trx, [letter], posting);

/**
 * Writes letters in the transaction of the act that causes them: they are sent when it commits, and only then. What their readers
 * have turned off is not written. While outgoing mail is off only those with a link are kept, unsent: the link can be copied.
 * Says the numbers of those that were written. Whoever has an account is notified of the same in the console, in any case.
 */
export async function enqueueLetters(
  trx: Trx,
  letters: NewLetter[],
  { historyIds = [], afterUndo = false, resentOf }: Posting = {},
): Promise<number[]> {
  const waitMinutes = afterUndo ? undoMinutes + 1 : 0;
  if (resentOf === undefined) await notify(trx, notificationsOf(letters, historyIds), { waitMinutes });
  const rows = letters.map((letter, index) => ({ ...rowOf(letter), history_id: historyIds[index] ?? null }));
  const { rows: written } = await trx.raw(insertLetters, {
    rows: JSON.stringify(rows),
    wait: waitMinutes,
    resentOf: resentOf ?? null,
  });
  return written.map(({ id }: { id: number }) => id);
}

/** What is told in the console beside these letters: nothing by those that bring a link to come in. */
function notificationsOf(letters: NewLetter[], historyIds: number[]): NewNotification[] {
  return letters.flatMap(({ kind, user, data = {}, aboutId, textId }, index) => {
    const { leads, tells, subject } = templateOf(kind);
    if (!user || leads === undefined) return [];
    const says = textId ? '' : (tells ?? subject)(data);
    const path = typeof leads === 'string' ? leads : leads(data);
    return [{ kind, userId: user.id, says, leads: textId ? '' : path, aboutId, textId, historyId: historyIds[index] ?? null }];
  });
}

const rowOf = ({ kind, user, address, data = {}, link, textId }: NewLetter) => ({
  kind,
  user_id: user?.id ?? null,
  address: address ?? user?.email,
  data,
  link_id: link?.id ?? null,
  link_counter: link?.counter ?? null,
  text_id: textId ?? null,
  preference: templateOf(kind).preference ?? null,
});

const insertLetters = `
  insert into letters
    (kind, user_id, username, address, data, link_id, link_counter, text_id, history_id, resent_of, state, due_at)
  select l.kind, l.user_id, coalesce(u.username, ''), l.address, l.data, l.link_id, l.link_counter, l.text_id, l.history_id,
    :resentOf::bigint, case when outgoing_mail then 'queued' else 'unsent' end, now() + make_interval(mins => :wait)
  from json_to_recordset(:rows::json) as l
    (kind text, user_id bigint, address text, data jsonb, link_id bigint, link_counter int, text_id bigint, history_id bigint,
     preference text)
  cross join settings
  left join users u on u.id = l.user_id
  where (outgoing_mail or l.link_id is not null)
    and (l.preference is null or not coalesce(l.preference = any(u.muted_letters), false))
  returning id`;

/**
 * The acts have been undone: their letters that wait are not sent, and what was told of them in the console is gone. Says which of
 * the acts have a letter that has left, or is leaving at this moment, or was read of: its reader has to hear that it is no longer so.
 */
export async function dropLettersOf(trx: Trx, historyIds: number[]): Promise<Set<number>> {
  const isOfThem = ['history_id = any(?)', [historyIds]] as const;
  const isLeaving = 'coalesce(lease_until > now(), false)';
  await trx('letters')
    .whereRaw(...isOfThem)
    .where({ state: 'queued' })
    .whereRaw(`not ${isLeaving}`)
    .update({ state: 'dropped', endedAt: trx.raw('now()'), leaseUntil: null, serverWords: whyUndone });
  const left = await trx('letters')
    .whereRaw(...isOfThem)
    .whereRaw(`(state = 'sent' or (state = 'queued' and ${isLeaving}))`)
    .pluck('history_id');
  return new Set([...left, ...(await forgetNotificationsOf(trx, historyIds))]);
}

export const whyUndone = 'What it was about has been undone.';
