import { setTimeout } from 'node:timers/promises';
import type { Actor } from '../access/actor.ts';
import { assertCan } from '../access/can.ts';
import type { Db, Trx } from '../ground/database.ts';
import { Refused } from '../ground/errors.ts';
import { record } from '../history/record.ts';
import { enqueueLetters } from '../mail/letters.ts';
import { notify } from '../notifications/notify.ts';
import { clearSome, keepText, withdrawText } from '../notifications/texts.ts';
import { actorAgain, runnerFor } from '../users/runner.ts';
import { type Announcement, holdAnnouncement } from './announcement.ts';
import { countReach, nextReceivers, type Receiver } from './receivers.ts';
import { holdDraft } from './write.ts';

/** Receivers per transaction. */
const chunkUsers = 500;
/** Between two chunks, so that pages are never kept waiting by a long row of them. */
const breathMs = 5;

/**
 * Starts sending a draft as it was when it was looked at; `workOn` does the work. Whoever registers later does not get it. Throws
 * Refused when it was changed or sent meanwhile, or when nobody would get it.
 */
export async function sendAnnouncement(db: Db, by: Actor, { id, version }: { id: number; version: number }): Promise<void> {
  assertCan(by, 'send announcement');
  await db.transaction(async (trx) => {
    const draft = await holdDraft(trx, id);
    if (draft.version !== version) throw new Refused('Somebody has changed it since this page was opened. Look at it again.');
    const { title, text, filter, mails, bannerUntil } = draft;
    const { receivers: expected } = await countReach(trx, filter);
    if (expected === 0) throw new Refused('Nobody would get it: no account that works matches.');
    const textId = await keepText(trx, { title, text, bannerUntil });
    const { last: upTo } = await trx('users').first(trx.raw('max(id) as last'));
    await trx('announcements')
      .where({ id })
      .update({ state: 'sending', textId, upTo, expected, sentBy: by.id, sentAt: trx.raw('now()'), ...runOf(by) });
    await record(trx, by, 'announcement.sent', null, { facts: { announcement: id, title, users: expected, mails } });
  });
}

/** Goes on where it was stopped. Throws Refused when it is not. */
export async function resumeAnnouncement(db: Db, by: Actor, id: number): Promise<void> {
  assertCan(by, 'send announcement');
  await db.transaction(async (trx) => {
    const { title, state } = await holdAnnouncement(trx, id);
    if (state !== 'stopped') throw new Refused('It is not stopped.');
    await trx('announcements')
      .where({ id })
      .update({ state: 'sending', endedAt: null, ...runOf(by) });
    await record(trx, by, 'announcement.resumed', null, { facts: { announcement: id, title } });
  });
}

const runOf = (by: Actor) => ({ runBy: JSON.stringify(runnerFor(by)) });

/** Stops it after the receivers that it is at; who has it keeps it. False when it was not being sent. */
export async function stopAnnouncement(db: Db, by: Actor, id: number): Promise<boolean> {
  assertCan(by, 'send announcement');
  return db.transaction(async (trx) => {
    const { title, state } = await holdAnnouncement(trx, id);
    if (state !== 'sending') return false;
    await end(trx, id, 'stopped');
    await record(trx, by, 'announcement.stopped', null, { facts: { announcement: id, title } });
    return true;
  });
}

/**
 * Takes an announcement back: at once nobody finds it any more, and letters that wait are not sent; its rows are cleared away by
 * `workOn`. Throws Refused for a draft, and for what is withdrawn already.
 */
export async function withdrawAnnouncement(db: Db, by: Actor, id: number): Promise<void> {
  assertCan(by, 'withdraw announcement');
  await db.transaction(async (trx) => {
    const { title, state, textId, receivers } = await holdAnnouncement(trx, id);
    if (textId === null) throw new Refused('It has not been sent.');
    if (state === 'withdrawn') throw new Refused('It has been withdrawn already.');
    await trx('announcements')
      .where({ id })
      .update({ state: 'withdrawn', withdrawnAt: trx.raw('now()') });
    await withdrawText(trx, textId);
    await record(trx, by, 'announcement.withdrawn', null, { facts: { announcement: id, title, users: receivers } });
  });
}

/**
 * Gives an announcement to its receivers, or clears a withdrawn one away, some at a time. May be killed at any moment and called by
 * several processes at once: a chunk is one transaction that holds the announcement, so everybody gets it once. With `chunks` it
 * leaves off after so many; true while there is more to do.
 */
export async function workOn(db: Db, id: number, chunks = Number.POSITIVE_INFINITY): Promise<boolean> {
  for (let chunk = 0; chunk < chunks; chunk += 1) {
    if (chunk > 0) await setTimeout(breathMs);
    if (!(await db.transaction((trx) => workSome(trx, id)))) return false;
  }
  return true;
}

/** Takes up what no process is at any more, for the worker: call it every minute. One that breaks off holds up no other. */
export async function continueAnnouncements(db: Db): Promise<void> {
  const left: number[] = await db('announcements')
    .where({ state: 'sending' })
    .orWhere({ state: 'withdrawn', isCleared: false })
    .orderBy('id')
    .pluck('id');
  const failed: unknown[] = [];
  for (const id of left) await workOn(db, id).catch((error) => failed.push(error));
  if (failed.length > 0) throw new AggregateError(failed, 'Some announcements broke off.');
}

async function workSome(trx: Trx, id: number): Promise<boolean> {
  const held: Announcement | undefined = await trx('announcements').where({ id }).forUpdate().skipLocked().first();
  if (held?.state === 'withdrawn' && held.textId !== null) return clear(trx, id, held.textId);
  if (held?.state !== 'sending') return false;
  // Who may no more does not go on telling everybody something.
  if (!(await actorAgain(trx, held.runBy, 'send announcement'))) return end(trx, id, 'stopped');
  return giveSome(trx, held);
}

async function giveSome(trx: Trx, { id, filter, textId, mails, doneTo, upTo }: Announcement): Promise<boolean> {
  const receivers = await nextReceivers(trx, { filter, after: doneTo, upTo, limit: chunkUsers });
  if (textId === null || receivers.length === 0) return end(trx, id, 'sent');
  await (mails ? mailTo(trx, receivers, textId) : tellInConsole(trx, receivers, textId));
  await trx('announcements')
    .where({ id })
    .update({ doneTo: receivers.at(-1)?.id, receivers: trx.raw('receivers + ?', [receivers.length]) });
  return true;
}

/** Letters notify by themselves. */
const mailTo = (trx: Trx, receivers: Receiver[], textId: number) =>
  enqueueLetters(
    trx,
    receivers.map((user) => ({ kind: 'announcement', user, textId })),
  );

const tellInConsole = (trx: Trx, receivers: Receiver[], textId: number) =>
  notify(
    trx,
    receivers.map(({ id: userId }) => ({ kind: 'announcement', userId, textId, says: '', leads: '' })),
  );

async function clear(trx: Trx, id: number, textId: number): Promise<boolean> {
  if (await clearSome(trx, textId)) return true;
  await trx('announcements').where({ id }).update({ isCleared: true });
  return false;
}

async function end(trx: Trx, id: number, state: 'stopped' | 'sent'): Promise<false> {
  await trx('announcements')
    .where({ id })
    .update({ state, endedAt: trx.raw('now()') });
  return false;
}
