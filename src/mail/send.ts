import { setTimeout as pause } from 'node:timers/promises';
import type { Db } from '../ground/database.ts';
import type { Log } from '../ground/log.ts';
import { tokenOf } from '../links/links.ts';
import { type Base, type Contents, messageOf } from './compose.ts';
import { dropCopiedLetters } from './copies.ts';
import { dropLetter, failStale, giveBack, type Letter, markFailed, markSent, takeLetter, tryLater } from './queue.ts';
import { readContents } from './ready.ts';
import { leaveServerAlone, serverWorks } from './server.ts';
import { deliver, lanes, type Transport } from './transport.ts';
import { plainWords, type Trouble, troubleOf } from './trouble.ts';

/** What sending works with: both roles' databases, the configuration, and the secrets that make links. */
export type Works = Base & { db: Db; owner: Db; log: Log };

/** How a run is told to end: `wished` after the letters that are under way, `forced` in the middle of them. */
export type Stop = { wished: AbortSignal; forced: AbortSignal };

/**
 * Sends every letter that is due, each under a lease of a minute. Killed at any moment it loses none, and what may have left without
 * being marked leaves once more with the same Message-ID. Any number of processes may do it at once. Without transport outgoing mail
 * is off: letters wait.
 */
export async function sendLetters(works: Works, transport: Transport | null, stop: Stop): Promise<void> {
  await dropCopiedLetters(works.owner);
  await failStale(works.db);
  if (!transport) return;
  const run: Run = { transport, stop, isDown: false };
  // One alone shows whether the server is there.
  if (await sendNext(works, run)) await inLanes(() => sendSome(works, run));
}

/** Does the same several times at once, and waits for all of them whatever becomes of one. */
async function inLanes(work: () => Promise<void>): Promise<void> {
  const ends = await Promise.allSettled(Array.from({ length: lanes }, work));
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
}

type Run = { transport: Transport; stop: Stop; isDown: boolean };

async function sendSome(works: Works, run: Run): Promise<void> {
  while (await sendNext(works, run));
}

/** True when there may be more. */
async function sendNext(works: Works, run: Run): Promise<boolean> {
  if (run.isDown || run.stop.wished.aborted) return false;
  const letter = await takeLetter(works.db);
  if (!letter) return false;
  await settle(works, run, letter, await sendOne(works, run, letter));
  return !run.isDown;
}

/** What came of a try: the letter left, was of no use any more, or there was trouble. */
type End = Trouble | { kind: 'sent' | 'dropped' | 'stopped'; words: string };

async function sendOne(works: Works, run: Run, letter: Letter): Promise<End> {
  try {
    const contents = await readContents(works.db, letter);
    if (typeof contents === 'string') return { kind: 'dropped', words: contents };
    return await hand(works, run, contents);
  } catch (error) {
    works.log.error({ err: error, letterId: letter.id }, 'a letter could not be written');
    return { kind: 'ours', words: 'It could not be written; the log says why.' };
  }
}

async function hand(works: Works, { transport, stop }: Run, contents: Contents): Promise<End> {
  const message = messageOf(works, contents);
  const withoutToken = (words: string) =>
    contents.link ? words.replaceAll(tokenOf(works.secrets[0], contents.link), '…') : words; // Some servers quote what they refuse.
  try {
    return { kind: 'sent', words: withoutToken(plainWords(await deliver(transport, message, { signal: stop.forced }))) };
  } catch (error) {
    if (stop.forced.aborted) return { kind: 'stopped', words: '' };
    const { kind, words } = troubleOf(error);
    return { kind, words: withoutToken(words) };
  }
}

async function settle({ db }: Works, run: Run, letter: Letter, { kind, words }: End): Promise<void> {
  if (kind === 'sent' || kind === 'refused' || kind === 'later') await serverWorks(db);
  if (kind === 'sent') return untilDone(() => markSent(db, letter, words));
  if (kind === 'dropped') return dropLetter(db, letter, words);
  if (kind === 'refused') return markFailed(db, letter, words);
  if (kind === 'stopped') return giveBack(db, letter, letter.serverWords);
  if (kind === 'down' || kind === 'lost') await endRun(db, run, words);
  if (kind === 'down') return giveBack(db, letter, words);
  await tryLater(db, letter, words);
}

/** One try is enough to know that the server is down: the others wait. */
async function endRun(db: Db, run: Run, words: string): Promise<void> {
  if (run.isDown) return;
  run.isDown = true;
  await leaveServerAlone(db, words);
}

/** The letter has left: a database that is gone for a moment must not let it leave twice. */
async function untilDone(work: () => Promise<void>, tries = 10): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (tries === 1) throw error;
    await pause(1_000);
    await untilDone(work, tries - 1);
  }
}
