import type { Author } from '../access/actor.ts';
import type { Db } from '../ground/database.ts';
import type { Found, Purpose } from '../links/links.ts';
import { isVerified, type User, userColumns } from '../users/user.ts';

/** The links by which an address is verified: the one that an account has, or the one that it asks for. */
export const verifyingPurposes = ['verification', 'email-change'] as const satisfies Purpose[];

/**
 * How such a link stands to its account as it is now: it can be used; what it was for is so already; or it is over, replaced,
 * taken back, used, expired, or for an address that the account has no more.
 */
export type Stand = 'open' | 'done' | 'over';

/** A link with the account that it belongs to; null when that is deleted. */
export type Upon = Found & { user: User | null; stand: Stand };

/** Finds the account of a link. Changes nothing. */
export async function readUpon(db: Db, found: Found): Promise<Upon> {
  const user: User | undefined = await db('users').where({ id: found.link.userId, deletedAt: null }).first(userColumns(db));
  return { ...found, user: user ?? null, stand: standOf(found, user ?? null) };
}

function standOf({ link, state }: Found, user: User | null): Stand {
  if (!user) return 'over';
  const isItsAddress = user.email === link.email;
  if (isItsAddress && isVerified(user)) return 'done';
  return state === 'open' && (isItsAddress || link.purpose === 'email-change') ? 'open' : 'over';
}

/** Whether a link that is over can be had anew: its address is still the account’s, and waits to be verified. */
export const canBeHadAnew = ({ link, user }: Upon): boolean =>
  link.purpose === 'verification' && user !== null && user.email === link.email && !isVerified(user);

/** Who presses the button: somebody who is signed in, or whoever has the link and nothing else. */
export type Presser = { actor: Author | null; address: string; requestId: string | null };

/** Whoever has the link reads the mail of the account, and counts as its user. */
export const authorOf = ({ actor, address, requestId }: Presser, { id, username }: User): Author =>
  actor ?? { id, username, sessionId: null, requestId, address };
