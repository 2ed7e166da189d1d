import { randomUUID } from 'node:crypto';
import type { Actor } from '../access/actor.ts';
import { assertCan } from '../access/can.ts';
import { Invalid, TryLater } from '../ground/errors.ts';
import { record } from '../history/record.ts';
import { messageOf } from './compose.ts';
import type { Works } from './send.ts';
import { serverWorks } from './server.ts';
import { deliver, openTransport } from './transport.ts';
import { plainWords, troubleOf } from './trouble.ts';
import { testLetter } from './words/test.ts';

/** As long as somebody waits before a page. */
const longestMs = 10_000;
const mostInAnHour = 20;

/**
 * Sends a test mail at once and says what the server answered. Throws Invalid with the server's words, or how mail is turned on;
 * TryLater after twenty within an hour. That it was tried is recorded. When it leaves, what has waited for the server leaves too.
 */
export async function sendTestMail(works: Works, by: Actor, address: string): Promise<string> {
  assertCan(by, 'change settings');
  const { smtpUrl } = works.config;
  if (!smtpUrl)
    throw new Invalid({
      address: 'Outgoing mail is off. Set SMTP_URL, such as smtp://user:password@mail.example.com:587, and start again.',
    });
  await assertNotTooOften(works, by);
  const answer = await hand(works, smtpUrl, { address, name: by.name });
  await works.db.transaction((trx) =>
    record(trx, by, 'mail.tested', by, { outcome: answer.isTaken ? 'done' : 'failed', facts: { answer: answer.words } }),
  );
  if (!answer.isTaken) throw new Invalid({ address: `The mail server did not take it: ${answer.words}` });
  await serverWorks(works.db);
  return answer.words;
}

async function assertNotTooOften({ db }: Works, by: Actor): Promise<void> {
  const tested = await db('history')
    .where({ actorId: by.id, act: 'mail.tested' })
    .whereRaw(`at > now() - interval '1 hour'`)
    .orderBy('id', 'desc')
    .limit(mostInAnHour)
    .pluck('id');
  if (tested.length < mostInAnHour) return;
  throw new TryLater(`${mostInAnHour} test mails an hour are enough. Try again later.`, { status: 429, seconds: 600 });
}

async function hand(works: Works, smtpUrl: string, { address, name }: { address: string; name: string }) {
  const contents = { template: testLetter, data: {}, address, name, messageId: randomUUID(), timeZone: 'UTC', link: null };
  const transport = openTransport(smtpUrl);
  try {
    const words = await deliver(transport, messageOf(works, contents), { withinMs: longestMs });
    return { isTaken: true, words: plainWords(words) };
  } catch (error) {
    const { kind, words } = troubleOf(error);
    const isSilent = kind === 'lost' && (error as { code?: string }).code === 'EABORT';
    return { isTaken: false, words: isSilent ? `no answer within ${longestMs / 1000} seconds.` : words };
  } finally {
    transport.close({ force: true });
  }
}
