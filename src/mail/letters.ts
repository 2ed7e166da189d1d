import type { Trx } from '../ground/database.ts';
import type { Link } from '../links/links.ts';
import { readSettings } from '../settings/settings.ts';
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
};

export type Posting = {
  /** The acts that caused them, one for each letter: undone before a letter has left, it is not sent. */
  historyIds?: number[];
  /** True to let them wait until their acts can no longer be undone. */
  afterUndo?: boolean;
};

/** Writes one letter; see `enqueueLetters`. */
export const enqueueLetter = (trx: Trx, letter: NewLetter): Promise<void> => enqueueLetters(trx, [letter]);

/**
 * Writes letters in the transaction of the act that causes them: they are sent when it commits, and only then. What their readers
 * have turned off is not written. While outgoing mail is off only those with a link are kept, unsent: the link can be copied.
 */
export async function enqueueLetters(
  trx: Trx,
  letters: NewLetter[],
  { historyIds = [], afterUndo = false }: Posting = {},
): Promise<void> {
  const { outgoingMail } = await readSettings(trx);
  const rows = letters.map((letter, index) => ({ ...rowOf(letter), history_id: historyIds[index] ?? null }));
  const kept = outgoingMail ? rows : rows.filter(({ link_id }) => link_id !== null);
  if (kept.length === 0) return;
  await trx.raw(insertLetters, {
    rows: JSON.stringify(kept),
    state: outgoingMail ? 'queued' : 'unsent',
    wait: afterUndo ? undoMinutes : 0,
  });
}

/** As long as acts can be undone, see history/timeline.ts, and a little more. */
const undoMinutes = 11;

const rowOf = ({ kind, user, address, data = {}, link }: NewLetter) => ({
  kind,
  user_id: user?.id ?? null,
  address: address ?? user?.email,
  data,
  link_id: link?.id ?? null,
  link_counter: link?.counter ?? null,
  preference: templateOf(kind).preference ?? null,
});

const insertLetters = `
  insert into letters (kind, user_id, address, data, link_id, link_counter, history_id, state, due_at)
  select l.kind, l.user_id, l.address, l.data, l.link_id, l.link_counter, l.history_id, :state, now() + make_interval(mins => :wait)
  from json_to_recordset(:rows::json) as l
    (kind text, user_id bigint, address text, data jsonb, link_id bigint, link_counter int, history_id bigint, preference text)
  left join users u on u.id = l.user_id
  where l.preference is null or not coalesce(l.preference = any(u.muted_letters), false)`;

/** The letters of these acts that have not left yet are not sent: the acts have been undone. */
export async function dropLettersOf(trx: Trx, historyIds: number[]): Promise<void> {
  await trx('letters')
    .whereRaw('history_id = any(?)', [historyIds])
    .where({ state: 'queued' })
    .update({ state: 'dropped', endedAt: trx.raw('now()'), leaseUntil: null });
}
