import type { Db, Trx } from '../ground/database.ts';
import { Refused } from '../ground/errors.ts';
import { type Found, type Link, useLink } from '../links/links.ts';
import { holdUsers, type User, userColumns } from '../users/user.ts';

/** A link that somebody holds in hand, with the user to whom it was given. */
export type InHand = { found: Found; user: User };

/** The links of this room, and in which states of their users they open anything. */
const opensIn = {
  activation: ({ state }: User) => state === 'STATE_INVITED',
  reset: ({ state }: User) => state !== 'STATE_INVITED' && state !== 'STATE_INACTIVE',
};

export type Opening = keyof typeof opensIn;

/** It was given to an address: whoever has that one no longer cannot use it, nor can anybody whose account has changed since. */
function fits(link: Link, user: User): boolean {
  const opens = opensIn[link.purpose as Opening];
  return opens(user) && user.email === link.email && user.deletedAt === null && user.identitySource === 'local';
}

/** A found link with its user, as it is now. One that does not fit the user any more counts as taken back. */
export async function withUser(db: Db, found: Found): Promise<InHand> {
  const user: User = await db('users').where({ id: found.link.userId }).first(userColumns(db));
  const isStray = found.state === 'open' && !fits(found.link, user);
  return { user, found: isStray ? { ...found, state: 'void' } : found };
}

/** Holds the user of a link and uses the link up: of several at once one succeeds, the others get Refused. */
export async function holdByLink(trx: Trx, link: Link): Promise<User> {
  const [user] = await holdUsers(trx, [Number(link.userId)]);
  if (!user || !fits(link, user)) throw new Refused('This link works no more: the account has changed since it was sent.');
  await useLink(trx, link);
  return user;
}
