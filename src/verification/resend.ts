import type { Actor, Author } from '../access/actor.ts';
import { assertCan } from '../access/can.ts';
import { stateNames } from '../access/standing.ts';
import type { Db, Trx } from '../ground/database.ts';
import { Refused } from '../ground/errors.ts';
import { record } from '../history/record.ts';
import type { Found } from '../links/links.ts';
import { readSettings } from '../settings/settings.ts';
import { assertLive, holdUser, holdUsers, isVerified, type User } from '../users/user.ts';
import { sendVerification, statesToVerify } from '../users/verifylink.ts';
import { limitMails } from './limits.ts';
import { authorOf, canBeHadAnew, type Presser, readUpon } from './upon.ts';

/**
 * Sends a user the mail with the link anew, for an administrator; the older link works no more. Throws Refused when the address is
 * verified or the account not active yet, TryLater when the address has got three within an hour.
 */
export async function resendVerification(db: Db, by: Actor, username: string): Promise<User> {
  return db.transaction(async (trx) => {
    const user = await holdUser(trx, username);
    assertResendable(by, user);
    await send(trx, by, user);
    return user;
  });
}

/** Throws as `resendVerification` would for this user. */
export function assertResendable(by: Actor, user: User): void {
  assertCan(by, 'resend verification', user);
  assertLive(user);
  if (isVerified(user)) throw new Refused(`The address of ${user.name} is verified already.`);
  if (!statesToVerify.includes(user.state))
    throw new Refused(`${user.name} is ${stateNames[user.state]}: the link that activates the account verifies the address too.`);
}

/** The same for oneself. Throws Refused when one's address is verified or no mail can be sent. */
export async function resendOwnVerification(db: Db, by: Actor): Promise<User> {
  assertCan(by, 'verify own address');
  return db.transaction(async (trx) => {
    const user = await holdUser(trx, by.username);
    if (isVerified(user)) throw new Refused('Your address is verified already.');
    await assertMailIsOn(trx);
    await send(trx, by, user);
    return user;
  });
}

/** Sends the holder of a link that is over a new one, to the same address. Throws Refused when it is of no use any more. */
export async function sendAnew(db: Db, by: Presser, found: Found): Promise<void> {
  await db.transaction(async (trx) => {
    await holdUsers(trx, [found.link.userId as number]);
    const upon = await readUpon(trx, found);
    if (!upon.user || !canBeHadAnew(upon)) throw new Refused('This link is of no use any more.');
    await assertMailIsOn(trx);
    await send(trx, authorOf(by, upon.user), upon.user);
  });
}

/** Without a mail server nothing that users ask for themselves would reach them. */
async function assertMailIsOn(trx: Trx): Promise<void> {
  if ((await readSettings(trx)).outgoingMail) return;
  throw new Refused('Outgoing mail is off, so no mail can be sent. An administrator can verify the address.');
}

async function send(trx: Trx, by: Author, user: User): Promise<void> {
  await limitMails(trx, 'verification', user.email);
  await sendVerification(trx, by, user);
  await record(trx, by, 'user.verification-sent', user);
}
