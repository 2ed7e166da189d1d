import type { Trx } from '../ground/database.ts';
import { limitAttempts, mailKey, ofAccountKey } from '../users/attempts.ts';

/** Mails of one kind that an address gets in an hour, whoever asks for them. */
const mailsPerAddress = 3;

/** Changes of address that one account may ask for in an hour: each writes to somebody. */
const changesPerAccount = 10;

/** Counts one more mail of this kind to an address; throws TryLater when it has got as many as it may. */
export const limitMails = (trx: Trx, kind: string, email: string): Promise<void> =>
  limitAttempts(trx, mailKey(kind, email), {
    most: mailsPerAddress,
    minutes: 60,
    says: `${mailsPerAddress} such mails an hour go to one address, and ${email} has got them. Look in your spam folder.`,
  });

/** Counts one more change of address that an account asks for; throws TryLater when it has asked for too many. */
export const limitChanges = (trx: Trx, userId: number): Promise<void> =>
  limitAttempts(trx, ofAccountKey('email-change', userId), {
    most: changesPerAccount,
    minutes: 60,
    says: 'You have asked for many addresses within an hour.',
  });
