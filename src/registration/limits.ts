import type { Db } from '../ground/database.ts';
import { countAttempt, fromNetworkKey, limitAttempts, mailKey } from '../users/attempts.ts';

/** Registrations in an hour, over all addresses from one network, and over all networks for one address. */
const perNetwork = 20;
const perAddress = 3;

/** Throws TryLater when a network (a /24, or a /64) has registered too often. */
export const limitNetwork = (db: Db, address: string): Promise<void> =>
  limitAttempts(db, fromNetworkKey('registration', address), {
    most: perNetwork,
    minutes: 60,
    says: 'Your network has registered very often.',
  });

/** Usernames that a network tries in an hour: more is no choosing, but finding out who has an account. */
const namesPerNetwork = 100;

/** Called before a username is looked up: throws TryLater when a network has tried too many, the free and the taken alike. */
export const limitNames = (db: Db, address: string): Promise<void> =>
  limitAttempts(db, fromNetworkKey('names', address), {
    most: namesPerNetwork,
    minutes: 60,
    says: 'Your network has tried very many usernames.',
  });

/** Whether an address may be written to once more; who asks is not told, or it would tell what became of the times before. */
export const mayWriteTo = async (db: Db, email: string): Promise<boolean> =>
  (await countAttempt(db, mailKey('registration', email), 60)) <= perAddress;
