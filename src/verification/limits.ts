import type { Trx } from '../ground/database.ts';
import { TryLater } from '../ground/errors.ts';
import { countAttempt, mailKey } from '../users/attempts.ts';

const hour = { minutes: 60, seconds: 3600 };

/** Mails of one kind that an address gets in an hour, whoever asks for them. */
const mailsPerAddress = 3;

/** Changes of address that one account may ask for in an hour: each writes to somebody. */
const changesPerAccount = 10;

/** Counts one more mail of this kind to an address; throws TryLater when it has got as many as it may. */
export async function limitMails(trx: Trx, kind: string, email: string): Promise<void> {
  if ((await countAttempt(trx, mailKey(kind, email), hour.minutes)) <= mailsPerAddress) return;
  throw new TryLater(
    `${mailsPerAddress} such mails an hour go to one address, and ${email} has got them. Look among what was taken for spam, or try again in an hour.`,
    { status: 429, seconds: hour.seconds },
  );
}

/** Counts one more change of address that an account asks for; throws TryLater when it has asked for too many. */
export async function limitChanges(trx: Trx, userId: number): Promise<void> {
  if ((await countAttempt(trx, `email-change of account ${userId}`, hour.minutes)) <= changesPerAccount) return;
  throw new TryLater('You have asked for many addresses within an hour. Try again later.', {
    status: 429,
    seconds: hour.seconds,
  });
}
