import { setTimeout } from 'node:timers/promises';
import type { Db, Trx } from '../ground/database.ts';
import { snake } from '../ground/names.ts';
import type { LetterKind } from '../mail/catalogue.ts';
import { enqueueLetters } from '../mail/letters.ts';
import { readSettings } from '../settings/settings.ts';
import { dayWords } from './days.ts';

/** A letter that goes out once for each day of expiry: which expiries it is for, and where it is noted for which it was sent. */
type Reminder = { kind: LetterKind; expires: string; notedIn: 'expiryRemindedFor' | 'expiryToldFor' };

/** The word that an account has ended is news for a week; whoever was taken in long after it gets none. */
const reminders: readonly Reminder[] = [
  { kind: 'expires-soon', expires: `between now() and now() + interval '7 days'`, notedIn: 'expiryRemindedFor' },
  { kind: 'expired', expires: `between now() - interval '7 days' and now()`, notedIn: 'expiryToldFor' },
];

/** As dormancy.ts does it, and for the same reasons. */
const chunkUsers = 300;
const breathMs = 5;

/**
 * Writes to users whose day of expiry is near, and to those for whom it is over; once for each day, and again when they get another.
 * May run as often and in as many processes as you like. While outgoing mail is off nobody is passed over: it waits.
 */
export async function remindOfExpiry(db: Db): Promise<void> {
  if (!(await readSettings(db)).outgoingMail) return;
  for (const reminder of reminders) {
    while ((await db.transaction((trx) => writeSome(trx, reminder))) === chunkUsers) await setTimeout(breathMs);
  }
}

/** One chunk, along the index of those who have not been written to: `users_to_remind` or `users_to_tell`. */
async function writeSome(trx: Trx, { kind, expires, notedIn }: Reminder): Promise<number> {
  const { rows } = await trx.raw(
    `update users set ${snake(notedIn)} = users.expires_at from (
       select id from users where expires_at ${expires} and expires_at is not null and ${snake(notedIn)} is distinct from expires_at
         and state in ('STATE_APPROVED', 'STATE_FLAGGED') and deleted_at is null
       order by expires_at limit ? for update skip locked) due
     where users.id = due.id returning users.id, users.email, users.expires_at`,
    [chunkUsers],
  );
  const users: { id: number; email: string; expiresAt: Date }[] = rows;
  await enqueueLetters(
    trx,
    users.map(({ expiresAt, ...user }) => ({ kind, user, data: { on: dayWords(expiresAt) } })),
  );
  return users.length;
}
