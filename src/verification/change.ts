import type { Actor } from '../access/actor.ts';
import { assertCan } from '../access/can.ts';
import type { Db, Trx } from '../ground/database.ts';
import { Invalid, Refused } from '../ground/errors.ts';
import { record } from '../history/record.ts';
import { issueLink, linkOfUserOrNull, voidLinks } from '../links/links.ts';
import { enqueueLetters, type NewLetter } from '../mail/letters.ts';
import { readSettings } from '../settings/settings.ts';
import { holderOf } from '../users/taken.ts';
import { holdUser, isVerified, type User } from '../users/user.ts';
import { limitChanges, limitMails } from './limits.ts';

/** An address that waits to be verified before it takes the place of the present one. */
export type PendingChange = { email: string; expiresAt: Date; isExpired: boolean };

/** The change of address that a user has asked for, or null. */
export async function pendingChangeOf(db: Db, userId: number): Promise<PendingChange | null> {
  const found = await linkOfUserOrNull(db, userId, 'email-change');
  if (!found || !['open', 'expired'].includes(found.state)) return null;
  const { email, expiresAt } = found.link;
  return { email, expiresAt, isExpired: found.state === 'expired' };
}

/** Throws Invalid while outgoing mail is off: nothing could verify a new address. */
export async function assertAddressesChange(db: Db): Promise<void> {
  if ((await readSettings(db)).outgoingMail) return;
  throw new Invalid({ email: 'Outgoing mail is off, so only an administrator can change this address.' });
}

/**
 * Asks for another address for oneself: it gets a link, the present one a notice, and nothing changes until the link is used.
 * What was asked for before is replaced. Whether somebody else has the address is told to that somebody alone. Throws Invalid while
 * outgoing mail is off, TryLater after too many. The user must be held by the transaction.
 */
export async function askEmailChange(trx: Trx, by: Actor, user: User, email: string): Promise<void> {
  assertCan(by, 'change own profile');
  await assertAddressesChange(trx);
  await limitChanges(trx, user.id);
  const asked = await offerTo(trx, user, email);
  const notice = { kind: 'email-change-asked', user, data: { username: user.username, email } } as const;
  // To an address that was never verified nothing is told: it may be a stranger's.
  await enqueueLetters(trx, isVerified(user) ? [asked, notice] : [asked]);
  await record(trx, by, 'account.email-change-asked', user, { facts: { email } });
}

/** Sends the link anew, to the address that waits; the older one works no more. Throws Refused when none waits. */
export async function resendEmailChange(db: Db, by: Actor): Promise<string> {
  return db.transaction(async (trx) => {
    const { user, pending } = await holdPending(trx, by);
    await assertAddressesChange(trx);
    await limitChanges(trx, user.id);
    await enqueueLetters(trx, [await offerTo(trx, user, pending.email)]);
    await record(trx, by, 'account.email-change-asked', user, { facts: { email: pending.email } });
    return pending.email;
  });
}

/** Takes back what was asked for: the link works no more. Throws Refused when nothing waits. */
export async function cancelEmailChange(db: Db, by: Actor): Promise<void> {
  await db.transaction(async (trx) => {
    const { user, pending } = await holdPending(trx, by);
    await voidLinks(trx, [user.id], ['email-change']);
    await record(trx, by, 'account.email-change-cancelled', user, { facts: { email: pending.email } });
  });
}

async function holdPending(trx: Trx, by: Actor): Promise<{ user: User; pending: PendingChange }> {
  assertCan(by, 'change own profile');
  const user = await holdUser(trx, by.username);
  const pending = await pendingChangeOf(trx, user.id);
  if (!pending) throw new Refused('No change of address is waiting. It has been made, taken back or replaced.');
  return { user, pending };
}

/** The link is issued in either case, so that the page tells nothing; whoever has the address already is sent no link. */
async function offerTo(trx: Trx, user: User, email: string): Promise<NewLetter> {
  await limitMails(trx, 'email-change', email);
  const holder = await holderOf(trx, email, user.id);
  const link = await issueLink(trx, 'email-change', { userId: user.id, email });
  if (holder) return { kind: 'email-change-taken', user: holder, data: { username: holder.username } };
  return { kind: 'email-change', user, address: email, link, data: { username: user.username } };
}
