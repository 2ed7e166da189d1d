import type { Doer } from '../access/actor.ts';
import { assertCan } from '../access/can.ts';
import type { Db } from '../ground/database.ts';
import { record } from '../history/record.ts';
import { readSettings } from '../settings/settings.ts';
import { accountKey, clearAttempts, forgetAttempts } from '../users/attempts.ts';
import { assertLive, holdUser, type User } from '../users/user.ts';
import { triesPerNetwork } from './tries.ts';

/** A counter of tries that is used up: whoever it counts waits until its window ends. */
export type Wait = { key: string; endsAt: Date; minutes: number };

export type Waits = {
  /** For every browser that has not signed in to the account before. */
  account: Wait | null;
  /** For browsers that have: each has a counter of its own. */
  browsers: Wait[];
  networks: (Wait & { network: string; isSeen: boolean })[];
};

/** Beyond this many networks that wait at once there is an attack, and nobody reads them all. */
const mostNetworks = 5;

/** Who has to wait before the next try to sign in as this user. Of networks these `seen` come first, then others that wait. */
export async function readWaits(db: Db, user: Pick<User, 'id'>, seen: string[]): Promise<Waits> {
  const { lockFailures } = await readSettings(db);
  const own = accountKey(user.id);
  const account: Wait | undefined = await usedUp(db, lockFailures).where({ key: own }).first();
  const browsers: Wait[] = await usedUp(db, lockFailures).where('key', 'like', `${own} browser %`);
  const networks: Wait[] = await usedUp(db, triesPerNetwork)
    .where('key', 'like', `${networkPrefix}%`)
    .orderByRaw('key = any(?) desc, window_ends_at', [seen.map((network) => networkPrefix + network)])
    .limit(mostNetworks);
  const named = networks.map((wait) => nameNetwork(wait, seen));
  return { account: account ?? null, browsers, networks: named };
}

/** The counters at which every try has been taken: the next is beyond them, see `takeTry`. */
const usedUp = (db: Db, most: number) =>
  db('attempts')
    .where('count', '>=', most)
    .whereRaw('window_ends_at > now()')
    .select('key', 'windowEndsAt as endsAt', db.raw('ceil(extract(epoch from window_ends_at - now()) / 60)::int as minutes'));

const networkPrefix = 'network ';

function nameNetwork(wait: Wait, seen: string[]): Waits['networks'][number] {
  const network = wait.key.slice(networkPrefix.length);
  return { ...wait, network, isSeen: seen.includes(network) };
}

/**
 * Forgets the failed tries that make a user wait, from whatever browser; with `network` instead those of everybody who sits there.
 * A lock stays: that is lifted by unlocking. Where there is nothing to forget, nothing happens. Throws NotFound upon the deleted.
 */
export async function clearTries(db: Db, by: Doer, username: string, network = ''): Promise<User> {
  return db.transaction(async (trx) => {
    assertCan(by, 'clear tries');
    const user = await holdUser(trx, username);
    assertLive(user);
    const cleared = network ? await forgetAttempts(trx, networkPrefix + network) : await clearAttempts(trx, user.id);
    if (cleared) await record(trx, by, 'user.tries-cleared', user, network ? { facts: { network } } : {});
    return user;
  });
}
