import type { Db, Trx } from '../ground/database.ts';
import { readSettings } from '../settings/settings.ts';
import {
  accountKey,
  browserKey,
  clearAttempts,
  countAttempt,
  forgiveAttempt,
  limitAttempts,
  networkKey,
  nobodyKey,
} from '../users/attempts.ts';
import { knowsBrowser, rememberBrowser } from '../users/browsers.ts';
import type { User } from '../users/user.ts';
import { conditions } from './conditions.ts';

/** Tries from one network (a /24, or a /64) in an hour, over all accounts. */
export const triesPerNetwork = 100;

/** Throws TryLater when a network has used up its tries. */
export async function limitNetwork(db: Db, address: string): Promise<void> {
  const says = 'Too many tries to sign in from your network.';
  await limitAttempts(db, networkKey(address), { most: triesPerNetwork, minutes: 60, says });
}

export type Try = {
  /** Whether a right password would count. */
  isOpen: boolean;
  /** Whether it is worth a row in the history: what comes after the last open try would only fill it. */
  isCounted: boolean;
  /** Whether its failure locks the account. */
  isLast: boolean;
  /** Whether this browser has signed in to this account before: then it has tries of its own, whoever locked the account. */
  isKnown: boolean;
};

/** Takes one of the tries that this account (or, for a browser it knows, this browser) has in its window. */
export async function takeTry(db: Db, user: User | undefined, identifier: string, browser: string): Promise<Try> {
  const { lockFailures, lockMinutes } = await readSettings(db);
  const isKnown = await knowsBrowser(db, user?.id ?? 0, browser);
  const count = await countAttempt(db, keyOf(user, identifier, isKnown ? browser : null), lockMinutes);
  const isCounted = count <= lockFailures;
  const isOpen = isCounted && user !== undefined && conditions.lock(user, isKnown) !== 'none';
  return { isOpen, isCounted, isLast: count >= lockFailures && !isKnown, isKnown };
}

/** Everybody has its counter by what it is, not by how it was typed; what is nobody has one too, so that both end alike. */
function keyOf(user: User | undefined, identifier: string, browser: string | null): string {
  if (!user) return nobodyKey(identifier.trim().toLowerCase());
  return browser ? browserKey(user.id, browser) : accountKey(user.id);
}

/** The password was right: the tries before this one are forgiven, and from here on this browser has a counter of its own. */
export async function forgiveTries(
  trx: Trx,
  userId: number,
  { browser, ...from }: { browser: string; address: string; agent: string },
): Promise<void> {
  await clearAttempts(trx, userId);
  await forgiveAttempt(trx, networkKey(from.address));
  await rememberBrowser(trx, userId, { token: browser, ...from });
}

/** The password was right but is not all that is asked: its try is taken back, those before it still count. */
export async function takeBackTry(
  trx: Trx,
  user: User,
  { browser, address, isKnown }: { browser: string; address: string; isKnown: boolean },
): Promise<void> {
  await forgiveAttempt(trx, keyOf(user, '', isKnown ? browser : null));
  await forgiveAttempt(trx, networkKey(address));
}
