import type { Trx } from '../ground/database.ts';
import { undoMinutes } from '../history/timeline.ts';
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
  /** The letter that is sent once more. */
  resentOf?: number;
};

/** Writes one letter; see `enqueueLetters`. */
export const enqueueLetter = (trx: Trx, letter: NewLetter, posting: Posting = {}): Promise<number[]> =>
  enqueueLetters(trx, [letter], posting);

/**
 * Writes letters in the transaction of the act that causes them: they are sent when it commits, and only then. What their readers
 * have turned off is not written. While outgoing mail is off only those with a link are kept, unsent: the link can be copied.
 * Says the numbers of those that were written.
 */
export async function enqueueLetters(
  trx: Trx,
  letters: NewLetter[],
  { historyIds = [], afterUndo = false, resentOf }: Posting = {},
): Promise<number[]> {
  const { outgoingMail } = await readSettings(trx);
  const rows = letters.map((letter, index) => ({ ...rowOf(letter), history_id: historyIds[index] ?? null }));
  const kept = outgoingMail ? rows : rows.filter(({ link_id }) => link_id !== null);
  if (kept.length === 0) return [];
  const { rows: written } = await trx.raw(insertLetters, {
    rows: JSON.stringify(kept),
    state: outgoingMail ? 'queued' : 'unsent',
    wait: afterUndo ? undoMinutes + 1 : 0,
    resentOf: resentOf ?? null,
  });
  return written.map(({ id }: { id: number }) => id);
}

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
  insert into letters
    (kind, user_id, username, address, data, link_id, link_counter, history_id, resent_of, state, due_at)
  select l.kind, l.user_id, coalesce(u.username, ''), l.address, l.data, l.link_id, l.link_counter, l.history_id,
    :resentOf::bigint, :state, now() + make_interval(mins => :wait)
  from json_to_recordset(:rows::json) as l
    (kind text, user_id bigint, address text, data jsonb, link_id bigint, link_counter int, history_id bigint, preference text)
  left join users u on u.id = l.user_id
  where l.preference is null or not coalesce(l.preference = any(u.muted_letters), false)
  returning id`;

/**
 * The acts have been undone: their letters that wait are not sent. Says which of the acts have a letter that has left, or is leaving
 * at this moment: its reader has to hear that it is no longer so.
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
  return new Set(left);
}

export const whyUndone = 'What it was about has been undone.';
