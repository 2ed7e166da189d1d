import type { Db } from '../ground/database.ts';
import type { Data } from './words/template.ts';

/** A row of `letters`. */
export type Letter = {
  id: number;
  kind: string;
  userId: number | null;
  username: string;
  address: string;
  data: Data;
  linkId: number | null;
  linkCounter: number | null;
  messageId: string;
  state: 'queued' | 'sent' | 'failed' | 'dropped' | 'unsent';
  createdAt: Date;
  dueAt: Date;
  tries: number;
  endedAt: Date | null;
  /** What the server said last, or why it was not sent. */
  serverWords: string;
  historyId: number | null;
  resentOf: number | null;
  /** The text that it shares with others. */
  textId: number | null;
};

/**
 * Takes the next letter that is due, those with a link first and what goes to everybody last, for a minute; whoever comes after a process that was killed takes it again then. Null when
 * none is due, or while the server fails: then one process at a time gets one letter, now and then, to see how it does.
 */
export async function takeLetter(db: Db): Promise<Letter | null> {
  const { rows } = await db.raw(takeNext);
  return rows[0] ?? null;
}

const takeNext = `
  with probe as (
    update mail_server set next_try_at = now() + interval '1 minute' where failures > 0 and next_try_at <= now() returning id
  ),
  allowed as (select id from mail_server where failures = 0 union all select id from probe)
  update letters set lease_until = now() + interval '1 minute', tries = tries + 1
  where id = (
    select id from letters
    where state = 'queued' and due_at <= now() and (lease_until is null or lease_until <= now()) and exists (select from allowed)
    order by link_id is null, text_id is not null, due_at, id limit 1 for update skip locked
  )
  returning *`;

/** Waits between the tries of a letter, in minutes: after two days it has failed. */
export const waits = [1, 5, 15, 60, 180, 360, 720, 1440] as const;

/** The server has it; `words` are its answer. Nothing that came meanwhile takes that back. */
export const markSent = (db: Db, { id }: Letter, words: string) => end(db, id, 'sent', words);

/** It will never be sent; the words say why. */
export const markFailed = (db: Db, { id }: Letter, words: string) => end(db, id, 'failed', words);

/** There is no use in sending it any more. */
export const dropLetter = (db: Db, { id }: Letter, why: string) => end(db, id, 'dropped', why);

async function end(db: Db, id: number, state: Letter['state'], serverWords: string): Promise<void> {
  await db('letters')
    .where({ id, state: 'queued' })
    .update({ state, serverWords, endedAt: db.raw('now()'), leaseUntil: null });
}

/** It waits for its next try, longer each time; when there is none left it has failed. */
export async function tryLater(db: Db, letter: Letter, words: string): Promise<void> {
  const minutes = waits[letter.tries - 1];
  if (minutes === undefined) return markFailed(db, letter, words);
  await db('letters')
    .where({ id: letter.id, state: 'queued' })
    .update({ serverWords: words, leaseUntil: null, dueAt: db.raw('now() + make_interval(mins => ?)', [minutes]) });
}

/** As if it had not been taken: it is not to blame. */
export async function giveBack(db: Db, { id }: Letter, words: string): Promise<void> {
  await db('letters')
    .where({ id, state: 'queued' })
    .update({ serverWords: words, leaseUntil: null, tries: db.raw('tries - 1') });
}

/**
 * Letters that have waited too long: two days and more with tries that did not reach the server, a week without any try, as when
 * outgoing mail was off. What they say may no longer be so.
 */
export async function failStale(db: Db): Promise<void> {
  await db.raw(
    `update letters set state = 'failed', ended_at = now(), lease_until = null,
       server_words = case server_words when '' then 'It could not be sent for a week.' else server_words end
     where state = 'queued' and due_at <= now() and (lease_until is null or lease_until <= now())
       and created_at < now() - case server_words when '' then interval '7 days' else interval '3 days' end`,
  );
}
