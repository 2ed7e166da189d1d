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

/** Whether an address may be written to once more; who asks is not told, or it would tell what became of the times before. */
export const mayWriteTo = async (db: Db, email: string): Promise<boolean> =>
  (await countAttempt(db, mailKey('registration', email), 60)) <= perAddress;
